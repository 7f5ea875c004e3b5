import type { ReactNode } from 'react'

import { oldestBeyond } from '@/base/oldestBeyond'
import { bytes } from '@/ui/bytes'
import { LIMITS } from '@/ui/dialogs/gallery/limits'
import type { ShelfItem } from '@/ui/stores/shelf'
import { useShelf, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

export const sizeOf = (results: readonly ShelfItem[]): string =>
  bytes(results.reduce((sum, one) => sum + one.bytes, 0))

interface LimitQuestionProps {
  limit: number
  /** It has just been chosen, in place of another; else more was taken in than it keeps. */
  chosen: boolean
  onAnswer(): void
}

/** Whether results go that a limit leaves no room for. */
export function LimitQuestion({ limit, chosen, onAnswer }: LimitQuestionProps): ReactNode {
  const { gallery } = useStudio()
  const results = useShelf((state) => state.results)
  const going = oldestBeyond(results, limit)
  const counts = { going: going.length, all: results.length, size: sizeOf(going) }
  /** What was taken in would go with the next picture, unless the limit has room for it. */
  const larger = LIMITS.find((one) => one !== null && oldestBeyond(results, one).length === 0) ?? null
  return (
    <div className="gallery-foot" role="group" aria-label={say('A limit of results')}>
      <strong role="status">
        {chosen
          ? say('{going} of {all} results would be deleted now, {size}: the oldest without a star.', counts)
          : say(
              '{going} of {all} results are more than you keep, {size}: the oldest without a star. They go once a picture is made.',
              counts,
            )}
      </strong>
      <span className="spacer" />
      <button
        type="button"
        className="button"
        data-testid="gallery-limit-keep"
        autoFocus={chosen}
        onClick={() => {
          onAnswer()
          if (!chosen) void gallery.setLimit(larger)
        }}
      >
        {chosen
          ? say('Keep them')
          : larger === null
            ? say('Keep them, without a limit')
            : say('Keep them, up to {size}', { size: bytes(larger) })}
      </button>
      <button
        type="button"
        className="button danger"
        data-testid="gallery-limit-sure"
        onClick={() => {
          onAnswer()
          void gallery.setLimit(limit)
        }}
      >
        {say('Delete them, and keep {size}', { size: bytes(limit) })}
      </button>
    </div>
  )
}
