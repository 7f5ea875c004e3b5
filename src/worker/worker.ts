/** The inference worker: owns the device, runs one job at a time, answers in data. */
import * as Comlink from 'comlink'

import { problemOf } from '@/base/errors'
import { Engine } from '@/worker/engine'
import type { EngineApi, FuseEvent, FuseJob, Outcome, SampleEvent, SampleJob } from '@/worker/protocol'

const engine = new Engine()

const api: EngineApi = {
  start: (options) => outcome(() => engine.start(options)),
  fuse: (job: FuseJob, events: MessagePort) =>
    engine.fuse(job, (event) => events.postMessage(event, transferables(event))),
  sample: (job: SampleJob, events: MessagePort) =>
    engine.sample(job, (event) => events.postMessage(event, sampled(event))),
  cancel: (jobId: string) => Promise.resolve(engine.cancel(jobId)),
  plan: (recipe, memoryBytes) => outcome(() => engine.plan(recipe, memoryBytes)),
  probe: () => outcome(() => engine.probe()),
  loseDevice: () => engine.loseDevice(),
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

/** The finished pictures, maps and trajectories move to the page instead of being copied. */
function transferables(event: FuseEvent): Transferable[] {
  if (event.kind !== 'done') return []
  const { image, maps, align } = event
  const shares = maps ? [...maps.references, maps.text] : []
  const runs = align ? Object.values(align.trajectories).map(({ latents }) => latents) : []
  const arrays = [...shares, ...(align?.maps.steps ?? []), ...runs]
  const pictures = [image, ...(align ? [align.reference, align.base] : [])]
  return [...pictures.map(({ data }) => data.buffer), ...arrays.map(({ buffer }) => buffer as ArrayBuffer)]
}

/** A candidate of an imported model is announced twice, so it is copied. */
const sampled = (event: SampleEvent): Transferable[] =>
  event.kind === 'step' && event.preview ? [event.preview.image.data.buffer] : []

Comlink.expose(api)
