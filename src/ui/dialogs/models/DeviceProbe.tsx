import { Gauge } from 'lucide-react'
import type { ReactNode } from 'react'

import { duration } from '@/ui/duration'
import { useModels, useRun, useStudio } from '@/ui/studio'
import { say, sayNumber, sayText } from '@/words/say'
import type { Probe } from '@/worker/protocol'

/** Two seconds of measuring, and what they mean before anything is downloaded. */
export function DeviceProbe(): ReactNode {
  const { weights } = useStudio()
  const probing = useModels((state) => state.probing)
  const ready = useRun((state) => state.engine.kind === 'ready' && state.run.kind === 'idle')
  return (
    <section className="models-device" aria-labelledby="device-title">
      <div className="model-title">
        <h3 id="device-title">{say('This device')}</h3>
        <button
          type="button"
          className="button slim"
          data-testid="models-probe"
          disabled={!ready || probing.kind === 'running'}
          onClick={() => void weights.probe()}
        >
          <Gauge aria-hidden="true" /> {probing.kind === 'running' ? say('Measuring …') : say('Measure')}
        </button>
      </div>
      {probing.kind === 'none' && (
        <p className="hint">
          {say('Two seconds of measuring tell how long a picture takes here, before you download anything.')}
        </p>
      )}
      {probing.kind === 'failed' && (
        <p className="field-problem" role="alert">
          {sayText(probing.problem.message)} {sayText(probing.problem.hint)}
        </p>
      )}
      {probing.kind === 'done' && (
        <>
          <p className="hint">{speeds(probing.probe)}</p>
          <ul className="times">
            {probing.probe.typical.map(({ label, seconds }) => (
              <li key={label}>
                <span>{sayText(label)}</span>
                <strong>{duration(seconds)}</strong>
              </li>
            ))}
          </ul>
          <p className="hint">
            {say('Computed from the arithmetic, with weights that fit into memory and a new prompt.')}
          </p>
        </>
      )}
    </section>
  )
}

function speeds({ backend, adapter, linearTflops, attentionTflops, diskGBps }: Probe): string {
  const measured = {
    device: backend === 'webgpu' ? (adapter ?? 'GPU') : 'CPU',
    layers: figure(linearTflops),
    attention: figure(attentionTflops),
  }
  return diskGBps === null
    ? say('{device}: {layers} TFLOP/s in layers, {attention} in attention.', measured)
    : say('{device}: {layers} TFLOP/s in layers, {attention} in attention, {disk} GB/s from disk.', {
        ...measured,
        disk: figure(diskGBps),
      })
}

const figure = (value: number): string => sayNumber(value, value >= 10 ? 0 : value >= 0.1 ? 1 : 3)
