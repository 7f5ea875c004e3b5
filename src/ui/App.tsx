import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { isBlank } from '@/document/naming'
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
import { say, sayText } from '@/words/say'

const StartDocuments = lazy(async () => ({
  default: (await import('@/ui/start/StartDocuments')).StartDocuments,
}))
const Tour = lazy(async () => ({ default: (await import('@/ui/tour/Tour')).Tour }))

/** The whole studio. */
export function App(): ReactNode {
  const studio = useStudio()
  const { Left, Centre, Right, leftTitle } = useDocument((state) => pageModeOf(state.document))
  const blank = useDocument((state) => isBlank(state.document))
  // The list of documents is one at a time.
  const listed = useStore(studio.dialogs, ({ dialog }) => dialog?.kind === 'documents')
  const touring = useStore(studio.tour, ({ step }) => step !== null)
  const choosing = useDocument((state) => pageModeOf(state.document).choosesTarget(state.document))
  const [dragging, setDragging] = useState(false)
  const [opened, setOpened] = useState<PanelName | null>(null)
  useEffect(() => bindShortcuts(studio, EVERY_SHORTCUT), [studio])
  useFileDrop(setDragging)

  return (
    <div className="studio" data-opened={opened ?? undefined}>
      <TopBar />
      <LimitsBanner />
      <aside
        className="panel left"
        id="panel-left"
        aria-label={sayText(`Mode and ${leftTitle.toLowerCase()}`)}
      >
        <ModeSwitcher />
        <Left />
      </aside>
      <main className="centre">
        <Centre
          dragging={dragging}
          more={
            blank &&
            !listed && (
              <Suspense>
                <StartDocuments />
              </Suspense>
            )
          }
        />
        {dragging && choosing && <DropOverlay onDone={() => setDragging(false)} />}
        <ResultsStrip />
      </main>
      <PanelTabs leftTitle={sayText(leftTitle)} opened={opened} onOpen={setOpened} />
      <aside className="panel right" aria-label={say('Prompt and settings')}>
        <div className="scroll" id="panel-right">
          <Right />
        </div>
        <FuseBar />
      </aside>
      <Dialogs />
      {touring && (
        <Suspense>
          <Tour />
        </Suspense>
      )}
      <Toasts />
      <LiveRegion />
    </div>
  )
}
