import { Square, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'

import { bytes } from '@/ui/bytes'
import { ProgressBar } from '@/ui/controls/ProgressBar'
import { useStudio } from '@/ui/studio'

/** What is there without a network, and keeping the built-in models so that Fuse works, too. */
export function OfflineSection(): ReactNode {
  const { offline } = useStudio()
  const { studio, keptBytes, totalBytes, keeping, problem } = useStore(offline.store)
  if (studio === 'none') return null
  const whole = totalBytes > 0 && keptBytes === totalBytes
  return (
    <section className="models-device" aria-labelledby="offline-title" data-testid="offline">
      <div className="model-title">
        <h3 id="offline-title">Without a network</h3>
        {keeping ? (
          <button type="button" className="button slim" onClick={offline.stop}>
            <Square aria-hidden="true" /> Stop
          </button>
        ) : (
          keptBytes > 0 && (
            <button
              type="button"
              className="button slim"
              aria-label="Remove the kept built-in models"
              onClick={() => void offline.remove()}
            >
              <Trash2 aria-hidden="true" /> Remove
            </button>
          )
        )}
      </div>
      {studio === 'preparing' ? (
        <p className="hint">Inlay is being stored, so that it opens without a network.</p>
      ) : whole && !keeping ? (
        <p className="hint">
          Inlay opens and fuses without a network. Its built-in models take {bytes(totalBytes)} on this
          device.
        </p>
      ) : keeping ? (
        <>
          <div className="progress-words">
            <span>
              Storing, {bytes(keptBytes)} of {bytes(totalBytes)}
            </span>
          </div>
          <ProgressBar label="Storing the built-in models" done={keptBytes} total={totalBytes} />
        </>
      ) : (
        <>
          <p className="hint">
            Inlay opens without a network. To fuse without one, too, keep its built-in models and samples on
            this device
            {keptBytes > 0 ? `: ${bytes(keptBytes)} of ${bytes(totalBytes)} are kept.` : '.'}
          </p>
          {problem && (
            <p className="field-problem" role="alert">
              {problem.message} {problem.hint}
            </p>
          )}
          <button
            type="button"
            className="button"
            data-testid="offline-keep"
            disabled={totalBytes === 0}
            onClick={() => void offline.keep()}
          >
            {keptBytes > 0 ? 'Go on' : 'Keep built-in models for offline use'},{' '}
            {bytes(totalBytes - keptBytes)}
          </button>
        </>
      )}
    </section>
  )
}
