import {
  Boxes,
  Check,
  CloudAlert,
  Download,
  FilePlus2,
  Files,
  FolderOpen,
  Keyboard,
  LoaderCircle,
  Redo2,
  Save,
  Undo2,
} from 'lucide-react'
import type { ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { isBlank, titleOf } from '@/document/naming'
import { ZoomBar } from '@/ui/canvas/ZoomBar'
import { IconButton } from '@/ui/controls/IconButton'
import { Logo } from '@/ui/controls/Logo'
import { MOD } from '@/ui/platform'
import { isLocked } from '@/ui/stores/run'
import { bytes } from '@/ui/bytes'
import { useDocument, useModels, useRun, useShelf, useStudio } from '@/ui/studio'

/** New, save, open, undo, redo, download, help; and whether everything is saved. */
export function TopBar(): ReactNode {
  const { actions, document, documents, projects, dialogs } = useStudio()
  const { canUndo, canRedo } = useDocument((state) => state)
  const undoLabel = useDocument((state) => state.undoLabel)
  const redoLabel = useDocument((state) => state.redoLabel)
  const hasBackground = useDocument((state) => state.document.background !== null)
  const onCanvas = useDocument((state) => modeOf(state.document).onCanvas)
  const hasContent = useDocument((state) => !isBlank(state.document))
  const made = useRun((state) => state.staged !== null)
  const locked = useRun(isLocked)
  return (
    <header className="top-bar">
      <h1 className="brand">
        <Logo /> <span>Inlay</span>
      </h1>
      <DocumentButton />
      <IconButton
        icon={FilePlus2}
        label="New"
        disabled={!hasContent || locked}
        onClick={() => void documents.startNew()}
      />
      <IconButton
        icon={Save}
        label="Save as project file"
        shortcut="Shift+S"
        disabled={!hasContent}
        testId="project-save"
        onClick={() => void projects.save()}
      />
      <IconButton
        icon={FolderOpen}
        label="Open background"
        shortcut="O"
        disabled={locked || !onCanvas}
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
      {onCanvas && <ZoomBar />}
      <span className="spacer" />
      {hasContent && <SaveNote />}
      <ModelsButton />
      <button
        type="button"
        className="button"
        disabled={onCanvas ? !hasBackground : !made}
        data-testid="download"
        aria-label="Download"
        title={`Download PNG (${MOD}+S)`}
        onClick={() => void actions.download()}
      >
        <Download aria-hidden="true" /> <span>Download</span>
      </button>
      {onCanvas && (
        <button
          type="button"
          className="button"
          disabled={!hasBackground}
          data-testid="download-psd"
          aria-label="Download Photoshop (.psd)"
          title={`Download Photoshop (.psd), with its layers (${MOD}+Shift+S)`}
          onClick={() => void actions.downloadLayers()}
        >
          PSD
        </button>
      )}
      <IconButton
        icon={Keyboard}
        label="Keyboard shortcuts"
        shortcut="?"
        onClick={() => dialogs.setState({ dialog: { kind: 'shortcuts' } })}
      />
    </header>
  )
}

/** What the open document is called; opens the list of all. */
function DocumentButton(): ReactNode {
  const { actions } = useStudio()
  const title = useDocument((state) => titleOf(state.document))
  return (
    <button
      type="button"
      className="button document-title"
      data-testid="documents-open"
      aria-label={`Documents, open is ${title}`}
      title="All documents (D)"
      onClick={actions.openDocuments}
    >
      <Files aria-hidden="true" /> <span translate="no">{title}</span>
    </button>
  )
}

/** Opens the model manager; says how much of the disk the studio uses once that is worth a word. */
function ModelsButton(): ReactNode {
  const { actions } = useStudio()
  const used = useModels((state) => state.storage.usedBytes)
  const busy = useModels((state) => state.tasks.some(({ state: { kind } }) => kind === 'running'))
  return (
    <button
      type="button"
      className="button"
      data-testid="models-open"
      aria-label="Models"
      title="Models and storage (M)"
      onClick={actions.openModels}
    >
      {busy ? <LoaderCircle aria-hidden="true" className="spin" /> : <Boxes aria-hidden="true" />}
      <span>Models</span>
      {used !== null && used > 1e8 && <small className="used">{bytes(used)}</small>}
    </button>
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
