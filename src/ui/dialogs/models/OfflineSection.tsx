import { Square, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'

import { bytes } from '@/ui/bytes'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { useStudio } from '@/ui/studio'
import { say, sayText, sayTogether } from '@/words/say'

/** What is there without a network, and keeping the built-in models so that Fuse works, too. */
export function OfflineSection(): ReactNode {
  const { offline } = useStudio()
  const { studio, keptBytes, totalBytes, keeping, problem } = useStore(offline.store)
  if (studio === 'none') return null
  const whole = totalBytes > 0 && keptBytes === totalBytes
  return (
    <section className="models-device" aria-labelledby="offline-title" data-testid="offline">
      <div className="model-title">
        <h3 id="offline-title">{say('Without a network')}</h3>
        {keeping ? (
          <button type="button" className="button slim" onClick={offline.stop}>
            <Square aria-hidden="true" /> {say('Stop')}
          </button>
        ) : (
          keptBytes > 0 && (
            <button
              type="button"
              className="button slim"
              aria-label={say('Remove the kept built-in models')}
              onClick={() => void offline.remove()}
            >
              <Trash2 aria-hidden="true" /> {say('Remove')}
            </button>
          )
        )}
      </div>
      {studio === 'preparing' ? (
        <p className="hint">{say('Inlay is being stored, so that it opens without a network.')}</p>
      ) : whole && !keeping ? (
        <p className="hint">
          {say('Inlay opens and fuses without a network. Its built-in models take {size} on this device.', {
            size: bytes(totalBytes),
          })}
        </p>
      ) : keeping ? (
        <>
          <div className="progress-words">
            <span>
              {say('Storing, {done} of {total}', { done: bytes(keptBytes), total: bytes(totalBytes) })}
            </span>
          </div>
          <ProgressBar label={say('Storing the built-in models')} done={keptBytes} total={totalBytes} />
        </>
      ) : (
        <>
          <p className="hint">
            {keptBytes > 0
              ? say(
                  'Inlay opens without a network. To fuse without one, too, keep its built-in models and samples on this device: {done} of {total} are kept.',
                  { done: bytes(keptBytes), total: bytes(totalBytes) },
                )
              : say(
                  'Inlay opens without a network. To fuse without one, too, keep its built-in models and samples on this device.',
                )}
          </p>
          {problem && (
            <p className="field-problem" role="alert">
              {sayText(problem.message)} {sayText(problem.hint)}
            </p>
          )}
          <button
            type="button"
            className="button"
            data-testid="offline-keep"
            disabled={totalBytes === 0}
            onClick={() => void offline.keep()}
          >
            {sayTogether([
              keptBytes > 0 ? say('Go on') : say('Keep built-in models for offline use'),
              bytes(totalBytes - keptBytes),
            ])}
          </button>
        </>
      )}
    </section>
  )
}
