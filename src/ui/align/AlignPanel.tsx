import type { ReactNode } from 'react'

import { setAlign, setAlignPreset, setUnet } from '@/document/align/commands'
import type { AlignModel } from '@/schema/modes/align'
import { AlignAdvanced } from '@/ui/align/AlignAdvanced'
import { Advanced } from '@/ui/controls/Advanced'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { Slider } from '@/ui/controls/Slider'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { SeedField } from '@/ui/panels/SeedField'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useModels, useRun, useStudio } from '@/ui/studio'
import { say, sayNumber, sayTogether } from '@/words/say'

const models = (): { value: AlignModel; label: string; about: string }[] => [
  {
    value: 'painter',
    label: say('Built in'),
    about: say('Small pictures of our rendered world, in its own words. Runs on every device.'),
  },
  {
    value: 'sd',
    label: 'Stable Diffusion 2',
    about: say('Any prompt, with the U-Net, the VAE and the text encoder that you bring.'),
  },
]

/** Model and settings of Align. */
export function AlignPanel(): ReactNode {
  const { document } = useStudio()
  const model = useDocument((state) => state.document.align.model)
  const settings = useDocument((state) => state.document.align.settings)
  const held = useRun(isHeld)
  return (
    <Section title={say('Settings')}>
      <div className="stack">
        <Segmented
          label={say('Model')}
          testId="align-model"
          value={model}
          choices={models()}
          disabled={held}
          hint={models().find(({ value }) => value === model)?.about}
          onChange={(value) => setAlignPreset(document, value)}
        />
        {model === 'sd' && <SdChoice held={held} />}
        <Slider
          label={say('Steps')}
          testId="steps"
          min={1}
          max={Math.max(50, settings.steps)}
          step={1}
          value={settings.steps}
          onChange={(steps) => setAlign(document, { steps })}
        />
        <Slider
          label={say('Guidance')}
          min={1}
          max={15}
          step={0.1}
          value={settings.guidance}
          format={(value) => (value === 1 ? say('off') : sayNumber(value, 1))}
          hint={say('Higher follows the prompt more closely and varies less.')}
          onChange={(value) => setAlign(document, { guidance: Math.round(value * 10) / 10 })}
        />
        <SeedField label={say('First seed to sample')} />
        <BackendSwitch />
        <Advanced>
          <AlignAdvanced settings={settings} set={(change) => setAlign(document, change)} />
        </Advanced>
      </div>
    </Section>
  )
}

/** Which Stable Diffusion: the usual one or its few-step relative, and which of several installed. */
function SdChoice({ held }: { held: boolean }): ReactNode {
  const { document } = useStudio()
  const steps = useDocument((state) => state.document.align.settings.steps)
  const guidance = useDocument((state) => state.document.align.settings.guidance)
  const chosen = useDocument((state) => state.document.align.unet)
  const installed = useModels((state) => state.installed)
  const unets = installed.filter(({ family, problem }) => family === 'unet' && !problem)
  return (
    <>
      <Segmented
        label={say('Made for')}
        value={steps <= 8 && guidance === 1 ? 'turbo' : 'sd'}
        choices={[
          { value: 'sd' as const, label: say('{model}, {steps} steps', { model: 'SD 2.1', steps: 20 }) },
          { value: 'turbo' as const, label: say('{model}, {steps} steps', { model: 'SD-Turbo', steps: 4 }) },
        ]}
        disabled={held}
        onChange={(preset) => setAlignPreset(document, preset)}
      />
      {unets.length > 1 && (
        <label className="control">
          <span className="label">U-Net</span>
          <select
            className="field"
            value={unets.some(({ hash }) => hash === chosen) ? (chosen ?? '') : ''}
            onChange={(event) => setUnet(document, event.target.value || null)}
          >
            <option value="">{say('The newest')}</option>
            {unets.map(({ id, hash, name, precision }) => (
              <option key={id} value={hash}>
                {sayTogether([name, precision])}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  )
}
