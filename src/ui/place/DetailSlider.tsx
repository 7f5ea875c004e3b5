import type { ReactNode } from 'react'

import { percent, Slider } from '@/ui/controls/Slider'
import { say } from '@/words/say'

/** How much of the cut-out's own detail is kept. */
export function DetailSlider({
  value,
  onChange,
}: {
  value: number
  onChange(value: number): void
}): ReactNode {
  return (
    <Slider
      label={say('Detail lock')}
      testId="detail"
      min={0}
      max={1}
      step={0.05}
      value={value}
      format={percent}
      hint={say('How much of the cut-out’s own fine detail, faces and texture, is kept under the new light.')}
      onChange={(next) => onChange(Math.round(next * 100) / 100)}
    />
  )
}
