/** The inference worker: owns the device, runs one job at a time, answers in data. */
import { problemOf } from '@/base/errors'
import { Engine } from '@/worker/engine'
import type { EngineApi, Outcome } from '@/worker/protocol'
import { serve } from '@/worker/serve'

const engine = new Engine()

const api: EngineApi = {
  start: (options) => outcome(() => engine.start(options)),
  fuse: (job, events) => engine.fuse(job, sender(events)),
  extra: (job, events) => engine.extra(job, sender(events)),
  cancel: (jobId: string) => Promise.resolve(engine.cancel(jobId)),
  reading: (recipe) => outcome(() => engine.reading(recipe)),
  plan: (recipe, memoryBytes) => outcome(() => engine.plan(recipe, memoryBytes)),
  probe: () => outcome(() => engine.probe()),
  loseDevice: () => engine.loseDevice(),
}

/** Sends events; what nobody looks at here any more moves to the page instead of being copied. */
const sender =
  (events: MessagePort) =>
  (event: unknown, moves: ArrayBufferLike[] = []): void =>
    events.postMessage(event, moves as ArrayBuffer[])

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, problem: problemOf(error) }
  }
}

serve(api)
