import type { ReactNode } from 'react'

import { builtInFamily } from '@/document/models'
import type { BackendChoice } from '@/schema/common'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import type { BuiltInInfo } from '@/worker/protocol'
import { say, sayText } from '@/words/say'

const backends = (): { value: BackendChoice; label: string }[] => [
  { value: 'auto', label: say('Auto') },
  { value: 'webgpu', label: 'GPU' },
  { value: 'cpu', label: 'CPU' },
]

const describe = (model: BuiltInInfo | null): string => {
  if (!model) return ''
  return model.size === null
    ? ` ${say('{model}.', { model: model.name })}`
    : ` ${say('{model}, {size} px.', { model: model.name, size: model.size })}`
}

/** Auto, GPU or CPU, and which one it has become and why. */
export function BackendSwitch(): ReactNode {
  const { actions } = useStudio()
  const value = useRun((state) => state.backendChoice)
  const engine = useRun((state) => state.engine)
  const running = useRun((state) => state.run.kind === 'running')
  const family = useDocument((state) => builtInFamily(state.document))
  return (
    <div className="control">
      <div className="label">
        <span id="backend-label">{say('Runs on')}</span>
      </div>
      <div className="segmented" role="radiogroup" aria-labelledby="backend-label" data-testid="backend">
        {backends().map((choice) => (
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
        {engine.kind === 'starting' && <p>{say('Starting the engine …')}</p>}
        {engine.kind === 'ready' && (
          <p>
            <strong>{engine.info.backend === 'webgpu' ? (engine.info.adapter ?? 'GPU') : 'CPU'}.</strong>{' '}
            {sayText(engine.info.reason)}
            {family && describe(engine.info.builtIn[family])}
          </p>
        )}
        {engine.kind === 'failed' && <p>{say('The engine could not start.')}</p>}
      </div>
    </div>
  )
}
