import { useEffect, useState, type ReactNode } from 'react'

import { ComposePanel } from '@/ui/compose/ComposePanel'
import { ComposePrompt } from '@/ui/compose/ComposePrompt'
import { ComposeView } from '@/ui/compose/ComposeView'
import { ReferencesPanel } from '@/ui/compose/ReferencesPanel'
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
  const composing = useDocument((state) => state.document.mode === 'compose')
  const hasReferences = useDocument((state) => state.document.references.length > 0)
  const [dragging, setDragging] = useState(false)
  useEffect(() => bindShortcuts(studio), [studio])
  useFileDrop(setDragging)

  return (
    <div className="studio">
      <TopBar />
      <aside className="panel left" aria-label={composing ? 'Mode and references' : 'Mode and layers'}>
        <ModeSwitcher />
        {composing ? <ReferencesPanel /> : <LayersPanel />}
      </aside>
      <main className="centre">
        {composing ? (
          <ComposeView dragging={dragging} />
        ) : empty ? (
          <div className="canvas-area">
            <StartScreen over={dragging} />
          </div>
        ) : (
          <CanvasArea />
        )}
        {dragging && (composing ? hasReferences : !empty) && (
          <DropOverlay onDone={() => setDragging(false)} />
        )}
        <ResultsStrip />
      </main>
      <aside className="panel right" aria-label="Prompt and settings">
        <div className="scroll">
          {composing ? (
            <>
              <ComposePrompt />
              <ComposePanel />
            </>
          ) : (
            <>
              <PromptField />
              <PlacementPanel />
              <SettingsPanel />
            </>
          )}
        </div>
        <FuseBar />
      </aside>
      <Dialogs />
      <Toasts />
      <LiveRegion />
    </div>
  )
}
