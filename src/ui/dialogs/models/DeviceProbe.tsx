import { Gauge } from 'lucide-react'
import type { ReactNode } from 'react'

import { duration } from '@/ui/duration'
import { useModels, useRun, useStudio } from '@/ui/studio'

/** Two seconds of measuring, and what they mean before anything is downloaded. */
export function DeviceProbe(): ReactNode {
  const { weights } = useStudio()
  const probing = useModels((state) => state.probing)
  const ready = useRun((state) => state.engine.kind === 'ready' && state.run.kind === 'idle')
  return (
    <section className="models-device" aria-labelledby="device-title">
      <div className="model-title">
        <h3 id="device-title">This device</h3>
        <button
          type="button"
          className="button slim"
          data-testid="models-probe"
          disabled={!ready || probing.kind === 'running'}
          onClick={() => void weights.probe()}
        >
          <Gauge aria-hidden="true" /> {probing.kind === 'running' ? 'Measuring …' : 'Measure'}
        </button>
      </div>
      {probing.kind === 'none' && (
        <p className="hint">
          Two seconds of measuring tell how long a picture takes here, before you download anything.
        </p>
      )}
      {probing.kind === 'failed' && (
        <p className="field-problem" role="alert">
          {probing.problem.message} {probing.problem.hint}
        </p>
      )}
      {probing.kind === 'done' && (
        <>
          <p className="hint">
            {probing.probe.backend === 'webgpu' ? (probing.probe.adapter ?? 'GPU') : 'CPU'}:{' '}
            {figure(probing.probe.linearTflops)} TFLOP/s in layers, {figure(probing.probe.attentionTflops)} in
            attention
            {probing.probe.diskGBps !== null && `, ${figure(probing.probe.diskGBps)} GB/s from disk`}.
          </p>
          <ul className="times">
            {probing.probe.typical.map(({ label, seconds }) => (
              <li key={label}>
                <span>{label}</span>
                <strong>{duration(seconds)}</strong>
              </li>
            ))}
          </ul>
          <p className="hint">
            Computed from the arithmetic, with weights that fit into memory and a new prompt.
          </p>
        </>
      )}
    </section>
  )
}

const figure = (value: number): string =>
  value >= 10 ? value.toFixed(0) : value >= 0.1 ? value.toFixed(1) : value.toFixed(3)
