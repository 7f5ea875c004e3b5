import type { ReactNode } from 'react'

import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import { useStudio, useView } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

/** @param verbs what the brush does where it adds and where it erases */
export function BrushSettings({
  verbs = [say('Add'), say('Erase')],
}: {
  verbs?: readonly [string, string]
}): ReactNode {
  const { view } = useStudio()
  const { erase, size, hardness } = useView((state) => state.brush)
  return (
    <>
      <Segmented
        label={say('Brush')}
        testId="brush-mode"
        value={erase ? 'erase' : 'add'}
        choices={[
          { value: 'add', label: verbs[0] },
          { value: 'erase', label: verbs[1] },
        ]}
        hint={say('X or Alt: the other. Shift: a line from the last place. [ and ]: size.')}
        onChange={(value) => view.actions.setBrush({ erase: value === 'erase' })}
      />
      <Slider
        label={say('Brush size')}
        testId="brush-size"
        min={0.005}
        max={0.3}
        step={0.005}
        value={size}
        format={(value) => `${sayNumber(value * 100, 1)} %`}
        onChange={(value) => view.actions.setBrush({ size: value })}
      />
      <Slider
        label={say('Hardness')}
        testId="brush-hardness"
        min={0}
        max={1}
        step={0.05}
        value={hardness}
        format={percent}
        onChange={(value) => view.actions.setBrush({ hardness: value })}
      />
    </>
  )
}
