import { useEffect, useState, type ReactNode } from 'react'

import type { Mode } from '@/schema/document'
import { AlignPanel } from '@/ui/align/AlignPanel'
import { AlignView } from '@/ui/align/AlignView'
import { GalleryPanel } from '@/ui/align/GalleryPanel'
import { WordsPanel } from '@/ui/align/WordsPanel'
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

const LEFT_LABELS: Record<Mode, string> = {
  place: 'Mode and layers',
  compose: 'Mode and references',
  align: 'Mode and pictures',
}

/** The whole studio. */
export function App(): ReactNode {
  const studio = useStudio()
  const mode = useDocument((state) => state.document.mode)
  const hasBackground = useDocument((state) => state.document.background !== null)
  const hasReferences = useDocument((state) => state.document.references.length > 0)
  const [dragging, setDragging] = useState(false)
  useEffect(() => bindShortcuts(studio), [studio])
  useFileDrop(setDragging)

  // Where there is nothing yet, the whole middle is the place to drop something.
  const choosing = { place: hasBackground, compose: hasReferences, align: false }[mode]
  return (
    <div className="studio">
      <TopBar />
      <aside className="panel left" aria-label={LEFT_LABELS[mode]}>
        <ModeSwitcher />
        <Left mode={mode} />
      </aside>
      <main className="centre">
        <Centre mode={mode} dragging={dragging} />
        {dragging && choosing && <DropOverlay onDone={() => setDragging(false)} />}
        <ResultsStrip />
      </main>
      <aside className="panel right" aria-label="Prompt and settings">
        <div className="scroll">
          <Right mode={mode} />
        </div>
        <FuseBar />
      </aside>
      <Dialogs />
      <Toasts />
      <LiveRegion />
    </div>
  )
}

/** What a mode works on. */
function Left({ mode }: { mode: Mode }): ReactNode {
  switch (mode) {
    case 'place':
      return <LayersPanel />
    case 'compose':
      return <ReferencesPanel />
    case 'align':
      return <GalleryPanel />
  }
}

function Centre({ mode, dragging }: { mode: Mode; dragging: boolean }): ReactNode {
  const empty = useDocument((state) => state.document.background === null)
  switch (mode) {
    case 'place':
      return empty ? (
        <div className="canvas-area">
          <StartScreen over={dragging} />
        </div>
      ) : (
        <CanvasArea />
      )
    case 'compose':
      return <ComposeView dragging={dragging} />
    case 'align':
      return <AlignView dragging={dragging} />
  }
}

/** The prompt and the settings. */
function Right({ mode }: { mode: Mode }): ReactNode {
  switch (mode) {
    case 'place':
      return (
        <>
          <PromptField />
          <PlacementPanel />
          <SettingsPanel />
        </>
      )
    case 'compose':
      return (
        <>
          <ComposePrompt />
          <ComposePanel />
        </>
      )
    case 'align':
      return (
        <>
          <PromptField />
          <WordsPanel />
          <AlignPanel />
        </>
      )
  }
}
