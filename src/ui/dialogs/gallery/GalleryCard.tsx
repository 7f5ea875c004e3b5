import { Download, RotateCcw, Star, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { IconButton } from '@/ui/controls/IconButton'
import { resultName } from '@/ui/dialogs/gallery/resultName'
import { madeAt, type ShelfItem } from '@/ui/stores/shelf'
import { isHeld } from '@/ui/stores/run'
import { useRun, useStudio } from '@/ui/studio'
import { say, sayTime } from '@/words/say'

interface GalleryCardProps {
  result: ShelfItem
  selected: boolean
  onSelect(): void
  /** It is shown in the studio now. */
  onShown(): void
}

/** A result of the gallery: its picture shows it again, its settings can be taken. */
export function GalleryCard({ result, selected, onSelect, onShown }: GalleryCardProps): ReactNode {
  const { actions, gallery } = useStudio()
  const held = useRun(isHeld)
  const { id, recipe, starred, thumbnail } = result
  const when = sayTime(madeAt(result))
  const name = resultName(recipe)
  const prompt = recipe.prompt.trim()
  return (
    <li className={selected ? 'gallery-card selected' : 'gallery-card'} data-testid="gallery-card">
      <button
        type="button"
        className="gallery-picture"
        aria-label={say('Show {name}, of {when}', { name, when })}
        disabled={held}
        onClick={() => {
          onShown()
          void actions.stageResult(id)
        }}
      >
        <img src={thumbnail} alt="" loading="lazy" />
      </button>
      <label className="gallery-select">
        <input
          type="checkbox"
          aria-label={say('Select {name}, of {when}', { name, when })}
          checked={selected}
          onChange={onSelect}
        />
      </label>
      <div className="document-about">
        <strong title={prompt || name} translate="no">
          {prompt || name}
        </strong>
        <small>{prompt ? `${name} · ${when}` : when}</small>
      </div>
      <div className="gallery-actions">
        <IconButton
          small
          icon={Star}
          label={say(
            starred
              ? 'Take the star of {name}, {when}, away'
              : 'Give {name}, {when}, a star: it is kept whatever the limit',
            { name, when },
          )}
          pressed={starred}
          onClick={() => void gallery.star(id, !starred)}
        />
        <IconButton
          small
          icon={RotateCcw}
          label={say('Restore the recipe of {name}, {when}', { name, when })}
          disabled={held}
          onClick={() => {
            onShown()
            void actions.restoreResult(id)
          }}
        />
        <IconButton
          small
          icon={Download}
          label={say('Download {name}, {when}, as PNG', { name, when })}
          onClick={() => void actions.downloadResult(id)}
        />
        <IconButton
          small
          icon={Trash2}
          label={say('Delete {name}, {when}', { name, when })}
          onClick={() => void actions.deleteResult(id)}
        />
      </div>
    </li>
  )
}
