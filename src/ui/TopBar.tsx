import {
  Boxes,
  Check,
  CloudAlert,
  Download,
  FilePlus2,
  Files,
  FolderOpen,
  ImageDown,
  LoaderCircle,
  Redo2,
  Save,
  Settings,
  Undo2,
} from 'lucide-react'
import type { ReactNode } from 'react'

import { modeOf } from '@/document/modes'
import { isBlank, titleOf } from '@/document/naming'
import { ZoomBar } from '@/ui/canvas/ZoomBar'
import { IconButton } from '@/ui/controls/IconButton'
import { Logo } from '@/ui/controls/Logo'
import { isLocked } from '@/ui/stores/run'
import { bytes } from '@/ui/bytes'
import { useDocument, useModels, useRun, useShelf, useStudio } from '@/ui/studio'
import { saidTitle } from '@/ui/saidTitle'
import { useTitled } from '@/ui/useTitled'
import { say, sayText } from '@/words/say'

/** New, save, open, undo, redo, download, help; and whether everything is saved. */
export function TopBar(): ReactNode {
  const { actions, dialogs, document, documents, projects } = useStudio()
  const titled = useTitled()
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
        <button
          type="button"
          title={say('New, all documents, scenes to try')}
          data-testid="home"
          onClick={actions.openDocuments}
        >
          <Logo /> <span>Inlay</span>
        </button>
      </h1>
      <DocumentButton />
      <IconButton
        icon={FilePlus2}
        label={say('New')}
        disabled={!hasContent || locked}
        onClick={() => void documents.startNew()}
      />
      <IconButton
        icon={Save}
        label={say('Save as project file')}
        shortcut="save-project"
        disabled={!hasContent}
        testId="project-save"
        onClick={() => void projects.save()}
      />
      <IconButton
        icon={FolderOpen}
        label={say('Open background')}
        shortcut="open-background"
        disabled={locked || !onCanvas}
        testId={hasBackground ? 'open-background' : undefined}
        onClick={actions.openBackground}
      />
      <span className="divider" />
      <IconButton
        icon={Undo2}
        label={undoLabel ? say('Undo: {step}', { step: sayText(undoLabel) }) : say('Undo')}
        shortcut="undo"
        disabled={!canUndo || locked}
        testId="undo"
        onClick={document.actions.undo}
      />
      <IconButton
        icon={Redo2}
        label={redoLabel ? say('Redo: {step}', { step: sayText(redoLabel) }) : say('Redo')}
        shortcut="redo"
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
        aria-label={say('Download')}
        title={titled(say('Download PNG'), 'download')}
        onClick={() => void actions.download()}
      >
        <Download aria-hidden="true" /> <span>{say('Download')}</span>
      </button>
      <button
        type="button"
        className="button"
        disabled={onCanvas ? !hasBackground : !made}
        data-testid="export"
        aria-label={say('Export')}
        title={titled(say('Export as JPEG, WebP, AVIF or Photoshop (.psd)'), 'export')}
        onClick={() => dialogs.setState({ dialog: { kind: 'export' } })}
      >
        <ImageDown aria-hidden="true" /> <span>{say('Export')}</span>
      </button>
      <IconButton
        icon={Settings}
        label={say('Settings')}
        shortcut="settings"
        testId="settings-open"
        onClick={actions.openSettings}
      />
    </header>
  )
}

/** What the open document is called; opens the list of all. */
function DocumentButton(): ReactNode {
  const { actions } = useStudio()
  const titled = useTitled()
  const title = saidTitle(useDocument((state) => titleOf(state.document)))
  return (
    <button
      type="button"
      className="button document-title"
      data-testid="documents-open"
      aria-label={say('Documents, open is {title}', { title })}
      title={titled(say('All documents'), 'documents')}
      onClick={actions.openDocuments}
    >
      <Files aria-hidden="true" /> <span translate="no">{title}</span>
    </button>
  )
}

/** Opens the model manager; says how much of the disk the studio uses once that is worth a word. */
function ModelsButton(): ReactNode {
  const { actions } = useStudio()
  const titled = useTitled()
  const used = useModels((state) => state.storage.usedBytes)
  const busy = useModels((state) => state.tasks.some(({ state: { kind } }) => kind === 'running'))
  return (
    <button
      type="button"
      className="button"
      data-testid="models-open"
      aria-label={say('Models')}
      title={titled(say('Models and storage'), 'models')}
      onClick={actions.openModels}
    >
      {busy ? <LoaderCircle aria-hidden="true" className="spin" /> : <Boxes aria-hidden="true" />}
      <span>{say('Models')}</span>
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
          <Check aria-hidden="true" /> <span>{say('Saved on this device')}</span>
        </>
      )}
      {save === 'pending' && (
        <>
          <LoaderCircle aria-hidden="true" /> <span>{say('Saving …')}</span>
        </>
      )}
      {save === 'failed' && (
        <>
          <CloudAlert aria-hidden="true" /> <span>{say('Not saved')}</span>
        </>
      )}
    </span>
  )
}
