import { Columns2, Download, Star, Trash2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import { bytes } from '@/ui/bytes'
import type { ShelfItem } from '@/ui/stores/shelf'
import { useStudio } from '@/ui/studio'
import { say } from '@/words/say'

interface SelectionBarProps {
  chosen: readonly ShelfItem[]
  onAll(): void
  onClear(): void
  onBeside(): void
}

/** Large pictures that are looked at together: more would be too small to see, and fill the memory. */
const MOST_BESIDE = 12

/** What can be done with several results at once. */
export function SelectionBar({ chosen, onAll, onClear, onBeside }: SelectionBarProps): ReactNode {
  const { actions, gallery } = useStudio()
  const [asking, setAsking] = useState(false)
  const starred = chosen.every((one) => one.starred)
  const each = async (work: (id: string) => Promise<void>) => {
    for (const { id } of chosen) await work(id)
  }
  const size = bytes(chosen.reduce((sum, one) => sum + one.bytes, 0))
  return (
    <div className="gallery-selection" role="group" aria-label={say('Selected results')}>
      <span role="status">{say('{count} selected, {size}', { count: chosen.length, size })}</span>
      {asking ? (
        <>
          <strong>{say('Delete them for good?')}</strong>
          <button type="button" className="button slim" autoFocus onClick={() => setAsking(false)}>
            {say('Keep')}
          </button>
          <button
            type="button"
            className="button slim danger"
            data-testid="gallery-delete-sure"
            onClick={() => {
              setAsking(false)
              void each(actions.removeResult).then(onClear)
            }}
          >
            {say('Delete for good')}
          </button>
        </>
      ) : (
        <>
          <button type="button" className="button slim" onClick={onAll}>
            {say('Select all')}
          </button>
          <button type="button" className="button slim" onClick={onClear}>
            {say('Clear|selection')}
          </button>
          <span className="spacer" />
          {chosen.length > 1 && chosen.length <= MOST_BESIDE && (
            <button type="button" className="button slim" data-testid="gallery-beside" onClick={onBeside}>
              <Columns2 aria-hidden="true" /> {say('Side by side')}
            </button>
          )}
          <button
            type="button"
            className="button slim"
            onClick={() => void each((id) => gallery.star(id, !starred))}
          >
            <Star aria-hidden="true" /> {say(starred ? 'Take stars away' : 'Star|verb')}
          </button>
          <button type="button" className="button slim" onClick={() => void each(actions.downloadResult)}>
            <Download aria-hidden="true" /> {say('Download')}
          </button>
          <button
            type="button"
            className="button slim danger"
            data-testid="gallery-delete"
            onClick={() => setAsking(true)}
          >
            <Trash2 aria-hidden="true" /> {say('Delete')}
          </button>
        </>
      )}
    </div>
  )
}
