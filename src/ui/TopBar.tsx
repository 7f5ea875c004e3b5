import {
  Check,
  CloudAlert,
  Download,
  FilePlus2,
  FolderOpen,
  Keyboard,
  LoaderCircle,
  Redo2,
  Undo2,
} from 'lucide-react'
import type { ReactNode } from 'react'

import { ZoomBar } from '@/ui/canvas/ZoomBar'
import { IconButton } from '@/ui/controls/IconButton'
import { Logo } from '@/ui/controls/Logo'
import { MOD } from '@/ui/platform'
import { isLocked } from '@/ui/stores/run'
import { useDocument, useRun, useShelf, useStudio } from '@/ui/studio'

/** New, open, undo, redo, download, help; and whether everything is saved. */
export function TopBar(): ReactNode {
  const { actions, document, dialogs } = useStudio()
  const { canUndo, canRedo } = useDocument((state) => state)
  const undoLabel = useDocument((state) => state.undoLabel)
  const redoLabel = useDocument((state) => state.redoLabel)
  const hasBackground = useDocument((state) => state.document.background !== null)
  const locked = useRun(isLocked)
  return (
    <header className="top-bar">
      <h1 className="brand">
        <Logo /> Inlay
      </h1>
      <IconButton
        icon={FilePlus2}
        label="New"
        disabled={!hasBackground || locked}
        onClick={actions.newDocument}
      />
      <IconButton
        icon={FolderOpen}
        label="Open background"
        shortcut="O"
        disabled={locked}
        testId={hasBackground ? 'open-background' : undefined}
        onClick={actions.openBackground}
      />
      <span className="divider" />
      <IconButton
        icon={Undo2}
        label={undoLabel ? `Undo: ${undoLabel}` : 'Undo'}
        shortcut={`${MOD}+Z`}
        disabled={!canUndo || locked}
        testId="undo"
        onClick={document.actions.undo}
      />
      <IconButton
        icon={Redo2}
        label={redoLabel ? `Redo: ${redoLabel}` : 'Redo'}
        shortcut={`${MOD}+Shift+Z`}
        disabled={!canRedo || locked}
        testId="redo"
        onClick={document.actions.redo}
      />
      <span className="spacer" />
      <ZoomBar />
      <span className="spacer" />
      {hasBackground && <SaveNote />}
      <button
        type="button"
        className="button"
        disabled={!hasBackground}
        data-testid="download"
        title={`Download PNG (${MOD}+S)`}
        onClick={() => void actions.download()}
      >
        <Download aria-hidden="true" /> Download
      </button>
      <IconButton
        icon={Keyboard}
        label="Keyboard shortcuts"
        shortcut="?"
        onClick={() => dialogs.setState({ dialog: { kind: 'shortcuts' } })}
      />
    </header>
  )
}

function SaveNote(): ReactNode {
  const save = useShelf((state) => state.save)
  return (
    <span className="saved">
      {save === 'saved' && (
        <>
          <Check aria-hidden="true" /> <span>Saved on this device</span>
        </>
      )}
      {save === 'pending' && (
        <>
          <LoaderCircle aria-hidden="true" /> <span>Saving …</span>
        </>
      )}
      {save === 'failed' && (
        <>
          <CloudAlert aria-hidden="true" /> <span>Not saved</span>
        </>
      )}
    </span>
  )
}
