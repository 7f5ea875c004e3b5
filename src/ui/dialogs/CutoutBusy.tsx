import type { ReactNode } from 'react'

import { percent } from '@/ui/controls/Slider'
import { say } from '@/words/say'

/** What goes on, how far it is, and the way to stop it. @param fraction 0..1; null: nobody can tell */
export function CutoutBusy(props: { words: string; fraction: number | null; onCancel(): void }): ReactNode {
  const { words, fraction, onCancel } = props
  const share = fraction === null ? undefined : Math.round(fraction * 100)
  return (
    <div className="cutout-busy">
      <div className="progress-words">
        <span>{words}</span>
        {fraction !== null && <span>{percent(fraction)}</span>}
      </div>
      <div className="row">
        <div
          className="progress-track"
          style={{ flex: 1 }}
          role="progressbar"
          aria-label={words}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={share}
        >
          <div style={{ width: `${share ?? 0}%` }} />
        </div>
        <button type="button" className="button" onClick={onCancel}>
          {say('Cancel')}
        </button>
      </div>
    </div>
  )
}
