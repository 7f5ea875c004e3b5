import type { ReactNode } from 'react'

import { setCompose, setKleinCompose } from '@/document/compose/commands'
import { ExactSize } from '@/ui/compose/SizePicker'
import { Advanced } from '@/ui/controls/Advanced'
import { Slider } from '@/ui/controls/Slider'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { ArithmeticSwitch, ExtraLoras, MemorySlider } from '@/ui/panels/FluxExtras'
import { SeedField } from '@/ui/panels/SeedField'
import { TransformerChoice } from '@/ui/panels/TransformerChoice'
import { useDocument, useStudio } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

/** Compose's settings on FLUX.2 [klein]. */
export function KleinSettings(): ReactNode {
  const { document } = useStudio()
  const { steps, guidance, transformer } = useDocument((state) => state.document.kleinCompose)
  const referenceSize = useDocument((state) => state.document.compose.referenceSize)
  return (
    <>
      <Slider
        label={say('Steps')}
        testId="steps"
        min={1}
        max={Math.max(50, steps)}
        step={1}
        value={steps}
        hint={say('[klein] was made for 4; its Base needs 50.')}
        onChange={(value) => setKleinCompose(document, { steps: value })}
      />
      <SeedField />
      <BackendSwitch />
      <Advanced>
        <ExactSize />
        <Slider
          label={say('Size of further references')}
          min={256}
          max={1024}
          step={16}
          value={referenceSize}
          format={(value) => `${value} px`}
          hint={say(
            'The first goes in as it is, up to 1024 px; the others are scaled down to this, squared. Smaller is faster.',
          )}
          onChange={(value) => setCompose(document, { referenceSize: value })}
        />
        <Slider
          label={say('Guidance, of Base')}
          min={1}
          max={10}
          step={0.1}
          value={guidance}
          format={(value) => sayNumber(value, 1)}
          hint={say('[klein] itself takes none.')}
          onChange={(value) => setKleinCompose(document, { guidance: Math.round(value * 10) / 10 })}
        />
        <TransformerChoice
          kind="klein"
          label={say('klein transformer')}
          chosen={transformer}
          onChange={(hash) => setKleinCompose(document, { transformer: hash })}
        />
        <ExtraLoras base="flux2" about={say('for FLUX.2 [klein]')} />
        <MemorySlider />
        <ArithmeticSwitch />
      </Advanced>
    </>
  )
}
