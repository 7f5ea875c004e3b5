import type { ReactNode } from 'react'

import { useAlignStaged, useReferenceMaps } from '@/ui/align/useMaps'
import { Slider } from '@/ui/controls/Slider'
import { useDocument } from '@/ui/studio'
import { useAlign, useAlignService } from '@/ui/align/useAlign'
import { say, sayTogether } from '@/words/say'

/** Walks through the steps of a finished run, or of the reference's attention before one. */
export function StepSlider(): ReactNode {
  const align = useAlignService()
  const staged = useAlignStaged()
  const maps = useReferenceMaps()
  const step = useAlign((state) => state.step)
  const own = useDocument((state) => state.document.align.settings.fused)
  const record = staged?.report ?? null
  const fused = staged?.recipe.align.fused ?? own
  const count = record ? record.frames.length : (maps?.steps.length ?? 0)
  if (count === 0)
    return <p className="hint align-steps">{staged ? '' : say('Sample to see what the words look at.')}</p>
  const value = step === null ? count : Math.min(step, count - 1)
  const words = (at: number) => {
    if (at === count) return say(record ? 'finished' : 'all fused steps')
    const plain = at < fused.first || at > fused.last
    return sayTogether([say('{done} of {total}', { done: at + 1, total: count }), plain && say('not fused')])
  }
  return (
    <div className="align-steps">
      <Slider
        label={say(record ? 'Step' : 'The words’ region at step')}
        testId="align-step"
        min={0}
        max={count}
        step={1}
        value={value}
        format={words}
        onChange={(at) => align.store.setState({ step: at >= count ? null : at })}
      />
    </div>
  )
}
