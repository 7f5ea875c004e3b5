import type { ReactNode } from 'react'

import { useRun } from '@/ui/studio'

/** Tells screen readers what a run is doing; toasts announce themselves. */
export function LiveRegion(): ReactNode {
  const words = useRun((state) => {
    if (state.run.kind === 'running') return state.run.stage
    if (state.staged?.recipe.mode === 'compose') return 'The new picture is shown.'
    if (state.staged?.recipe.mode === 'align') return 'The target is shown beside base and reference.'
    if (state.staged) return 'The result is shown on the canvas. Accept or discard it.'
    return ''
  })
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {words}
    </div>
  )
}
