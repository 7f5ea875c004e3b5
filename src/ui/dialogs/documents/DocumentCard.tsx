import { Copy, Image, Pencil, Save, Star, Trash2 } from 'lucide-react'
import { useRef, useState, type ReactNode } from 'react'

import { MAX_NAME } from '@/schema/document'
import { IconButton } from '@/ui/controls/IconButton'
import { ownKeys } from '@/ui/keys'
import type { ListedDocument } from '@/ui/stores/documents'
import { isHeld } from '@/ui/stores/run'
import { useRun, useStudio } from '@/ui/studio'
import { saidTitle } from '@/ui/saidTitle'
import { say, sayTime } from '@/words/say'

const OPEN_WORDS = { here: 'Open here', elsewhere: 'Open in another tab' } as const

/** A document of the list: its picture opens it, its name can be changed. */
export function DocumentCard({
  document,
  onOpened,
}: {
  document: ListedDocument
  onOpened(): void
}): ReactNode {
  const { documents, projects } = useStudio()
  const held = useRun(isHeld)
  const [renaming, setRenaming] = useState(false)
  const { id, time, cover, open, starred } = document
  const title = saidTitle(document.title)
  const elsewhere = open === 'elsewhere'
  const when = sayTime(time)
  return (
    <li
      className={open === 'here' ? 'document current' : 'document'}
      aria-current={open === 'here' ? 'true' : undefined}
      data-testid="document-card"
    >
      <button
        type="button"
        className="document-cover"
        aria-label={say('Open {title}', { title })}
        data-first-focus={open === 'here' ? '' : undefined}
        disabled={elsewhere || (held && open === null)}
        onClick={() => {
          onOpened()
          void documents.open(id)
        }}
      >
        {cover ? <img src={cover} alt="" /> : <Image aria-hidden="true" />}
        {open && <span className="document-state">{say(OPEN_WORDS[open])}</span>}
      </button>
      {renaming ? (
        <RenameForm document={document} onDone={() => setRenaming(false)} />
      ) : (
        <div className="document-about">
          <strong title={title} translate="no">
            {title}
          </strong>
          <small>{when}</small>
        </div>
      )}
      <IconButton
        small
        icon={Star}
        label={say('Star {title}', { title })}
        pressed={starred}
        onClick={() => void documents.star(id, !starred)}
      />
      <div className="document-actions">
        <IconButton
          small
          icon={Pencil}
          label={say('Rename {title}', { title })}
          disabled={elsewhere}
          onClick={() => setRenaming(true)}
        />
        <IconButton
          small
          icon={Copy}
          label={say('Duplicate {title}', { title })}
          onClick={() => void documents.duplicate(id)}
        />
        <IconButton
          small
          icon={Save}
          label={say('Save {title} as project file', { title })}
          onClick={() => void projects.save(id)}
        />
        <IconButton
          small
          icon={Trash2}
          label={say('Delete {title}', { title })}
          disabled={elsewhere || (held && open === 'here')}
          onClick={() => void documents.remove(id)}
        />
      </div>
    </li>
  )
}

function RenameForm({ document, onDone }: { document: ListedDocument; onDone(): void }): ReactNode {
  const { documents } = useStudio()
  const field = useRef<HTMLInputElement>(null)
  const save = () => {
    const name = field.current?.value ?? document.title
    if (name.trim() !== document.title) void documents.rename(document.id, name)
    onDone()
  }
  return (
    <form
      className="document-about"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <input
        ref={field}
        className="field"
        aria-label={say('New name of {title}', { title: document.title })}
        defaultValue={document.title}
        maxLength={MAX_NAME}
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onBlur={save}
        // Escape ends the renaming, not the dialog.
        onKeyDown={ownKeys({
          Escape: () => {
            if (field.current) field.current.value = document.title
            onDone()
          },
        })}
      />
    </form>
  )
}
