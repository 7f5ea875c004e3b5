import { transfer, wrap, type Remote } from 'comlink'

import { fail, problemOf, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { Recipe } from '@/schema/recipe'
import type {
  EngineApi,
  EngineInfo,
  EngineOptions,
  FuseEvent,
  FuseJob,
  MemoryPlan,
  Outcome,
  Probe,
  SampleEvent,
  SampleJob,
} from '@/worker/protocol'

export interface EngineClient {
  /** Chooses the backend and reads the manifest; starts the worker again where it has died. */
  start(options: EngineOptions): Promise<Outcome<EngineInfo>>
  /** Sends a job with its pixels; events arrive in order, the last is done, cancelled or failed. */
  fuse(job: FuseJob, onEvent: (event: FuseEvent) => void): void
  /** The same for a job that makes candidates. */
  sample(job: SampleJob, onEvent: (event: SampleEvent) => void): void
  cancel(jobId: string): void
  /** How a recipe would run in so many bytes. */
  plan(recipe: Recipe, memoryBytes: number): Promise<Outcome<MemoryPlan>>
  /** Measures this device for about two seconds. */
  probe(): Promise<Outcome<Probe>>
  /** For tests of the recovery. */
  loseDevice(): Promise<void>
  /** Throws the worker away; running jobs fail with `problem`. */
  kill(problem: Problem): void
}

const CRASHED: Problem = {
  code: 'internal',
  message: 'The engine stopped unexpectedly.',
  hint: 'It has been started again and your document is intact; press Fuse to try again.',
}

/**
 * Owns the worker that runs the model. `onCrash` is called once for each worker that dies by itself after it had
 * started well (one that never starts would only die again), and says whether a job has told the user already.
 */
export function createEngineClient(onCrash: (problem: Problem, told: boolean) => void): EngineClient {
  let worker: Worker | null = null
  let remote: Remote<EngineApi> | null = null
  /** Settles the calls that wait for a worker when it dies: comlink's promises would wait for ever. */
  let died: { promise: Promise<never>; reject: (error: unknown) => void } | null = null
  /** How to end each job that runs. */
  const jobs = new Map<string, (problem: Problem) => void>()
  let wasReady = false

  const kill = (problem: Problem) => {
    worker?.terminate()
    worker = null
    remote = null
    wasReady = false
    const reject = died?.reject
    died = null
    for (const end of [...jobs.values()]) end(problem)
    reject?.(problem)
  }

  const open = (): Remote<EngineApi> => {
    if (remote) return remote
    const started = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' })
    const crashed = (detail: string) => {
      if (worker !== started) return
      const problem = { ...CRASHED, detail }
      const restart = wasReady
      const told = jobs.size > 0
      kill(problem)
      if (restart) onCrash(problem, told)
    }
    started.addEventListener('error', (event) => crashed(event.message || 'the worker could not be loaded'))
    started.addEventListener('messageerror', () => crashed('a message could not be read'))
    worker = started
    remote = wrap<EngineApi>(started)
    let reject: (error: unknown) => void = () => undefined
    const promise = new Promise<never>((_, no) => (reject = no))
    promise.catch(() => undefined)
    died = { promise, reject }
    return remote
  }

  /** A call that fails when the worker dies. */
  const alive = <T>(call: (api: Remote<EngineApi>) => Promise<T>): Promise<T> => {
    const api = open()
    return Promise.race([call(api), died?.promise ?? fail('internal', CRASHED.message, CRASHED.hint)])
  }

  const outcome = async <T>(call: (api: Remote<EngineApi>) => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    try {
      return await alive(call)
    } catch (error) {
      const known = error as Partial<Problem>
      return { ok: false, problem: known.code && known.message ? (error as Problem) : problemOf(error) }
    }
  }

  /** Sends a job and hands its events on, up to the last. */
  const send = <E extends FuseEvent | SampleEvent>(
    id: string,
    onEvent: (event: E | { kind: 'failed'; problem: Problem }) => void,
    call: (api: Remote<EngineApi>, port: MessagePort) => Promise<void>,
  ): void => {
    const { port1, port2 } = new MessageChannel()
    const finish = (event: E | { kind: 'failed'; problem: Problem }) => {
      if (event.kind === 'done' || event.kind === 'cancelled' || event.kind === 'failed') {
        jobs.delete(id)
        port1.close()
      }
      onEvent(event)
    }
    const end = (problem: Problem) => finish({ kind: 'failed', problem })
    jobs.set(id, end)
    port1.onmessage = (event: MessageEvent<E>) => {
      if (jobs.has(id)) finish(event.data)
    }
    alive((api) => call(api, port2)).catch((error: unknown) => {
      if (jobs.has(id)) end(problemOf(error))
    })
  }

  return {
    kill,
    async start(options) {
      const done = await outcome((api) => api.start(options))
      wasReady = done.ok
      return done
    },
    plan: (recipe, memoryBytes) => outcome((api) => api.plan(recipe, memoryBytes)),
    probe: () => outcome((api) => api.probe()),
    fuse: (job, onEvent) =>
      send<FuseEvent>(job.id, onEvent, (api, port) =>
        api.fuse(transfer(job, buffersOf(pixelsOf(job))), transfer(port, [port])),
      ),
    sample: (job, onEvent) =>
      send<SampleEvent>(job.id, onEvent, (api, port) =>
        api.sample(transfer(job, buffersOf(job.pictures)), transfer(port, [port])),
      ),
    cancel(jobId) {
      alive((api) => api.cancel(jobId)).catch(() => undefined)
    },
    loseDevice: () => alive((api) => api.loseDevice()),
  }
}

/** The pixels that a job brings along. */
function pixelsOf(job: FuseJob): Raster[] {
  switch (job.mode) {
    case 'place':
      return [job.background, ...job.foregrounds]
    case 'compose':
      return job.references
    case 'align':
      return job.pictures
  }
}

const buffersOf = (rasters: Raster[]): ArrayBufferLike[] => rasters.map(({ data }) => data.buffer)
