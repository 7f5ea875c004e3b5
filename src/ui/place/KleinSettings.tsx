import type { ReactNode } from 'react'

import { setKleinPlace } from '@/document/place/commands'
import { defaultKleinPlace, KLEIN_STRENGTHS, type KleinPlace } from '@/schema/modes/placeKlein'
import { Advanced } from '@/ui/controls/Advanced'
import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { ArithmeticSwitch, ExtraLoras, MemorySlider } from '@/ui/panels/FluxExtras'
import { TransformerChoice } from '@/ui/panels/TransformerChoice'
import { SeedField } from '@/ui/panels/SeedField'
import { DetailSlider } from '@/ui/place/DetailSlider'
import { useDocument, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

const SIZES = [512, 768, 1024] as const
const COUNTS = [1, 2, 3] as const
const USUAL = defaultKleinPlace()

/** Place's settings on FLUX.2 [klein]. */
export function KleinSettings(): ReactNode {
  const { document } = useStudio()
  const klein = useDocument((state) => state.document.kleinPlace)
  const set = (change: Partial<KleinPlace>) => setKleinPlace(document, change)
  return (
    <>
      <Segmented
        label={say('Pictures at once')}
        testId="klein-variations"
        value={klein.variations}
        choices={COUNTS.map((value) => ({ value, label: String(value) }))}
        hint={say('Each has a seed of its own; you choose between them.')}
        onChange={(variations) => set({ variations })}
      />
      <Segmented
        label={say('Size')}
        testId="klein-size"
        value={klein.size}
        choices={SIZES.map((value) => ({ value, label: `${value} px` }))}
        hint={say(
          'The part around the object is made at your photo’s own resolution, up to this squared; what is larger is scaled down and enlarged again.',
        )}
        onChange={(size) => set({ size })}
      />
      <DetailSlider value={klein.detail} onChange={(detail) => set({ detail })} />
      <SeedField />
      <BackendSwitch />
      <Advanced>
        <OpenQuestions klein={klein} set={set} />
        <Slider
          label={say('Steps')}
          testId="klein-steps"
          min={1}
          max={Math.max(50, klein.steps)}
          step={1}
          value={klein.steps}
          hint={say('klein was made for 4, its Base model for 50.')}
          onChange={(steps) => set({ steps })}
        />
        <TransformerChoice
          kind="klein"
          label={say('klein transformer')}
          chosen={klein.transformer}
          onChange={(transformer) => set({ transformer })}
        />
        <ExtraLoras base="flux2" about={say('for klein')} />
        <MemorySlider />
        <ArithmeticSwitch />
      </Advanced>
    </>
  )
}

interface QuestionsProps {
  klein: KleinPlace
  set(change: Partial<KleinPlace>): void
}

/** What nobody has tried on real weights yet; the default is marked. */
function OpenQuestions({ klein, set }: QuestionsProps): ReactNode {
  const choice = (key: 'cutout' | 'clean' | 'blend' | 'padding', label: string, hint: string) => (
    <Segmented
      label={label}
      testId={`klein-${key}`}
      value={klein[key] ? 'on' : 'off'}
      choices={[
        { value: 'on', label: marked(say('On'), USUAL[key]) },
        { value: 'off', label: marked(say('Off'), !USUAL[key]) },
      ]}
      hint={hint}
      onChange={(value) => set({ [key]: value === 'on' })}
    />
  )
  return (
    <>
      {choice(
        'cutout',
        say('Sees the cut-out alone'),
        say('A second reference, beside the photo with the cut-out pasted in.'),
      )}
      {choice(
        'clean',
        say('Sees the photo without it'),
        say('One more reference; costs a third of the time.'),
      )}
      <Segmented
        label={say('Strength')}
        testId="klein-strength"
        value={klein.strength}
        choices={KLEIN_STRENGTHS.map((value) => ({
          value,
          label: marked(percent(value), value === USUAL.strength),
        }))}
        hint={say('Lower keeps more of the pasted picture.')}
        onChange={(strength) => set({ strength })}
      />
      {choice(
        'blend',
        say('Holds the surroundings'),
        say('The photo is put back outside the object’s zone after every step.'),
      )}
      {choice(
        'padding',
        say('Reads the text’s padding'),
        say('As the release does; without it each step is shorter.'),
      )}
    </>
  )
}

const marked = (label: string, usual: boolean): string =>
  usual ? say('{choice} (default)', { choice: label }) : label
