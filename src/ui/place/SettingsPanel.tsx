import type { ReactNode } from 'react'

import { setSetting } from '@/document/commands'
import { hasTurbo } from '@/document/modelCommands'
import { setFluxPlace, setPlaceModel, setPlaceTurbo } from '@/document/place/commands'
import type { PlaceModel } from '@/schema/modes/place'
import { Advanced } from '@/ui/controls/Advanced'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { Slider } from '@/ui/controls/Slider'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { FluxExtras, NoiseSwitch } from '@/ui/panels/FluxExtras'
import { LightSettings } from '@/ui/place/LightSettings'
import { MaskSettings } from '@/ui/place/MaskSettings'
import { SeedField } from '@/ui/panels/SeedField'
import { useDocument, useModels, useRun, useStudio } from '@/ui/studio'

const MODELS: { value: PlaceModel; label: string; about: string }[] = [
  { value: 'mini', label: 'Inlay Mini', about: 'Built in. Quick, and runs on every device.' },
  {
    value: 'hand',
    label: 'By hand',
    about: 'You set the light; shadow, contact and reflection follow at once, at full resolution.',
  },
  {
    value: 'dreamfuse',
    label: 'DreamFuse',
    about: 'FLUX.1-dev with the DreamFuse LoRA, which you bring. Far better, and far slower.',
  },
]

const SIZES = [512, 768, 1024] as const

/** The model of Place and its settings. */
export function SettingsPanel(): ReactNode {
  const { document } = useStudio()
  const model = useDocument((state) => state.document.placeModel)
  const running = useRun((state) => state.run.kind === 'running')
  return (
    <Section title="Settings">
      <div className="stack">
        <Segmented
          label="Model"
          testId="place-model"
          value={model}
          choices={MODELS}
          disabled={running}
          hint={MODELS.find(({ value }) => value === model)?.about}
          onChange={(value) => setPlaceModel(document, value)}
        />
        <ModelSettings model={model} />
      </div>
    </Section>
  )
}

function ModelSettings({ model }: { model: PlaceModel }): ReactNode {
  switch (model) {
    case 'mini':
      return <MiniSettings />
    case 'hand':
      return (
        <>
          <LightSettings />
          <MaskSettings />
        </>
      )
    case 'dreamfuse':
      return <FluxSettings />
  }
}

function MiniSettings(): ReactNode {
  const { document } = useStudio()
  const settings = useDocument((state) => state.document.settings)
  return (
    <>
      <Slider
        label="Steps"
        testId="steps"
        min={1}
        max={Math.max(20, settings.steps)}
        step={1}
        value={settings.steps}
        onChange={(value) => setSetting(document, 'steps', value)}
      />
      <Slider
        label="Strength"
        testId="strength"
        min={0.05}
        max={1}
        step={0.05}
        value={settings.strength}
        format={(value) => `${Math.round(value * 100)} %`}
        hint="Lower keeps more of the pasted picture."
        onChange={(value) => setSetting(document, 'strength', Math.round(value * 100) / 100)}
      />
      <SeedField />
      <BackendSwitch />
    </>
  )
}

function FluxSettings(): ReactNode {
  const { document } = useStudio()
  const flux = useDocument((state) => state.document.fluxPlace)
  const turbo = useModels((state) => hasTurbo(state.installed))
  return (
    <>
      <Segmented
        label="Size"
        value={flux.size}
        choices={SIZES.map((value) => ({ value, label: `${value} px` }))}
        hint="The model works at about this size squared; the result is brought back to your picture’s."
        onChange={(size) => setFluxPlace(document, { size })}
      />
      <Segmented
        label="Speed"
        value={flux.turbo ? 'fast' : 'full'}
        choices={[
          { value: 'full', label: 'Full, 28 steps' },
          {
            value: 'fast',
            label: 'Fast, 8 steps',
            disabled: !turbo && !flux.turbo,
            ...(turbo ? {} : { title: 'Needs a turbo LoRA: see Models' }),
          },
        ]}
        onChange={(value) => setPlaceTurbo(document, value === 'fast')}
      />
      <Slider
        label="Steps"
        testId="steps"
        min={1}
        max={Math.max(40, flux.steps)}
        step={1}
        value={flux.steps}
        onChange={(steps) => setFluxPlace(document, { steps })}
      />
      <Slider
        label="Guidance"
        min={1}
        max={10}
        step={0.1}
        value={flux.guidance}
        format={(value) => value.toFixed(1)}
        onChange={(value) => setFluxPlace(document, { guidance: Math.round(value * 10) / 10 })}
      />
      <Slider
        label="Text strength"
        min={1}
        max={10}
        step={1}
        value={flux.textStrength}
        format={(value) => `${value} ×`}
        hint="How often the prompt is repeated. Each time costs time."
        onChange={(textStrength) => setFluxPlace(document, { textStrength })}
      />
      <SeedField />
      <BackendSwitch />
      <Advanced>
        <NoiseSwitch value={flux.noise} onChange={(noise) => setFluxPlace(document, { noise })} />
        <FluxExtras />
      </Advanced>
    </>
  )
}
