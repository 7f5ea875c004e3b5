import type { ReactNode } from 'react'

import { bytes } from '@/ui/bytes'
import { useModels, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** How much of the browser's disk is used, and whether it may be cleared without asking. */
export function StorageBar(): ReactNode {
  const { weights } = useStudio()
  const { usedBytes, quotaBytes, persistent } = useModels((state) => state.storage)
  const share = usedBytes !== null && quotaBytes ? Math.min(1, usedBytes / quotaBytes) : 0
  return (
    <div className="storage-bar">
      <div className="storage-words">
        <span>
          {usedBytes === null
            ? say('The browser does not say how much it stores.')
            : quotaBytes === null
              ? say('{size} used', { size: bytes(usedBytes) })
              : say('{size} used of {quota} that the browser gives', {
                  size: bytes(usedBytes),
                  quota: bytes(quotaBytes),
                })}
        </span>
        <div className="progress-track" aria-hidden="true">
          <div style={{ width: `${Math.max(share * 100, share > 0 ? 1 : 0)}%` }} />
        </div>
      </div>
      {persistent ? (
        <span className="hint">{say('Kept until you remove it')}</span>
      ) : (
        <button
          type="button"
          className="button slim"
          title={say('Asks the browser not to clear this by itself when the disk runs short')}
          onClick={() => void weights.persist()}
        >
          {say('Keep it safe')}
        </button>
      )}
    </div>
  )
}
