import { Dices, Lock, LockOpen } from 'lucide-react'
import type { ReactNode } from 'react'

import { setSetting } from '@/document/commands'
import type { BackendChoice } from '@/schema/common'
import { IconButton } from '@/ui/controls/IconButton'
import { NumberField } from '@/ui/controls/NumberField'
import { Section } from '@/ui/controls/Section'
import { Slider } from '@/ui/controls/Slider'
import { useDocument, useRun, useStudio } from '@/ui/studio'

const BACKENDS: { value: BackendChoice; label: string }[] = [
  { value: 'auto', label: 'Auto' },
  { value: 'webgpu', label: 'GPU' },
  { value: 'cpu', label: 'CPU' },
]

/** Steps, strength, seed and backend. */
export function SettingsPanel(): ReactNode {
  const { document, actions } = useStudio()
  const settings = useDocument((state) => state.document.settings)
  return (
    <Section title="Settings">
      <div className="stack">
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
        <div className="control">
          <div className="label">
            <span>Seed</span>
            <span>{settings.randomSeed ? 'new for each run' : 'kept'}</span>
          </div>
          <div className="row">
            <div style={{ flex: 1 }}>
              <NumberField
                label="Seed"
                testId="seed"
                min={0}
                max={4294967295}
                value={settings.seed}
                onCommit={(value) => setSetting(document, 'seed', Math.round(value))}
              />
            </div>
            <IconButton icon={Dices} label="Roll a new seed" shortcut="R" onClick={actions.rollSeed} />
            <IconButton
              icon={settings.randomSeed ? LockOpen : Lock}
              label="Keep this seed"
              pressed={!settings.randomSeed}
              onClick={() => setSetting(document, 'randomSeed', !settings.randomSeed)}
            />
          </div>
        </div>
        <BackendSwitch />
      </div>
    </Section>
  )
}

/** Auto, GPU or CPU, and which one it has become and why. */
function BackendSwitch(): ReactNode {
  const { actions } = useStudio()
  const value = useRun((state) => state.backendChoice)
  const engine = useRun((state) => state.engine)
  const running = useRun((state) => state.run.kind === 'running')
  return (
    <div className="control">
      <div className="label">
        <span id="backend-label">Runs on</span>
      </div>
      <div className="segmented" role="radiogroup" aria-labelledby="backend-label" data-testid="backend">
        {BACKENDS.map((choice) => (
          <label key={choice.value}>
            <input
              type="radio"
              name="backend"
              value={choice.value}
              checked={value === choice.value}
              disabled={running}
              onChange={() => actions.setBackend(choice.value)}
            />
            {choice.label}
          </label>
        ))}
      </div>
      <div className={`engine-note ${engine.kind}`} style={{ marginTop: 10 }}>
        <span className="dot" aria-hidden="true" />
        {engine.kind === 'starting' && <p>Starting the engine …</p>}
        {engine.kind === 'ready' && (
          <p>
            <strong>{engine.info.backend === 'webgpu' ? (engine.info.adapter ?? 'GPU') : 'CPU'}.</strong>{' '}
            {engine.info.reason} {engine.info.model.name}, {engine.info.model.size} px.
          </p>
        )}
        {engine.kind === 'failed' && <p>The engine could not start.</p>}
      </div>
    </div>
  )
}
