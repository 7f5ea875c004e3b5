import { FilePlus2, FolderOpen } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { TransferNote } from '@/ui/TransferNote'
import { Dialog } from '@/ui/controls/Dialog'
import { SearchField } from '@/ui/controls/SearchField'
import { AsideList } from '@/ui/dialogs/documents/AsideList'
import { DocumentCard } from '@/ui/dialogs/documents/DocumentCard'
import { plainWords } from '@/ui/plainWords'
import { isProjectFile } from '@/ui/weightFiles'
import { useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'

/** Every document of this browser, those with a star first, then the latest. Project files can be dropped on it. */
export function DocumentsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { actions, documents, projects } = useStudio()
  const titled = useTitled()
  const { listing, documents: listed, aside, deleted } = useStore(documents.store)
  const [words, setWords] = useState('')
  useEffect(() => {
    documents.store.setState({ deleted: null })
    void documents.refresh()
  }, [documents])
  const found = listed.filter(({ title }) => plainWords(title).includes(plainWords(words)))
  return (
    <Dialog
      title="Documents"
      size="large"
      testId="documents-dialog"
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            className="button"
            data-testid="project-open"
            title={titled('Open project files', 'open-project')}
            onClick={() => {
              onClose()
              actions.openProjects()
            }}
          >
            <FolderOpen aria-hidden="true" /> Open a project file
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
            <FilePlus2 aria-hidden="true" /> New document
          </button>
        </>
      }
    >
      <div
        className="documents-body"
        aria-busy={listing.kind === 'loading'}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          const files = [...event.dataTransfer.files].filter(isProjectFile)
          if (files.length === 0) return
          onClose()
          void projects.open(files)
        }}
      >
        {listing.kind === 'failed' && (
          <p className="field-problem" role="alert">
            {listing.problem.message} {listing.problem.hint}
          </p>
        )}
        <TransferNote />
        <div role="status">
          {deleted && (
            <p className="documents-deleted">
              “{deleted.title}” is deleted.
              <button type="button" className="button slim" onClick={() => void documents.undelete()}>
                Undo
              </button>
            </p>
          )}
        </div>
        <SearchField
          label="Search documents by name"
          placeholder="Search by name"
          value={words}
          testId="documents-search"
          onChange={setWords}
        />
        {found.length === 0 && words !== '' && (
          <p className="hint" role="status">
            No document is called “{words}”.
          </p>
        )}
        <ul className="documents" aria-label="All documents">
          {found.map((one) => (
            <DocumentCard key={one.id} document={one} onOpened={onClose} />
          ))}
        </ul>
        {aside.length > 0 && <AsideList items={aside} />}
      </div>
    </Dialog>
  )
}
