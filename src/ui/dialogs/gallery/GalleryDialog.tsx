import { useEffect, useState, type ReactNode } from 'react'

import { DOCUMENT_MODES } from '@/document/modes'
import { MODES, type Mode } from '@/schema/modes'
import { Dialog } from '@/ui/controls/Dialog'
import { SearchField } from '@/ui/controls/SearchField'
import { Segmented } from '@/ui/controls/Segmented'
import { GalleryCard } from '@/ui/dialogs/gallery/GalleryCard'
import { GalleryFoot } from '@/ui/dialogs/gallery/GalleryFoot'
import { SelectionBar } from '@/ui/dialogs/gallery/SelectionBar'
import { searchable } from '@/ui/dialogs/gallery/searchable'
import { SideBySide } from '@/ui/dialogs/gallery/SideBySide'
import { plainWords } from '@/ui/plainWords'
import { useDocument, useShelf, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

type Kind = Mode | 'all'
const kinds = (): { value: Kind; label: string }[] => [
  { value: 'all', label: say('All|modes') },
  ...MODES.map((mode) => ({ value: mode, label: DOCUMENT_MODES[mode].name })),
]

interface GalleryDialogProps {
  /** Ids of results that are looked at side by side first. */
  beside?: readonly string[]
  onClose(): void
}

/** Every result of this browser, newest first; PNGs with their recipes can be dropped on it. */
export function GalleryDialog({ beside, onClose }: GalleryDialogProps): ReactNode {
  const { gallery } = useStudio()
  const results = useShelf((state) => state.results)
  const deleted = useShelf((state) => state.deleted.length)
  const own = useDocument((state) => state.document.id)
  const [words, setWords] = useState('')
  const [kind, setKind] = useState<Kind>('all')
  const [starred, setStarred] = useState(false)
  const [here, setHere] = useState(false)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(beside))
  const [together, setTogether] = useState(beside !== undefined)
  useEffect(() => void gallery.loadAll(), [gallery])

  const wanted = plainWords(words)
  const found = results.filter(
    (one) =>
      (kind === 'all' || one.recipe.mode === kind) &&
      (!starred || one.starred) &&
      (!here || one.documentId === own) &&
      plainWords(searchable(one)).includes(wanted),
  )
  const chosen = found.filter(({ id }) => selected.has(id))
  const toggle = (id: string) =>
    setSelected((now) => new Set(now.has(id) ? [...now].filter((one) => one !== id) : [...now, id]))
  if (together && chosen.length > 0)
    return (
      <Dialog title={say('Results side by side')} size="large" testId="gallery" onClose={onClose}>
        <SideBySide results={chosen.toReversed()} onBack={() => setTogether(false)} onShown={onClose} />
      </Dialog>
    )
  return (
    <Dialog title={say('Results')} size="large" testId="gallery" onClose={onClose} footer={<GalleryFoot />}>
      <div
        className="gallery-body"
        data-testid="gallery-drop"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          event.stopPropagation()
          void gallery.take([...event.dataTransfer.files])
        }}
      >
        <div className="gallery-filter">
          <SearchField
            label={say('Search results by prompt, picture, model or seed')}
            placeholder={say('Prompt, picture, model or seed')}
            value={words}
            testId="gallery-search"
            onChange={setWords}
          />
          <Segmented
            label={say('Mode')}
            value={kind}
            choices={kinds()}
            testId="gallery-mode"
            onChange={(next) => setKind(next)}
          />
          <label className="check">
            <input type="checkbox" checked={starred} onChange={(event) => setStarred(event.target.checked)} />
            {say('With a star')}
          </label>
          <label className="check">
            <input type="checkbox" checked={here} onChange={(event) => setHere(event.target.checked)} />
            {say('Of this document')}
          </label>
        </div>
        <div role="status">
          {deleted > 0 && (
            <p className="documents-deleted">
              {deleted === 1
                ? say('The result is deleted.')
                : say('{n} results are deleted.', { n: deleted })}
              <button type="button" className="button slim" onClick={() => void gallery.undelete()}>
                {say('Undo')}
              </button>
            </p>
          )}
        </div>
        {found.length === 0 && (
          <p className="hint" role="status">
            {say(
              results.length === 0
                ? 'Nothing has been fused yet. Results that you downloaded can be dropped here.'
                : 'No result is like that.',
            )}
          </p>
        )}
        <ul className="gallery" aria-label={say('Results')}>
          {found.map((one) => (
            <GalleryCard
              key={one.id}
              result={one}
              selected={selected.has(one.id)}
              onSelect={() => toggle(one.id)}
              onShown={onClose}
            />
          ))}
        </ul>
      </div>
      {chosen.length > 0 && (
        <SelectionBar
          chosen={chosen}
          onAll={() => setSelected(new Set(found.map(({ id }) => id)))}
          onClear={() => setSelected(new Set())}
          onBeside={() => setTogether(true)}
        />
      )}
    </Dialog>
  )
}
