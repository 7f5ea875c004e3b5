import type { ReactNode } from 'react'

import { setCompose, setComposeModel, setPreset } from '@/document/compose/commands'
import { hasTurbo } from '@/document/modelCommands'
import type { ComposeModel, ComposeSettings } from '@/schema/modes/compose'
import { Advanced } from '@/ui/controls/Advanced'
import { NumberField } from '@/ui/controls/NumberField'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { Slider } from '@/ui/controls/Slider'
import { KleinSettings } from '@/ui/compose/KleinSettings'
import { PainterSettings } from '@/ui/compose/PainterSettings'
import { ExactSize, SizePicker } from '@/ui/compose/SizePicker'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { FluxExtras, NoiseSwitch, RefreshSlider } from '@/ui/panels/FluxExtras'
import { useBuiltIn } from '@/ui/panels/useBuiltIn'
import { SeedField } from '@/ui/panels/SeedField'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useModels, useRun, useStudio } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

const tenths = (value: number): number => Math.round(value * 10) / 10

const models = (): { value: ComposeModel; label: string; about: string }[] => [
  {
    value: 'painter',
    label: say('Built in'),
    about: say(
      'Small pictures of emoji’s world, in its own words, with up to three references. Nothing to bring.',
    ),
  },
  {
    value: 'dreamo',
    label: 'DreamO',
    about: say('FLUX.1-dev with the DreamO LoRAs, which you bring. Up to nine references.'),
  },
  {
    value: 'klein',
    label: 'FLUX.2 [klein]',
    about: say('Four steps, a free licence, up to four references. You bring it.'),
  },
]

/** Size and settings of Compose. */
export function ComposePanel(): ReactNode {
  const { document } = useStudio()
  const model = useDocument((state) => state.document.composeModel)
  const held = useRun(isHeld)
  const painter = useBuiltIn('painter2')
  const choices = models().filter(({ value }) => value !== 'painter' || painter || model === 'painter')
  return (
    <>
      {model !== 'painter' && <SizePicker />}
      <Section title={say('Settings')}>
        <div className="stack">
          <Segmented
            label={say('Model')}
            testId="compose-model"
            value={model}
            choices={choices}
            disabled={held}
            hint={models().find(({ value }) => value === model)?.about}
            onChange={(value) => setComposeModel(document, value)}
          />
          <ModelSettings model={model} />
        </div>
      </Section>
    </>
  )
}

function ModelSettings({ model }: { model: ComposeModel }): ReactNode {
  switch (model) {
    case 'dreamo':
      return <DreamoSettings />
    case 'klein':
      return <KleinSettings />
    case 'painter':
      return <PainterSettings />
  }
}

function DreamoSettings(): ReactNode {
  const { document } = useStudio()
  const settings = useDocument((state) => state.document.compose)
  const preset = useDocument((state) => state.document.preset)
  const turbo = useModels((state) => hasTurbo(state.installed))
  const set = (change: Partial<ComposeSettings>) => setCompose(document, change)
  return (
    <>
      <Segmented
        label="DreamO"
        testId="compose-preset"
        value={preset.version}
        choices={[
          { value: 'v1.1', label: 'v1.1' },
          { value: 'v1', label: 'v1' },
        ]}
        hint={
          preset.version === 'v1.1'
            ? say('More natural skin and fewer broken hands.')
            : say('Keeps several similar subjects apart better; can look glossy.')
        }
        onChange={(version) => setPreset(document, { version })}
      />
      <Segmented
        label={say('Speed')}
        testId="compose-turbo"
        value={preset.turbo ? 'fast' : 'full'}
        choices={[
          { value: 'full', label: say('Full, {steps} steps', { steps: 25 }) },
          {
            value: 'fast',
            label: say('Fast, {steps} steps', { steps: 12 }),
            disabled: !turbo && !preset.turbo,
            ...(turbo ? {} : { title: say('Needs a turbo LoRA: see Models') }),
          },
        ]}
        onChange={(value) => setPreset(document, { turbo: value === 'fast' })}
      />
      <Slider
        label={say('Steps')}
        testId="steps"
        min={1}
        max={Math.max(40, settings.steps)}
        step={1}
        value={settings.steps}
        onChange={(steps) => set({ steps })}
      />
      <Slider
        label={say('Guidance')}
        min={1}
        max={10}
        step={0.1}
        value={settings.guidance}
        format={(value) => sayNumber(value, 1)}
        hint={say('Lower where skin looks like plastic, higher where limbs or letters go wrong.')}
        onChange={(value) => set({ guidance: tenths(value) })}
      />
      <SeedField />
      <BackendSwitch />
      <Advanced>
        <ComposeAdvanced settings={settings} set={set} />
        <FluxExtras />
      </Advanced>
    </>
  )
}

interface ComposeAdvancedProps {
  settings: ComposeSettings
  set(change: Partial<ComposeSettings>): void
}

function ComposeAdvanced({ settings, set }: ComposeAdvancedProps): ReactNode {
  const guided = settings.trueCfg > 1
  return (
    <>
      <ExactSize />
      <Slider
        label={say('Reference size')}
        min={512}
        max={1024}
        step={16}
        value={settings.referenceSize}
        format={(value) => `${value} px`}
        hint={say('Larger keeps letters and fine detail; some pictures get worse above 576.')}
        onChange={(referenceSize) => set({ referenceSize })}
      />
      <RefreshSlider
        value={settings.refreshEvery}
        hint={say(
          'Between, references stay as the model last saw them. Faster, takes more memory, and no longer exactly what the model says.',
        )}
        onChange={(refreshEvery) => set({ refreshEvery })}
      />
      <Slider
        label={say('First step’s guidance')}
        min={0}
        max={10}
        step={0.1}
        value={settings.firstStepGuidance}
        format={(value) => (value === 0 ? say('as the others') : sayNumber(value, 1))}
        onChange={(value) => set({ firstStepGuidance: tenths(value) })}
      />
      <Slider
        label={say('True guidance')}
        min={1}
        max={5}
        step={0.1}
        value={settings.trueCfg}
        format={(value) => (value === 1 ? say('off') : sayNumber(value, 1))}
        hint={say('Runs steps a second time without the references.')}
        onChange={(value) =>
          set({
            trueCfg: tenths(value),
            // Without a window it would do nothing.
            ...(settings.cfgEnd <= settings.cfgStart ? { cfgStart: 0, cfgEnd: settings.steps } : {}),
          })
        }
      />
      {guided && (
        <>
          <div className="grid-2">
            <NumberField
              mark={say('from')}
              label={say('True guidance begins at this step, from 0')}
              min={0}
              max={100}
              multipleOf={1}
              value={settings.cfgStart}
              onCommit={(value) => set({ cfgStart: value })}
            />
            <NumberField
              mark={say('to')}
              label={say('True guidance ends before this step')}
              min={0}
              max={100}
              multipleOf={1}
              value={settings.cfgEnd}
              onCommit={(value) => set({ cfgEnd: value })}
            />
          </div>
          <label className="control">
            <span className="label">{say('What to keep away')}</span>
            <input
              className="field"
              type="text"
              maxLength={2000}
              placeholder="blurry, extra fingers"
              value={settings.negativePrompt}
              onChange={(event) => set({ negativePrompt: event.target.value })}
            />
          </label>
          <Slider
            label={say('Guidance of that')}
            min={0}
            max={10}
            step={0.1}
            value={settings.negativeGuidance}
            format={(value) => sayNumber(value, 1)}
            onChange={(value) => set({ negativeGuidance: tenths(value) })}
          />
        </>
      )}
      <NoiseSwitch value={settings.noise} onChange={(noise) => set({ noise })} />
    </>
  )
}
