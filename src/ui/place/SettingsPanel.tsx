import type { ReactNode } from 'react'

import { setSetting } from '@/document/commands'
import { hasTurbo } from '@/document/modelCommands'
import { setFluxPlace, setPlaceModel, setPlaceTurbo } from '@/document/place/commands'
import type { PlaceModel } from '@/schema/modes/place'
import { Advanced } from '@/ui/controls/Advanced'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { FluxExtras, NoiseSwitch, RefreshSlider } from '@/ui/panels/FluxExtras'
import { DetailSlider } from '@/ui/place/DetailSlider'
import { KleinSettings } from '@/ui/place/KleinSettings'
import { LightSettings } from '@/ui/place/LightSettings'
import { MaskSettings } from '@/ui/place/MaskSettings'
import { SeedField } from '@/ui/panels/SeedField'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useModels, useRun, useStudio } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

const models = (): { value: PlaceModel; label: string; about: string }[] => [
  {
    value: 'mini2',
    label: 'Inlay Mini 2',
    about: say(
      'Built in. Shadow, contact and reflection as layers at full resolution, seen at once and yours to move.',
    ),
  },
  {
    value: 'klein',
    label: 'klein',
    about: say('FLUX.2 [klein], which you bring: repaints the object and what is around it in four steps.'),
  },
  {
    value: 'dreamfuse',
    label: 'DreamFuse',
    about: say('FLUX.1-dev with the DreamFuse LoRA, which you bring. Far better, and far slower.'),
  },
]

const SIZES = [512, 768, 1024] as const

/** The model of Place and its settings. */
export function SettingsPanel(): ReactNode {
  const { document } = useStudio()
  const model = useDocument((state) => state.document.placeModel)
  const held = useRun(isHeld)
  const hasGpu = useRun(({ engine }) => engine.kind === 'ready' && engine.info.backend === 'webgpu')
  const about = models().find(({ value }) => value === model)?.about
  const advice = say(hasGpu ? 'Recommended here: this device has a GPU.' : 'Without a GPU it takes minutes.')
  return (
    <Section title={say('Settings')}>
      <div className="stack">
        <Segmented
          label={say('Model')}
          testId="place-model"
          value={model}
          choices={models().map((one) => (one.value === 'klein' && hasGpu ? { ...one, title: advice } : one))}
          disabled={held}
          hint={model === 'klein' ? `${about} ${advice}` : about}
          onChange={(value) => setPlaceModel(document, value)}
        />
        <ModelSettings model={model} />
      </div>
    </Section>
  )
}

function ModelSettings({ model }: { model: PlaceModel }): ReactNode {
  switch (model) {
    case 'mini2':
      return (
        <>
          <LightSettings />
          <MaskSettings />
          <BackendSwitch />
        </>
      )
    case 'klein':
      return <KleinSettings />
    case 'dreamfuse':
      return <FluxSettings />
  }
}

function FluxSettings(): ReactNode {
  const { document } = useStudio()
  const flux = useDocument((state) => state.document.fluxPlace)
  const strength = useDocument((state) => state.document.settings.strength)
  const turbo = useModels((state) => hasTurbo(state.installed))
  return (
    <>
      <Segmented
        label={say('Size')}
        value={flux.size}
        choices={SIZES.map((value) => ({ value, label: `${value} px` }))}
        hint={say(
          'The model works at about this size squared; the result is brought back to your picture’s.',
        )}
        onChange={(size) => setFluxPlace(document, { size })}
      />
      <Segmented
        label={say('Speed')}
        value={flux.turbo ? 'fast' : 'full'}
        choices={[
          { value: 'full', label: say('Full, {steps} steps', { steps: 28 }) },
          {
            value: 'fast',
            label: say('Fast, {steps} steps', { steps: 8 }),
            disabled: !turbo && !flux.turbo,
            ...(turbo ? {} : { title: say('Needs a turbo LoRA: see Models') }),
          },
        ]}
        onChange={(value) => setPlaceTurbo(document, value === 'fast')}
      />
      <Slider
        label={say('Steps')}
        testId="steps"
        min={1}
        max={Math.max(40, flux.steps)}
        step={1}
        value={flux.steps}
        onChange={(steps) => setFluxPlace(document, { steps })}
      />
      <Slider
        label={say('Guidance')}
        min={1}
        max={10}
        step={0.1}
        value={flux.guidance}
        format={(value) => sayNumber(value, 1)}
        onChange={(value) => setFluxPlace(document, { guidance: Math.round(value * 10) / 10 })}
      />
      <Slider
        label={say('Text strength')}
        min={1}
        max={10}
        step={1}
        value={flux.textStrength}
        format={(value) => `${value} ×`}
        hint={say('How often the prompt is repeated. Each time costs time.')}
        onChange={(textStrength) => setFluxPlace(document, { textStrength })}
      />
      <Slider
        label={say('Strength')}
        testId="strength"
        min={0.05}
        max={1}
        step={0.05}
        value={strength}
        format={percent}
        hint={say('Lower keeps more of the pasted picture.')}
        onChange={(value) => setSetting(document, 'strength', Math.round(value * 100) / 100)}
      />
      <DetailSlider value={flux.detail} onChange={(detail) => setFluxPlace(document, { detail })} />
      <SeedField />
      <BackendSwitch />
      <Advanced>
        <NoiseSwitch value={flux.noise} onChange={(noise) => setFluxPlace(document, { noise })} />
        <Slider
          label={say('Guess alike steps')}
          testId="guess-under"
          min={0}
          max={0.3}
          step={0.01}
          value={flux.guessUnder}
          format={(value) => (value === 0 ? say('off') : say('under {share}', { share: percent(value) }))}
          hint={say(
            'Steps in which the first layer changes less are not run whole. Faster, and no longer exactly what the model says.',
          )}
          onChange={(value) => setFluxPlace(document, { guessUnder: Math.round(value * 100) / 100 })}
        />
        <RefreshSlider
          value={flux.refreshEvery}
          hint={say(
            'Between, object and background stay as the model last saw them. Faster, takes more memory, and no longer exactly what the model says.',
          )}
          onChange={(refreshEvery) => setFluxPlace(document, { refreshEvery })}
        />
        <FluxExtras />
      </Advanced>
    </>
  )
}
