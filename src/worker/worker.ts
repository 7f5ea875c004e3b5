/** The inference worker: owns the device, runs one job at a time, answers in data. */
import * as Comlink from 'comlink'

import { problemOf } from '@/base/errors'
import { Engine } from '@/worker/engine'
import type { EngineApi, EngineInfo, FuseEvent, FuseJob, Outcome } from '@/worker/protocol'

const engine = new Engine()

const api: EngineApi = {
  async start(options): Promise<Outcome<EngineInfo>> {
    try {
      return { ok: true, value: await engine.start(options) }
    } catch (error) {
      return { ok: false, problem: problemOf(error) }
    }
  },
  fuse: (job: FuseJob, events: MessagePort) =>
    engine.fuse(job, (event) => events.postMessage(event, transferables(event))),
  cancel: (jobId: string) => Promise.resolve(engine.cancel(jobId)),
  loseDevice: () => engine.loseDevice(),
}

/** The finished picture moves to the page instead of being copied. */
function transferables(event: FuseEvent): Transferable[] {
  return event.kind === 'done' ? [event.image.data.buffer] : []
}

Comlink.expose(api)
