import { useEffect, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'

import { SearchField } from '@/ui/controls/SearchField'
import { AsideList } from '@/ui/dialogs/documents/AsideList'
import { DocumentCard } from '@/ui/dialogs/documents/DocumentCard'
import { plainWords } from '@/ui/plainWords'
import { useStudio } from '@/ui/studio'
import { say, sayText } from '@/words/say'

interface DocumentListProps {
  /** Without the one that is open here. */
  others?: boolean
  /** One of them is about to be shown. */
  onOpened?(): void
}

/** Every document of this browser, those with a star first, then the latest. */
export function DocumentList({ others = false, onOpened }: DocumentListProps): ReactNode {
  const { documents } = useStudio()
  const { listing, documents: all, aside, deleted } = useStore(documents.store)
  const [words, setWords] = useState('')
  useEffect(() => void documents.refresh(), [documents])
  const listed = others ? all.filter(({ open }) => open !== 'here') : all
  const found = listed.filter(({ title }) => plainWords(title).includes(plainWords(words)))
  return (
    <>
      {listing.kind === 'failed' && (
        <p className="field-problem" role="alert">
          {sayText(listing.problem.message)} {sayText(listing.problem.hint)}
        </p>
      )}
      <div role="status">
        {deleted && (
          <p className="documents-deleted">
            {say('“{title}” is deleted.', { title: deleted.title })}
            <button type="button" className="button slim" onClick={() => void documents.undelete()}>
              {say('Undo')}
            </button>
          </p>
        )}
      </div>
      {listed.length > 1 && (
        <SearchField
          label={say('Search documents by name')}
          placeholder={say('Search by name')}
          value={words}
          testId="documents-search"
          onChange={setWords}
        />
      )}
      {found.length === 0 && words !== '' && (
        <p className="hint" role="status">
          {say('No document is called “{words}”.', { words })}
        </p>
      )}
      <ul className="documents" aria-label={say(others ? 'Your documents' : 'All documents')}>
        {found.map((one) => (
          <DocumentCard key={one.id} document={one} onOpened={() => onOpened?.()} />
        ))}
      </ul>
      {aside.length > 0 && <AsideList items={aside} />}
    </>
  )
}
