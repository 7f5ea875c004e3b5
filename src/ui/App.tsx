import { useEffect, useState, type ReactNode } from 'react'

import { CanvasArea } from '@/ui/canvas/CanvasArea'
import { DropOverlay } from '@/ui/canvas/DropOverlay'
import { StartScreen } from '@/ui/canvas/StartScreen'
import { Dialogs } from '@/ui/dialogs/Dialogs'
import { LiveRegion } from '@/ui/LiveRegion'
import { FuseBar } from '@/ui/panels/FuseBar'
import { LayersPanel } from '@/ui/panels/LayersPanel'
import { ModeSwitcher } from '@/ui/panels/ModeSwitcher'
import { PlacementPanel } from '@/ui/panels/PlacementPanel'
import { PromptField } from '@/ui/panels/PromptField'
import { ResultsStrip } from '@/ui/panels/ResultsStrip'
import { SettingsPanel } from '@/ui/panels/SettingsPanel'
import { bindShortcuts } from '@/ui/shortcuts'
import { useDocument, useStudio } from '@/ui/studio'
import { Toasts } from '@/ui/Toasts'
import { TopBar } from '@/ui/TopBar'
import { useFileDrop } from '@/ui/useFileDrop'

/** The whole studio. */
export function App(): ReactNode {
  const studio = useStudio()
  const empty = useDocument((state) => state.document.background === null)
  const [dragging, setDragging] = useState(false)
  useEffect(() => bindShortcuts(studio), [studio])
  useFileDrop(setDragging)

  return (
    <div className="studio">
      <TopBar />
      <aside className="panel left" aria-label="Mode and layers">
        <ModeSwitcher />
        <LayersPanel />
      </aside>
      <main className="centre">
        {empty ? (
          <div className="canvas-area">
            <StartScreen over={dragging} />
          </div>
        ) : (
          <CanvasArea />
        )}
        {dragging && !empty && <DropOverlay onDone={() => setDragging(false)} />}
        <ResultsStrip />
      </main>
      <aside className="panel right" aria-label="Prompt and settings">
        <div className="scroll">
          <PromptField />
          <PlacementPanel />
          <SettingsPanel />
        </div>
        <FuseBar />
      </aside>
      <Dialogs />
      <Toasts />
      <LiveRegion />
    </div>
  )
}
