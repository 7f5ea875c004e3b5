import { ArrowLeft, Download, Maximize2, Star } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'

import { IconButton } from '@/ui/controls/IconButton'
import { resultName } from '@/ui/dialogs/gallery/resultName'
import { pageModeOf } from '@/ui/modes'
import { isHeld } from '@/ui/stores/run'
import type { ShelfItem } from '@/ui/stores/shelf'
import { useRun, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

interface SideBySideProps {
  /** In the order in which they were made. */
  results: readonly ShelfItem[]
  onBack(): void
  /** One is shown in the studio now. */
  onShown(): void
}

/** Several results large, to choose among: a star keeps one, or several. */
export function SideBySide({ results, onBack, onShown }: SideBySideProps): ReactNode {
  return (
    <div className="gallery-body">
      <button type="button" className="button slim" data-testid="gallery-back" onClick={onBack}>
        <ArrowLeft aria-hidden="true" /> {say('All results')}
      </button>
      <ul
        className="gallery-beside"
        aria-label={say('Results side by side')}
        data-count={Math.min(results.length, 3)}
      >
        {results.map((result) => (
          <Large key={result.id} result={result} onShown={onShown} />
        ))}
      </ul>
    </div>
  )
}

function Large({ result, onShown }: { result: ShelfItem; onShown(): void }): ReactNode {
  const { actions, gallery } = useStudio()
  const held = useRun(isHeld)
  const { id, recipe, starred, thumbnail } = result
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    let made: string | null = null
    let gone = false
    void gallery.picture(id).then((file) => {
      if (!file || gone) return
      made = URL.createObjectURL(file)
      setAddress(made)
    })
    return () => {
      gone = true
      if (made) URL.revokeObjectURL(made)
    }
  }, [gallery, id])
  const name = resultName(recipe)
  const facts = pageModeOf(recipe).factsOf(recipe)
  const about = facts.map(({ text }) => text).join(' · ') || name
  return (
    <li className="gallery-large" data-testid="gallery-large">
      <img src={address ?? thumbnail} alt={`${name}: ${about}`} />
      <div className="gallery-large-foot">
        <span title={about} translate="no">
          {about}
        </span>
        <IconButton
          small
          icon={Star}
          label={say(starred ? 'Take the star of {about} away' : 'Give {about} a star: it is kept', {
            about,
          })}
          pressed={starred}
          onClick={() => void gallery.star(id, !starred)}
        />
        <IconButton
          small
          icon={Maximize2}
          label={say('Show {about} in the studio', { about })}
          disabled={held}
          onClick={() => {
            onShown()
            void actions.stageResult(id)
          }}
        />
        <IconButton
          small
          icon={Download}
          label={say('Download {about} as PNG', { about })}
          onClick={() => void actions.downloadResult(id)}
        />
      </div>
    </li>
  )
}
