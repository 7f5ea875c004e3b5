import type { ReactNode } from 'react'

import { setPainterCompose } from '@/document/compose/commands'
import { MOST_PAINTER_GUIDANCE } from '@/schema/modes/compose'
import { Slider } from '@/ui/controls/Slider'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { SeedField } from '@/ui/panels/SeedField'
import { useDocument, useStudio } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

/** Compose's settings on the built-in model. */
export function PainterSettings(): ReactNode {
  const { document } = useStudio()
  const { steps, guidance } = useDocument((state) => state.document.painterCompose)
  return (
    <>
      <Slider
        label={say('Steps')}
        testId="steps"
        min={1}
        max={Math.max(50, steps)}
        step={1}
        value={steps}
        onChange={(value) => setPainterCompose(document, { steps: value })}
      />
      <Slider
        label={say('Guidance')}
        min={0}
        max={MOST_PAINTER_GUIDANCE}
        step={0.1}
        value={guidance}
        format={(value) => sayNumber(value, 1)}
        hint={say('Higher follows the prompt more closely and varies less.')}
        onChange={(value) => setPainterCompose(document, { guidance: Math.round(value * 10) / 10 })}
      />
      <SeedField />
      <BackendSwitch />
    </>
  )
}
