import type { ReactNode } from 'react'

import type { AlignSettings } from '@/schema/modes/align'
import { NumberField } from '@/ui/controls/NumberField'
import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import { ExtraLoras, MemorySlider, NoiseSwitch } from '@/ui/panels/FluxExtras'
import { useDocument } from '@/ui/studio'
import { type Message, say, sayNumber } from '@/words/say'

interface AlignAdvancedProps {
  settings: AlignSettings
  set(change: Partial<AlignSettings>): void
}

const FUSION_HINTS = {
  keys: 'The paper’s way: within the region the base reads the reference’s keys and values.',
  whole: 'The paper’s ablation: without a mask the target becomes the reference, wholesale.',
  outputs: 'The paper’s ablation: masking what attention gives leaves seams along the region.',
} as const satisfies Record<AlignSettings['fusion'], Message>

/** How the words become a mask and what the mask is laid on (specs: D-Fusion §4, §5, §7). */
export function AlignAdvanced({ settings, set }: AlignAdvancedProps): ReactNode {
  const imported = useDocument((state) => state.document.align.model === 'sd')
  return (
    <>
      {imported && (
        <div className="grid-2">
          <NumberField
            mark={say('W|width')}
            label={say('Width, pixels, in steps of 32')}
            min={64}
            max={1024}
            multipleOf={32}
            value={settings.width}
            onCommit={(value) => set({ width: value })}
          />
          <NumberField
            mark={say('H|height')}
            label={say('Height, pixels, in steps of 32')}
            min={64}
            max={1024}
            multipleOf={32}
            value={settings.height}
            onCommit={(value) => set({ height: value })}
          />
        </div>
      )}
      <Segmented
        label={say('Several words')}
        value={settings.union}
        choices={[
          { value: 'or', label: say('Together') },
          { value: 'xor', label: say('Without overlap') },
        ]}
        hint={
          settings.union === 'or'
            ? say('A cell counts where any word has it (the released code).')
            : say('A cell that two words share counts for neither (the paper’s ⊕).')
        }
        onChange={(union) => set({ union })}
      />
      <Segmented
        label={say('Maps from')}
        value={settings.maps}
        choices={[
          { value: 'code', label: say('Down and up') },
          { value: 'paper', label: say('Up alone') },
        ]}
        hint={
          settings.maps === 'code'
            ? say('Every layer of the mask’s size, as the released code does.')
            : say('The layers on the way up alone, as the paper says.')
        }
        onChange={(maps) => set({ maps })}
      />
      <Segmented
        label={say('The mask chooses')}
        testId="fusion"
        value={settings.fusion}
        choices={[
          { value: 'keys', label: say('Keys, values') },
          { value: 'whole', label: say('Everything') },
          { value: 'outputs', label: say('Outputs') },
        ]}
        hint={say(FUSION_HINTS[settings.fusion])}
        onChange={(fusion) => set({ fusion })}
      />
      <RangeFields
        label={say('Fused layers')}
        hint={say('From the middle of the network outwards; the last ones carry the finest detail.')}
        offset={0}
        highest={32}
        value={settings.layers}
        onChange={(layers) => set({ layers })}
      />
      <RangeFields
        label={say('Fused steps')}
        hint={say(
          'Middle steps give the clearest regions, late ones care for detail. The first two stay the base’s own.',
        )}
        offset={1}
        highest={settings.steps}
        value={settings.fused}
        onChange={(fused) => set({ fused })}
      />
      <Slider
        label={say('New noise in every step')}
        min={0}
        max={1}
        step={0.05}
        value={settings.eta}
        format={(value) => (value === 0 ? say('none') : sayNumber(value, 2))}
        hint={say(
          'DDIM’s η. 1 as in the paper; at 0 there are no log-probabilities to train on. Own pictures run without.',
        )}
        onChange={(eta) => set({ eta: Math.round(eta * 100) / 100 })}
      />
      <Slider
        label={say('Adopt from')}
        min={0}
        max={1}
        step={0.05}
        value={settings.adoption}
        format={(value) => say('{share} of the gain', { share: percent(value) })}
        hint={say('How much of the reference’s lead over the base a target must reach.')}
        onChange={(adoption) => set({ adoption: Math.round(adoption * 100) / 100 })}
      />
      <NoiseSwitch value={settings.noise} onChange={(noise) => set({ noise })} />
      {imported && (
        <>
          <ExtraLoras base="sd2" about={say('for Stable Diffusion')} />
          <MemorySlider />
        </>
      )}
    </>
  )
}

interface RangeFieldsProps {
  label: string
  hint: string
  /** What is added to show a number: steps are counted from 1. */
  offset: 0 | 1
  highest: number
  value: { first: number; last: number }
  onChange(value: { first: number; last: number }): void
}

function RangeFields({ label, hint, offset, highest, value, onChange }: RangeFieldsProps): ReactNode {
  const field = (end: 'first' | 'last', mark: string) => (
    <NumberField
      mark={mark}
      label={
        end === 'first'
          ? say('{range}, first one', { range: label })
          : say('{range}, last one', { range: label })
      }
      min={offset}
      max={highest}
      multipleOf={1}
      value={value[end] + offset}
      onCommit={(number) => onChange({ ...value, [end]: number - offset })}
    />
  )
  return (
    <div className="control" role="group" aria-label={label}>
      <div className="label">
        <span>{label}</span>
      </div>
      <div className="grid-2 ends">
        {field('first', say('from'))}
        {field('last', say('to'))}
      </div>
      <p className="hint under">{hint}</p>
    </div>
  )
}
