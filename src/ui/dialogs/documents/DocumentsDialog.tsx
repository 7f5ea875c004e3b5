import { FilePlus2, FolderOpen } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { isBlank } from '@/document/naming'
import { TransferNote } from '@/ui/TransferNote'
import { Dialog } from '@/ui/controls/Dialog'
import { DocumentList } from '@/ui/dialogs/documents/DocumentList'
import { NewCards } from '@/ui/start/NewCards'
import { Samples } from '@/ui/start/Samples'
import type { Sample } from '@/ui/stores/shelf'
import { isProjectFile } from '@/ui/weightFiles'
import { useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { say } from '@/words/say'

/** Where everything begins: a new document of each mode, every document there is, scenes to try. Project files can be dropped on it. */
export function DocumentsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { actions, document, documents, projects } = useStudio()
  const titled = useTitled()
  const newId = useId()
  const loading = useStore(documents.store, ({ listing }) => listing.kind === 'loading')
  const begin = async (sample: Sample) => {
    onClose()
    await documents.startNew('place')
    // Else the open document has to stay, which was told.
    if (isBlank(document.getState().document)) await actions.loadSample(sample)
  }
  return (
    <Dialog
      title={say('Documents')}
      size="large"
      testId="documents-dialog"
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            className="button"
            data-testid="project-open"
            title={titled(say('Open project files'), 'open-project')}
            onClick={() => {
              onClose()
              actions.openProjects()
            }}
          >
            <FolderOpen aria-hidden="true" /> {say('Open a project file')}
          </button>
          <button
            type="button"
            className="button primary"
            data-testid="documents-new"
            onClick={() => {
              onClose()
              void documents.startNew()
            }}
          >
            <FilePlus2 aria-hidden="true" /> {say('New document')}
          </button>
        </>
      }
    >
      <div
        className="documents-body"
        aria-busy={loading}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          const files = [...event.dataTransfer.files].filter(isProjectFile)
          if (files.length === 0) return
          onClose()
          void projects.open(files)
        }}
      >
        <TransferNote />
        <section aria-labelledby={newId}>
          <h3 id={newId}>{say('Begin a new document')}</h3>
          <NewCards onBegin={onClose} />
        </section>
        <DocumentList onOpened={onClose} />
        <Samples title={say('Scenes to try')} onBegin={(sample) => void begin(sample)} />
      </div>
    </Dialog>
  )
}
