import { useId, type ReactNode } from 'react'

import type { PlaceScene } from '@/schema/modes/place'
import { percent } from '@/ui/controls/Slider'
import { LayerEye } from '@/ui/place/LayerEye'
import { SceneSlider } from '@/ui/place/SceneSlider'
import { StandingSettings } from '@/ui/place/StandingSettings'
import { useDocument } from '@/ui/studio'
import { type Message, say } from '@/words/say'

type ObjectAmount = 'relight' | 'tone' | 'edge' | 'grain' | 'grass'

const SLIDERS = [
  { amount: 'relight', label: 'Relight', hint: 'Shades the object by the light that is set here.' },
  { amount: 'tone', label: 'Tone', hint: 'Brings brightness and colour towards the picture around it.' },
  { amount: 'edge', label: 'Edge', hint: 'Takes the old background’s colour out of the outline.' },
  { amount: 'grain', label: 'Grain', hint: 'Adds the picture’s blur and noise where the object has less.' },
  { amount: 'grass', label: 'Grass', hint: 'Lays the blades of a lawn over the feet of what stands in it.' },
] as const satisfies readonly { amount: ObjectAmount; label: Message; hint: Message }[]

/** How strongly the objects themselves are changed to look at home in the picture. */
export function ObjectSettings(): ReactNode {
  const { amounts } = useDocument((state): PlaceScene => state.document.scene)
  const id = useId()
  return (
    <div className="stack" role="group" aria-labelledby={id}>
      <h3 id={id}>{say('Object')}</h3>
      <StandingSettings />
      {SLIDERS.map(({ amount, label, hint }) => (
        <SceneSlider
          key={amount}
          label={say(label)}
          testId={`object-${amount}`}
          min={0}
          max={1}
          step={0.01}
          value={amounts[amount]}
          format={percent}
          hint={say(hint)}
          aside={<LayerEye layer={amount} name={say(label)} />}
          what={`Change ${amount}`}
          set={(scene, value) => {
            scene.amounts[amount] = value
          }}
        />
      ))}
    </div>
  )
}
