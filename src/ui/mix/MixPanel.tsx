import { Grid3x3 } from 'lucide-react'
import { useRef, type ReactNode } from 'react'

import { mixPrompt } from '@/base/mixWords'
import { setAutomatic, setMix, setMixModel, setSearch, setShare, setStrength } from '@/document/mix/commands'
import { gridPoints, isAutomatic, searchOf } from '@/document/mix/queries'
import { DRAFTS, MOST_STRENGTH, type MixModelName } from '@/schema/modes/mix'
import { Advanced } from '@/ui/controls/Advanced'
import { Section } from '@/ui/controls/Section'
import { Segmented } from '@/ui/controls/Segmented'
import { percent, Slider } from '@/ui/controls/Slider'
import { nameOf, sharesWords } from '@/ui/mix/words'
import { BackendSwitch } from '@/ui/panels/BackendSwitch'
import { FluxExtras, NoiseSwitch } from '@/ui/panels/FluxExtras'
import { useBuiltIn } from '@/ui/panels/useBuiltIn'
import { PromptField } from '@/ui/prompt/PromptField'
import { SeedField } from '@/ui/panels/SeedField'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

const models = (): { value: MixModelName; label: string; about: string }[] => [
  {
    value: 'painter',
    label: say('Built in'),
    about: say('Small pictures in the manner of emoji. Nothing to bring.'),
  },
  { value: 'flux', label: 'FLUX', about: say('FLUX.1 with Redux, which you bring.') },
]

const TRIES = DRAFTS.balance + DRAFTS.strength

/** Says what the prompt is where nothing is written. */
export function MixPrompt(): ReactNode {
  const { objects, model } = useDocument((state) => state.document.mix)
  // The built-in model reads the pictures alone.
  if (model === 'painter') return null
  return <PromptField placeholder={mixPrompt(objects) || 'A photo of … creatively fused with ….'} />
}

/** How much of each object. */
export function BalancePanel(): ReactNode {
  const { document, modes } = useStudio()
  const mix = useDocument((state) => state.document.mix)
  const held = useRun(isHeld)
  const { objects, point, search } = mix
  const automatic = isAutomatic(mix)
  const changed = useRef(false)
  const share = (index: number, value: number) => {
    changed.current = true
    setShare(document, index, value)
  }
  /** Once it is let go the exact draft is made. */
  const commit = () => {
    if (!changed.current) return
    changed.current = false
    void modes.mix.draft([document.getState().document.mix.point])
  }
  if (objects.length < 2) return null
  const drafts = TRIES * search.rounds
  return (
    <Section title={say('Balance')}>
      <div className="stack" onPointerUp={commit} onKeyUp={commit}>
        {objects.length === 2 && (
          <Segmented
            label={say('Balance of both')}
            testId="mix-balance"
            value={automatic ? 'find' : 'hand'}
            disabled={held}
            choices={[
              { value: 'find', label: say('Find it') },
              { value: 'hand', label: say('By hand') },
            ]}
            hint={
              automatic
                ? say(
                    'At most {drafts} drafts of {size} px in {steps} steps; then the best one at full quality.',
                    { drafts, size: searchOf(mix).size, steps: search.steps },
                  )
                : say('The slider shows the nearest draft; let go, and the exact one is made.')
            }
            onChange={(value) => setAutomatic(document, value === 'find')}
          />
        )}
        {objects.length === 2 && !automatic && (
          <button
            type="button"
            className="button slim"
            data-testid="mix-grid"
            disabled={held}
            title={say('Three balances, each with either object stronger in the noise, and with both alike')}
            onClick={() => void modes.mix.draft(gridPoints(point))}
          >
            <Grid3x3 aria-hidden="true" /> {say('Try a grid of nine drafts')}
          </button>
        )}
        {objects.length === 2 ? (
          <Slider
            label={nameOf(objects[1], 1)}
            testId="mix-share"
            min={0}
            max={1}
            step={0.005}
            value={point.shares[1]}
            disabled={held}
            format={() => sharesWords(point, objects)}
            onChange={(value) => share(1, value)}
          />
        ) : (
          objects.map((object, index) => (
            <Slider
              key={object.id}
              label={nameOf(object, index)}
              min={0}
              max={1}
              step={0.005}
              value={point.shares[index]}
              disabled={held}
              format={percent}
              onChange={(value) => share(index, value)}
            />
          ))
        )}
      </div>
    </Section>
  )
}

/** Size, steps and what experts change. */
export function MixSettingsPanel(): ReactNode {
  const { document } = useStudio()
  const { settings, model } = useDocument((state) => state.document.mix)
  const held = useRun(isHeld)
  const painter = useBuiltIn('painter2')
  return (
    <Section title={say('Settings')}>
      <div className="stack">
        {(painter || model === 'painter') && (
          <Segmented
            label={say('Model')}
            testId="mix-model"
            value={model}
            choices={models()}
            disabled={held}
            hint={models().find(({ value }) => value === model)?.about}
            onChange={(value) => setMixModel(document, value)}
          />
        )}
        {model === 'flux' && (
          <Segmented
            label={say('Size')}
            value={settings.size}
            choices={[512, 768, 1024].map((value) => ({
              value,
              label: String(value),
              title: value === 512 ? say('As the authors') : say('{size} × {size} pixels', { size: value }),
            }))}
            onChange={(size) => setMix(document, { size })}
          />
        )}
        <Slider
          label={say('Steps')}
          testId="steps"
          min={2}
          max={Math.max(40, settings.steps)}
          step={1}
          value={settings.steps}
          onChange={(steps) => setMix(document, { steps })}
        />
        <SeedField />
        <BackendSwitch />
        <Advanced>
          <MixAdvanced />
          {model === 'flux' && <FluxExtras otherwise={say('Krea, else the newest')} />}
        </Advanced>
      </div>
    </Section>
  )
}

function MixAdvanced(): ReactNode {
  const { document } = useStudio()
  const { objects, point, settings, search, model } = useDocument((state) => state.document.mix)
  return (
    <>
      {objects.length >= 2 &&
        objects.map((object, index) => (
          <Slider
            key={object.id}
            label={say('Strength of {name} in the noise', { name: nameOf(object, index) })}
            min={0}
            max={MOST_STRENGTH}
            step={0.1}
            value={point.strengths[index]}
            format={(value) => sayNumber(value, 1)}
            onChange={(value) => setStrength(document, index, Math.round(value * 10) / 10)}
          />
        ))}
      <Segmented
        label={say('Mixing of tokens')}
        value={settings.slerp}
        choices={[
          { value: 'released', label: say('As released') },
          { value: 'true', label: say('By angle') },
          { value: 'whole', label: say('As a whole') },
        ]}
        hint={say('The authors’ code mixes nearly all tokens straight; by angle, each is turned.')}
        onChange={(slerp) => setMix(document, { slerp })}
      />
      {model === 'flux' && (
        <Segmented
          label={say('Size of drafts')}
          value={search.size}
          choices={[256, 384, 512].map((value) => ({ value, label: `${value} px` }))}
          onChange={(size) => setSearch(document, { size })}
        />
      )}
      <Slider
        label={say('Steps of drafts')}
        min={2}
        max={20}
        step={1}
        value={search.steps}
        onChange={(steps) => setSearch(document, { steps })}
      />
      <Slider
        label={say('Rounds of the search')}
        min={1}
        max={5}
        step={1}
        value={search.rounds}
        hint={say(
          'Each draws the noise anew, where no draft so far is good enough; at most {count} drafts a round.',
          { count: TRIES },
        )}
        onChange={(rounds) => setSearch(document, { rounds })}
      />
      <NoiseSwitch value={settings.noise} onChange={(noise) => setMix(document, { noise })} />
    </>
  )
}
