import { X } from 'lucide-react'
import type { ReactNode } from 'react'

import { lowBits } from '@/base/seed'
import { setLora, setTransformer } from '@/document/modelCommands'
import { fitsBase } from '@/document/packs'
import type { FamilyId } from '@/families/registry'
import type { NoiseSource } from '@/schema/common'
import { IconButton } from '@/ui/controls/IconButton'
import { NumberField } from '@/ui/controls/NumberField'
import { Segmented } from '@/ui/controls/Segmented'
import { Slider } from '@/ui/controls/Slider'
import { TransformerChoice } from '@/ui/panels/TransformerChoice'
import { MEMORY_GB } from '@/ui/stores/models'
import type { EngineStatus } from '@/ui/stores/run'
import { useDocument, useModels, useRun, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** Where the starting noise comes from. */
export function NoiseSwitch(props: { value: NoiseSource; onChange(value: NoiseSource): void }): ReactNode {
  const seed = useDocument((state) => state.document.settings.seed)
  const truncated = lowBits(seed) !== seed
  return (
    <Segmented
      label={say('Noise')}
      value={props.value}
      choices={[
        { value: 'philox', label: 'Inlay' },
        { value: 'torch', label: say('As torch') },
      ]}
      hint={
        props.value === 'torch' && truncated
          ? say('PyTorch’s CPU generator reads the low 32 bits of a seed: here {seed}.', {
              seed: lowBits(seed),
            })
          : say('“As torch” draws the numbers that PyTorch draws on a CPU for the same seed.')
      }
      onChange={props.onChange}
    />
  )
}

/**
 * What all FLUX modes share: which transformer, extra LoRAs, how much memory.
 * @param otherwise which transformer is taken where none is chosen, in words
 */
export function FluxExtras({ otherwise }: { otherwise?: string }): ReactNode {
  const { document } = useStudio()
  const chosen = useDocument((state) => state.document.transformer)
  return (
    <>
      <TransformerChoice
        kind="transformer"
        label={say('FLUX transformer')}
        chosen={chosen}
        otherwise={otherwise}
        onChange={(hash) => setTransformer(document, hash)}
      />
      <ExtraLoras base="flux" about={say('for all FLUX modes')} />
      <MemorySlider />
      <ArithmeticSwitch />
    </>
  )
}

interface ExtraLorasProps {
  /** What they have to be made for. */
  base: FamilyId
  about: string
}

/** LoRAs beside those of a mode; each mode takes those that were made for its model. */
export function ExtraLoras({ base, about }: ExtraLorasProps): ReactNode {
  const { document } = useStudio()
  const listed = useDocument((state) => state.document.loras)
  const installed = useModels((state) => state.installed)
  const fits = (hash: string) => {
    const pack = installed.find((one) => one.hash === hash)
    return !pack || fitsBase(pack, base)
  }
  const loras = listed.filter(({ hash }) => fits(hash))
  const others = installed.filter(
    ({ family, role, hash }) =>
      family === 'lora' && role === 'other' && fits(hash) && !loras.some((lora) => lora.hash === hash),
  )
  return (
    <div className="control">
      <div className="label">
        <span>{say('Extra LoRAs')}</span>
        <span>{about}</span>
      </div>
      <ul className="lora-list">
        {loras.map((lora) => (
          <li key={lora.hash}>
            <span title={lora.name}>{lora.name}</span>
            <NumberField
              label={say('Weight of {name}', { name: lora.name })}
              min={-4}
              max={4}
              step={0.05}
              value={lora.weight}
              onCommit={(weight) => setLora(document, lora, weight)}
            />
            <IconButton
              small
              icon={X}
              label={say('Take out {name}', { name: lora.name })}
              onClick={() => setLora(document, lora, null)}
            />
          </li>
        ))}
      </ul>
      {others.length > 0 ? (
        <select
          className="field"
          aria-label={say('Add a LoRA')}
          value=""
          onChange={(event) => {
            const lora = others.find(({ hash }) => hash === event.target.value)
            if (lora) setLora(document, lora, 1)
          }}
        >
          <option value="">{say('Add …')}</option>
          {others.map(({ id, hash, name }) => (
            <option key={id} value={hash}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        loras.length === 0 && (
          <p className="hint">{say('LoRAs that you import as “other” can be added here.')}</p>
        )
      )}
    </div>
  )
}

const ARITHMETIC_HINT =
  'Fast rounds a little more within the model: less memory and time, slightly different pictures. Kept for this browser.'

/** Why the engine's arithmetic is not the fast one that was asked for; null where it is, or where nothing runs yet. */
function notFast(engine: EngineStatus): string | null {
  if (engine.kind !== 'ready' || engine.info.arithmetic === 'fast') return null
  return engine.info.backend === 'webgpu'
    ? say('This GPU gets fast arithmetic wrong: exact is used.')
    : say('The CPU has exact arithmetic alone: it is used.')
}

/** Shown where it matters: on a GPU, and wherever it can be turned off. */
export function ArithmeticSwitch(): ReactNode {
  const { actions } = useStudio()
  const value = useRun((state) => state.arithmetic)
  const engine = useRun((state) => state.engine)
  // Another arithmetic is another start of the engine, which ends what runs.
  const running = useRun((state) => state.run.kind === 'running')
  const onGpu = engine.kind === 'ready' && engine.info.backend === 'webgpu'
  if (!onGpu && value === 'exact') return null
  return (
    <Segmented
      label={say('Arithmetic')}
      testId="arithmetic"
      value={value}
      choices={[
        { value: 'exact', label: say('Exact') },
        { value: 'fast', label: say('Fast') },
      ]}
      disabled={running}
      hint={(value === 'fast' && notFast(engine)) || say(ARITHMETIC_HINT)}
      onChange={actions.setArithmetic}
    />
  )
}

interface RefreshProps {
  value: number
  hint: string
  onChange(every: number): void
}

const EVERY = ['in every step', 'in every second', 'in every third', 'in every fourth'] as const

/** In which steps the pictures that the model looks at are run. */
export function RefreshSlider({ value, hint, onChange }: RefreshProps): ReactNode {
  return (
    <Slider
      label={say('Look at the pictures anew')}
      testId="refresh-every"
      min={1}
      max={4}
      step={1}
      value={value}
      format={(every) => say(EVERY[every - 1])}
      hint={hint}
      onChange={onChange}
    />
  )
}

export function MemorySlider(): ReactNode {
  const { weights } = useStudio()
  const memory = useModels((state) => state.memoryGB)
  return (
    <Slider
      label={say('GPU memory to use')}
      testId="gpu-memory"
      min={MEMORY_GB.least}
      max={MEMORY_GB.most}
      step={1}
      value={memory}
      format={(value) => say('{count} GB', { count: value })}
      hint={say('What does not fit is read from the disk in every step. Kept for this browser.')}
      onChange={weights.setMemory}
    />
  )
}
