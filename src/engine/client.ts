import { transfer } from 'comlink'

import type { Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { Recipe } from '@/schema/recipe'
import type {
  EngineApi,
  EngineInfo,
  EngineOptions,
  ExtraEvent,
  ExtraJob,
  ExtraKind,
  FuseEvent,
  FuseJob,
  MemoryPlan,
  Outcome,
  Probe,
  PromptReading,
} from '@/worker/protocol'
import { superviseWorker } from '@/worker/supervised'

export interface EngineClient {
  /** Chooses the backend and reads the manifest; starts the worker again where it has died. */
  start(options: EngineOptions): Promise<Outcome<EngineInfo>>
  /** Sends a job with its pixels; events arrive in order, the last is done, cancelled or failed. */
  fuse(job: FuseJob, onEvent: (event: FuseEvent) => void): void
  /** The same for a job of another kind than a picture. */
  extra<K extends ExtraKind>(job: ExtraJob<K>, onEvent: (event: ExtraEvent<K>) => void): void
  cancel(jobId: string): void
  /** How a recipe would run in so many bytes. */
  plan(recipe: Recipe, memoryBytes: number): Promise<Outcome<MemoryPlan>>
  /** What the recipe's text encoder reads of the prompt. */
  reading(recipe: Recipe): Promise<Outcome<PromptReading>>
  /** Measures this device for about two seconds. */
  probe(): Promise<Outcome<Probe>>
  /** For tests of the recovery. */
  loseDevice(): Promise<void>
  /** Throws the worker away for good; running jobs, and all that is asked from now on, fail with `problem`. */
  kill(problem: Problem): void
}

const CRASHED = { code: 'internal', message: 'The engine stopped unexpectedly.' } as const
const HUNG = { ...CRASHED, message: 'The engine did not answer any more.' } as const

/** Between two kernels the engine's own loops are short; kernels announce themselves (`backend/ort`). */
const SILENCE_MS = 120_000

/**
 * The worker that runs the model. `onCrash` is called once for each worker that dies by itself after it had
 * started well (one that never starts would only die again), and says whether a job has told the user already.
 * @param hint what calls and jobs that are lost with a worker say is to be done
 */
export function createEngineClient(
  hint: string,
  onCrash: (problem: Problem, told: boolean) => void,
): EngineClient {
  let wasReady = false
  const worker = superviseWorker<EngineApi>({
    start: () => new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module' }),
    crashed: { ...CRASHED, hint },
    hung: { ...HUNG, hint },
    silenceMs: SILENCE_MS,
    onLost(problem, told) {
      const restart = wasReady
      wasReady = false
      if (restart) onCrash(problem, told)
    },
  })

  return {
    kill(problem) {
      wasReady = false
      worker.kill(problem)
    },
    async start(options) {
      const done = await worker.call((api) => api.start(options))
      wasReady = done.ok
      return done
    },
    reading: (recipe) => worker.call((api) => api.reading(recipe)),
    plan: (recipe, memoryBytes) => worker.call((api) => api.plan(recipe, memoryBytes)),
    probe: () => worker.call((api) => api.probe()),
    fuse: (job, onEvent) =>
      worker.follow<FuseEvent>(
        (api, port) => api.fuse(transfer(job, pixelsOf(job)), transfer(port, [port])),
        onEvent,
      ),
    extra: (job, onEvent) =>
      worker.follow<ExtraEvent>(
        (api, port) => api.extra(transfer(job, pixelsOf(job)), transfer(port, [port])),
        onEvent as (event: ExtraEvent) => void,
      ),
    cancel: (jobId) => void worker.tell((api) => api.cancel(jobId)),
    async loseDevice() {
      await worker.tell((api) => api.loseDevice())
    },
  }
}

/** The pixels that a job brings along. */
const pixelsOf = ({ rasters }: { rasters: Raster[] }): ArrayBufferLike[] =>
  rasters.map(({ data }) => data.buffer)
