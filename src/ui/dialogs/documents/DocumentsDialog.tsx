import { FilePlus2, FolderOpen } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { TransferNote } from '@/ui/TransferNote'
import { Dialog } from '@/ui/controls/Dialog'
import { AsideList } from '@/ui/dialogs/documents/AsideList'
import { DocumentCard } from '@/ui/dialogs/documents/DocumentCard'
import { MOD } from '@/ui/platform'
import { useStudio } from '@/ui/studio'

/** Every document of this browser, the latest first. */
export function DocumentsDialog({ onClose }: { onClose(): void }): ReactNode {
  const { actions, documents } = useStudio()
  const { listing, documents: listed, aside, deleted } = useStore(documents.store)
  useEffect(() => {
    documents.store.setState({ deleted: null })
    void documents.refresh()
  }, [documents])
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
            title={`Open project files (${MOD}+O)`}
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
      <div className="documents-body" aria-busy={listing.kind === 'loading'}>
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
        <ul className="documents" aria-label="All documents">
          {listed.map((one) => (
            <DocumentCard key={one.id} document={one} onOpened={onClose} />
          ))}
        </ul>
        {aside.length > 0 && <AsideList items={aside} />}
      </div>
    </Dialog>
  )
}
