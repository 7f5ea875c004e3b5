import { FolderOpen } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { DocumentList } from '@/ui/dialogs/documents/DocumentList'
import { NewCards } from '@/ui/start/NewCards'
import { useDocument, useStudio } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { say } from '@/words/say'

/** Below what an empty document begins with: what was made before, and project files. */
export function StartDocuments(): ReactNode {
  const { actions, documents } = useStudio()
  const titled = useTitled()
  const mode = useDocument((state) => state.document.mode)
  const known = useStore(
    documents.store,
    ({ documents: all, aside, deleted }) =>
      all.some(({ open }) => open !== 'here') || aside.length > 0 || deleted !== null,
  )
  const id = useId()
  return (
    <div className="start-more">
      {/* Beside the panel there is the list of modes. */}
      <div className="narrow-only">
        <NewCards without={mode} />
      </div>
      <section aria-labelledby={id} data-testid="start-documents">
        <div className="start-head">
          <h2 id={id}>{say(known ? 'Or go on with your documents' : 'Or open what you saved')}</h2>
          <button
            type="button"
            className="button"
            title={titled(say('Open project files'), 'open-project')}
            onClick={actions.openProjects}
          >
            <FolderOpen aria-hidden="true" /> {say('Open a project file')}
          </button>
        </div>
        <DocumentList others />
      </section>
    </div>
  )
}
