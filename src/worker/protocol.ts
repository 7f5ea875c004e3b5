/**
 * Everything that crosses between page and worker; the only file of `worker/` that the page imports.
 * The worker exposes `EngineApi` through comlink; events of a job come back through its MessagePort.
 */
import type { Problem } from '@/base/errors'
import type { Raster, Rect } from '@/base/geometry'
import type { BackendChoice } from '@/schema/common'
import type { Recipe } from '@/schema/recipe'

export interface EngineOptions {
  backend: BackendChoice
  /** Address of the folder that holds the model's manifest.json, same origin. */
  modelUrl: string
  /** Address of the folder that holds the runtime's wasm files, same origin. */
  runtimeUrl: string
}

export interface EngineInfo {
  backend: 'webgpu' | 'cpu'
  /** Why this backend, in words for the user: "No GPU adapter was found". */
  reason: string
  /** The adapter's name where there is one. */
  adapter: string | null
  model: {
    name: string
    hash: string
    /** Pixels per side that the model works at. */
    size: number
    /** Words that the prompt may use; others are marked as unknown. */
    words: string[]
    defaultSteps: number
    licence: string
  }
}

export interface FuseJob {
  id: string
  recipe: Recipe
  /** Pixels of the base picture that is fused into (transferred). */
  background: Raster
  /** Pixels of each foreground, in the order of `recipe.foregrounds` (transferred). */
  foregrounds: Raster[]
}

export interface FuseStats {
  backend: 'webgpu' | 'cpu'
  /** Wall seconds per stage; keys in the order in which they ran. */
  seconds: { load: number; encode: number; sample: number; composite: number; total: number }
  steps: number
  /** Bytes that the engine itself accounts for: weights, activations, caches. */
  residentBytes: number
  peakBytes: number
  modelHash: string
}

/** A small picture of a rectangle of the background while sampling goes on. */
export interface Preview {
  /** Background pixels. */
  rect: Rect
  image: Raster
}

export type FuseEvent =
  | { kind: 'queued' }
  | { kind: 'loading'; loadedBytes: number; totalBytes: number }
  | { kind: 'encoding'; foreground: number; foregrounds: number }
  | {
      kind: 'step'
      /** Steps finished and to do, over all foregrounds. */
      step: number
      steps: number
      secondsLeft: number | null
      preview: Preview | null
    }
  | { kind: 'compositing' }
  | { kind: 'done'; image: Raster; stats: FuseStats }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem }

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export interface EngineApi {
  /** Chooses the backend and reads the model's manifest. Called again to switch backends. */
  start(options: EngineOptions): Promise<Outcome<EngineInfo>>
  /** Queues a job; exactly one of done, cancelled, failed is the last event on `events`. */
  fuse(job: FuseJob, events: MessagePort): Promise<void>
  /** Stops the job at the next segment boundary; a job that is not running is dropped from the queue. */
  cancel(jobId: string): Promise<void>
  /** Loses the GPU device on purpose, so that tests can see the recovery. */
  loseDevice(): Promise<void>
}
