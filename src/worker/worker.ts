/** The inference worker: owns the device, runs one job at a time, answers in data. */
import * as Comlink from 'comlink'

import { problemOf } from '@/base/errors'
import { Engine } from '@/worker/engine'
import type { EngineApi, FuseEvent, FuseJob, Outcome } from '@/worker/protocol'

const engine = new Engine()

const api: EngineApi = {
  start: (options) => outcome(() => engine.start(options)),
  fuse: (job: FuseJob, events: MessagePort) =>
    engine.fuse(job, (event) => events.postMessage(event, transferables(event))),
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

/** The finished picture and its maps move to the page instead of being copied. */
function transferables(event: FuseEvent): Transferable[] {
  if (event.kind !== 'done') return []
  const maps = event.maps ? [...event.maps.references, event.maps.text] : []
  return [event.image.data.buffer, ...maps.map((map) => map.buffer as ArrayBuffer)]
}

Comlink.expose(api)
