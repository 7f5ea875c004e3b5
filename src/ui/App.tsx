import { useEffect, useState, type ReactNode } from 'react'

import { DropOverlay } from '@/ui/canvas/DropOverlay'
import { Dialogs } from '@/ui/dialogs/Dialogs'
import { LimitsBanner } from '@/ui/LimitsBanner'
import { LiveRegion } from '@/ui/LiveRegion'
import { FuseBar } from '@/ui/panels/FuseBar'
import { ModeSwitcher } from '@/ui/panels/ModeSwitcher'
import { PanelTabs, type PanelName } from '@/ui/panels/PanelTabs'
import { ResultsStrip } from '@/ui/panels/ResultsStrip'
import { EVERY_SHORTCUT } from '@/ui/everyShortcut'
import { pageModeOf } from '@/ui/modes'
import { bindShortcuts } from '@/ui/shortcuts'
import { useDocument, useStudio } from '@/ui/studio'
import { Toasts } from '@/ui/Toasts'
import { TopBar } from '@/ui/TopBar'
import { useFileDrop } from '@/ui/useFileDrop'

/** The whole studio. */
export function App(): ReactNode {
  const studio = useStudio()
  const { Left, Centre, Right, leftTitle } = useDocument((state) => pageModeOf(state.document))
  const choosing = useDocument((state) => pageModeOf(state.document).choosesTarget(state.document))
  const [dragging, setDragging] = useState(false)
  const [opened, setOpened] = useState<PanelName | null>(null)
  useEffect(() => bindShortcuts(studio, EVERY_SHORTCUT), [studio])
  useFileDrop(setDragging)

  return (
    <div className="studio" data-opened={opened ?? undefined}>
      <TopBar />
      <LimitsBanner />
      <aside className="panel left" id="panel-left" aria-label={`Mode and ${leftTitle.toLowerCase()}`}>
        <ModeSwitcher />
        <Left />
      </aside>
      <main className="centre">
        <Centre dragging={dragging} />
        {dragging && choosing && <DropOverlay onDone={() => setDragging(false)} />}
        <ResultsStrip />
      </main>
      <PanelTabs leftTitle={leftTitle} opened={opened} onOpen={setOpened} />
      <aside className="panel right" aria-label="Prompt and settings">
        <div className="scroll" id="panel-right">
          <Right />
        </div>
        <FuseBar />
      </aside>
      <Dialogs />
      <Toasts />
      <LiveRegion />
    </div>
  )
}
