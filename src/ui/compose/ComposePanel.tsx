import type { ReactNode } from 'react'

import { setCompose, setPreset } from '@/document/compose/commands'
import { hasTurbo } from '@/document/modelCommands'
import type { ComposeSettings } from '@/schema/modes/compose'
import { Advanced } from '@/ui/controls/Advanced'
import { NumberField } from '@/ui/controls/NumberField'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { Slider } from '@/ui/controls/Slider'
import { AREAS, choiceOf, SHAPES, sizeOf } from '@/ui/compose/sizes'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { FluxExtras, NoiseSwitch } from '@/ui/panels/FluxExtras'
import { SeedField } from '@/ui/panels/SeedField'
import { useDocument, useModels, useStudio } from '@/ui/studio'

const tenths = (value: number): number => Math.round(value * 10) / 10

/** Size and settings of Compose. */
export function ComposePanel(): ReactNode {
  const { document } = useStudio()
  const settings = useDocument((state) => state.document.compose)
  const preset = useDocument((state) => state.document.preset)
  const turbo = useModels((state) => hasTurbo(state.installed))
  const set = (change: Partial<ComposeSettings>) => setCompose(document, change)
  return (
    <>
      <SizePicker />
      <Section title="Settings">
        <div className="stack">
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
                ? 'More natural skin and fewer broken hands.'
                : 'Keeps several similar subjects apart better; can look glossy.'
            }
            onChange={(version) => setPreset(document, { version })}
          />
          <Segmented
            label="Speed"
            testId="compose-turbo"
            value={preset.turbo ? 'fast' : 'full'}
            choices={[
              { value: 'full', label: 'Full, 25 steps' },
              {
                value: 'fast',
                label: 'Fast, 12 steps',
                disabled: !turbo && !preset.turbo,
                ...(turbo ? {} : { title: 'Needs a turbo LoRA: see Models' }),
              },
            ]}
            onChange={(value) => setPreset(document, { turbo: value === 'fast' })}
          />
          <Slider
            label="Steps"
            testId="steps"
            min={1}
            max={Math.max(40, settings.steps)}
            step={1}
            value={settings.steps}
            onChange={(steps) => set({ steps })}
          />
          <Slider
            label="Guidance"
            min={1}
            max={10}
            step={0.1}
            value={settings.guidance}
            format={(value) => value.toFixed(1)}
            hint="Lower where skin looks like plastic, higher where limbs or letters go wrong."
            onChange={(value) => set({ guidance: tenths(value) })}
          />
          <SeedField />
          <BackendSwitch />
          <Advanced>
            <ComposeAdvanced settings={settings} set={set} />
            <FluxExtras />
          </Advanced>
        </div>
      </Section>
    </>
  )
}

/** Shapes as pictures of themselves, and how large. */
function SizePicker(): ReactNode {
  const { document } = useStudio()
  const width = useDocument((state) => state.document.compose.width)
  const height = useDocument((state) => state.document.compose.height)
  const choice = choiceOf({ width, height })
  const side = choice?.side ?? nearestArea(width, height)
  return (
    <Section
      title="Picture"
      actions={
        <span className="hint">
          {width} × {height}
        </span>
      }
    >
      <div className="stack">
        <div className="shapes" role="radiogroup" aria-label="Shape">
          {SHAPES.map(({ label, name, ratio }) => (
            <label key={label} title={`${label}, ${name}`}>
              <input
                type="radio"
                name="compose-shape"
                aria-label={`${label}, ${name}`}
                checked={choice?.ratio === ratio}
                onChange={() => setCompose(document, sizeOf(ratio, side))}
              />
              <span className="shape" style={shapeStyle(ratio)} />
              <span>{label}</span>
            </label>
          ))}
        </div>
        <Segmented
          label="Size"
          value={choice?.side ?? null}
          choices={AREAS.map((value) => ({
            value,
            label: value === 512 ? '512, draft' : String(value),
            title: `About ${value} × ${value} pixels`,
          }))}
          onChange={(value) => setCompose(document, sizeOf(choice?.ratio ?? width / height, value))}
        />
      </div>
    </Section>
  )
}

const shapeStyle = (ratio: number) => {
  const scale = 20 / Math.sqrt(Math.max(ratio, 1 / ratio))
  return { width: scale * Math.sqrt(ratio), height: scale / Math.sqrt(ratio) }
}

const nearestArea = (width: number, height: number): number =>
  AREAS.reduce((best, side) =>
    Math.abs(side - Math.sqrt(width * height)) < Math.abs(best - Math.sqrt(width * height)) ? side : best,
  )

interface ComposeAdvancedProps {
  settings: ComposeSettings
  set(change: Partial<ComposeSettings>): void
}

function ComposeAdvanced({ settings, set }: ComposeAdvancedProps): ReactNode {
  const guided = settings.trueCfg > 1
  return (
    <>
      <div className="grid-2">
        <NumberField
          mark="W"
          label="Width, pixels, in steps of 16"
          min={256}
          max={2048}
          multipleOf={16}
          value={settings.width}
          onCommit={(value) => set({ width: value })}
        />
        <NumberField
          mark="H"
          label="Height, pixels, in steps of 16"
          min={256}
          max={2048}
          multipleOf={16}
          value={settings.height}
          onCommit={(value) => set({ height: value })}
        />
      </div>
      <Slider
        label="Reference size"
        min={512}
        max={1024}
        step={16}
        value={settings.referenceSize}
        format={(value) => `${value} px`}
        hint="Larger keeps letters and fine detail; some pictures get worse above 576."
        onChange={(referenceSize) => set({ referenceSize })}
      />
      <Slider
        label="First step’s guidance"
        min={0}
        max={10}
        step={0.1}
        value={settings.firstStepGuidance}
        format={(value) => (value === 0 ? 'as the others' : value.toFixed(1))}
        onChange={(value) => set({ firstStepGuidance: tenths(value) })}
      />
      <Slider
        label="True guidance"
        min={1}
        max={5}
        step={0.1}
        value={settings.trueCfg}
        format={(value) => (value === 1 ? 'off' : value.toFixed(1))}
        hint="Runs steps a second time without the references."
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
              mark="from"
              label="True guidance begins at this step, from 0"
              min={0}
              max={100}
              multipleOf={1}
              value={settings.cfgStart}
              onCommit={(value) => set({ cfgStart: value })}
            />
            <NumberField
              mark="to"
              label="True guidance ends before this step"
              min={0}
              max={100}
              multipleOf={1}
              value={settings.cfgEnd}
              onCommit={(value) => set({ cfgEnd: value })}
            />
          </div>
          <label className="control">
            <span className="label">What to keep away</span>
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
            label="Guidance of that"
            min={0}
            max={10}
            step={0.1}
            value={settings.negativeGuidance}
            format={(value) => value.toFixed(1)}
            onChange={(value) => set({ negativeGuidance: tenths(value) })}
          />
        </>
      )}
      <NoiseSwitch value={settings.noise} onChange={(noise) => set({ noise })} />
    </>
  )
}
