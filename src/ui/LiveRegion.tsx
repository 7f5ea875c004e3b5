import type { ReactNode } from 'react'

import { pageModeOf } from '@/ui/modes'
import { useRun } from '@/ui/studio'
import { sayText } from '@/words/say'

/** Tells screen readers what a run is doing; toasts announce themselves. */
export function LiveRegion(): ReactNode {
  const words = useRun((state) => {
    if (state.run.kind === 'running') return state.run.stage
    return state.staged ? pageModeOf(state.staged.recipe).shown : ''
  })
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {sayText(words)}
    </div>
  )
}
