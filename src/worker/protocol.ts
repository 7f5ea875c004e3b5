/**
 * Everything that crosses between page and workers; the only file of `worker/` that the page imports.
 * Two workers: the engine (`EngineApi`) runs jobs, the librarian (`ModelsApi`) imports and keeps weights, so that an
 * import never waits for a picture nor a picture for an import. Both are exposed through comlink; events of a job or
 * an import come back through its MessagePort.
 */
import type { Problem } from '@/base/errors'
import type { Raster, Rect } from '@/base/geometry'
import type { BackendChoice } from '@/schema/common'
import type { BuiltInFamily, LoraRole, PackFamily } from '@/schema/pack'
import type { AlignRecipe, ComposeRecipe, PlaceRecipe, Recipe, SampleRecipe } from '@/schema/recipe'

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export interface EngineOptions {
  backend: BackendChoice
  /** Address of the folder that holds the built-in model's manifest.json, same origin. */
  modelUrl: string
  /** The same of Align's built-in model. */
  painterUrl: string
  /** Address of the folder that holds the runtime's wasm files, same origin. */
  runtimeUrl: string
}

export interface EngineInfo {
  backend: 'webgpu' | 'cpu'
  /** Why this backend, in words for the user: "No GPU adapter was found". */
  reason: string
  /** The adapter's name where there is one. */
  adapter: string | null
  /** The built-in model. */
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
  /** The built-in model of Align. */
  painter: { name: string; hash: string; size: number; words: string[]; licence: string }
}

export type FuseJob = PlaceJob | ComposeJob | AlignJob

export interface PlaceJob {
  mode: 'place'
  id: string
  recipe: PlaceRecipe
  /** Pixels of the base picture that is fused into (transferred). */
  background: Raster
  /** Pixels of each foreground, in the order of `recipe.foregrounds` (transferred). */
  foregrounds: Raster[]
  memoryBytes?: number
}

export interface ComposeJob {
  mode: 'compose'
  id: string
  recipe: ComposeRecipe
  /** Pixels of each reference, in the order of `recipe.references`; alpha is the cut-out (transferred). */
  references: Raster[]
  memoryBytes?: number
}

export interface AlignJob {
  mode: 'align'
  id: string
  recipe: AlignRecipe
  /** Pixels of the base and then of the reference, as far as they are pictures (transferred). */
  pictures: Raster[]
  memoryBytes?: number
}

export interface SampleJob {
  id: string
  recipe: SampleRecipe
  /** Pixels of those of `recipe.starts` that are pictures, in their order (transferred). */
  pictures: Raster[]
  memoryBytes?: number
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

/** A small picture of a rectangle of the result while sampling goes on. */
export interface Preview {
  /** Pixels of the background (Place) or of the new picture (Compose). */
  rect: Rect
  image: Raster
}

/**
 * Who reads from whom (specs: DreamO §8): per reference, for every token of the picture, the share of attention that
 * goes to that reference, averaged over heads, watched blocks and steps; likewise for the text.
 */
export interface ResponseMaps {
  /** The picture's token grid. */
  rows: number
  columns: number
  /** One per reference: [rows, columns], in [0,1]. */
  references: Float32Array[]
  text: Float32Array
}

/** A picture's attention to every word of its prompt, step by step (specs: D-Fusion §4). */
export interface WordMaps {
  rows: number
  columns: number
  /** How many words: those of `promptWords(prompt)`. */
  words: number
  /** Per step: shares of attention, [rows * columns, words]. */
  steps: Float32Array[]
}

/** The three runs of Align after a step, small. */
export interface AlignFrame {
  reference: Raster
  base: Raster
  target: Raster
  /** What was fused in this step, [rows * columns] of the maps' grid, 0 or 1; null: nothing was. */
  mask: Uint8Array | null
}

/** A run as preference training needs it (specs: D-Fusion §2). */
export interface Trajectory {
  /** x_T .. x_0, [steps + 1, channels, rows, columns] */
  latents: Float32Array
  /** Mean log-density of each step; null for deterministic runs. */
  logProbability: number[] | null
}

/** What an Align job gives beside the target's picture. */
export interface AlignRecord {
  reference: Raster
  base: Raster
  maps: WordMaps
  frames: AlignFrame[]
  /** Cosines of picture and prompt; null without a scorer. */
  scores: { reference: number; base: number; target: number } | null
  /** Eq. 7; null without a scorer. */
  adopted: boolean | null
  /** Mean absolute error of what was inverted, in [0,1]; null for seeds. */
  reconstruction: { base: number | null; reference: number | null }
  /** Bytes of the reference's keys and values that one step kept. */
  keptBytes: number
  latent: { channels: number; rows: number; columns: number }
  timesteps: number[]
  trajectories: { reference: Trajectory; base: Trajectory; target: Trajectory }
  /** [tokens, width] */
  prompt: { embedding: Float32Array; negative: Float32Array; tokens: number; width: number }
}

/** One picture of the gallery. */
export interface SampledCandidate {
  /** Place in the recipe's `starts`. */
  index: number
  image: Raster
  score: number | null
  reconstruction: number | null
  maps: WordMaps
}

/** What a stage before or after sampling is about; words for it are the page's. */
export type Stage = 'text' | 'pictures' | 'inversion' | 'transformer' | 'decode'

export type FuseEvent =
  | { kind: 'queued' }
  | { kind: 'loading'; loadedBytes: number; totalBytes: number }
  | { kind: 'encoding'; foreground: number; foregrounds: number }
  | { kind: 'stage'; stage: Stage; done: number; total: number }
  | {
      kind: 'step'
      /** Steps finished and to do, over all foregrounds. */
      step: number
      steps: number
      secondsLeft: number | null
      preview: Preview | null
      /** Of Align alone. */
      frame?: AlignFrame
    }
  | { kind: 'compositing' }
  | {
      kind: 'done'
      image: Raster
      stats: FuseStats
      /** Of Compose alone. */
      maps: ResponseMaps | null
      /** Of Align alone. */
      align: AlignRecord | null
    }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem }

export type SampleEvent =
  | Exclude<FuseEvent, { kind: 'done' | 'encoding' | 'compositing' }>
  | { kind: 'candidate'; candidate: SampledCandidate }
  | { kind: 'done'; seconds: number }

/** How a set of packs would run on this device. */
export interface MemoryPlan {
  verdict: 'resident' | 'stream' | 'too-large'
  /** Bytes on the device: weights that stay, weights that pass through, activations at the peak. */
  residentBytes: number
  streamedBytes: number
  activationBytes: number
  /** What the plan assumed to be free. */
  budgetBytes: number
  /** One sentence for the user: what will happen and why, and what would change it. */
  reason: string
}

/** Two seconds of arithmetic on this device. */
export interface Probe {
  backend: 'webgpu' | 'cpu'
  adapter: string | null
  /** TFLOP/s of quantised linears and of attention, measured. */
  linearTflops: number
  attentionTflops: number
  /** GB/s from the browser's disk, measured; null where nothing could be written. */
  diskGBps: number | null
}

export interface EngineApi {
  /** Chooses the backend and reads the model's manifest. Called again to switch backends. */
  start(options: EngineOptions): Promise<Outcome<EngineInfo>>
  /** Queues a job; exactly one of done, cancelled, failed is the last event on `events`. */
  fuse(job: FuseJob, events: MessagePort): Promise<void>
  /** Queues the making of candidates; each is announced when it is there, and stays when the job is stopped. */
  sample(job: SampleJob, events: MessagePort): Promise<void>
  /** Stops the job at the next segment boundary; a job that is not running is dropped from the queue. */
  cancel(jobId: string): Promise<void>
  /** Says before anything is loaded how a recipe would run. */
  plan(recipe: Recipe, memoryBytes: number): Promise<Outcome<MemoryPlan>>
  /** Measures this device for about two seconds; waits for a running job. */
  probe(): Promise<Outcome<Probe>>
  /** Loses the GPU device on purpose, so that tests can see the recovery. */
  loseDevice(): Promise<void>
}

/** How an imported pack stores its large linears; small tensors stay exact. */
export type Precision = 'q4' | 'q8' | 'f16'

/** A network that the importer converts. */
export type NetworkFamily = Exclude<PackFamily, BuiltInFamily | 'lora' | 'tokenizer'>

/** A pack in the browser's storage. */
export interface InstalledModel {
  id: string
  family: Exclude<PackFamily, BuiltInFamily>
  name: string
  /** sha256 of the manifest; what recipes refer to. */
  hash: string
  bytes: number
  /** "4-bit", "8-bit", "f16", "as published" */
  precision: string
  licence: string
  importedAt: number
  /** Names of the files it was made from. */
  files: string[]
  /** Parameters, where it has any. */
  parameters: number
  /** For LoRAs. */
  role: LoraRole | null
  /** For tokenizers. */
  tokenizerOf: 'clip' | 't5' | null
  /** For autoencoders, text encoders and LoRAs: the kind of model that they belong to; null or absent: not known. */
  base?: 'flux' | 'sd2' | null
  /** Set when the pack cannot be used. */
  problem: Problem | null
}

/** What some files are, found from their headers alone. */
export interface Inspection {
  family: Exclude<PackFamily, BuiltInFamily>
  /** Which network it is, where the files hold several; each of them has an inspection of its own. */
  part: NetworkFamily | null
  /** The kind of model that it is a part of; null: not known. */
  base: 'flux' | 'sd2' | null
  /** A guess for its name, from the files. */
  name: string
  /** "FLUX transformer, diffusers layout, 19 + 38 blocks" */
  description: string
  parameters: number
  sourceBytes: number
  role: LoraRole | null
  /** Bytes of the pack at each precision that makes sense; empty where it is kept as published. */
  packBytes: Partial<Record<Precision, number>>
  /** The pack's size as published. */
  bytesAsPublished: number
  /** An unfinished import of the same files: bytes already done. */
  resumableBytes: number
}

export interface ImportRequest {
  id: string
  /** Files that belong together: a single file, or all shards with their index and config. */
  source: { kind: 'files'; files: File[] } | { kind: 'address'; url: string; sha256: string | null }
  precision: Precision
  name: string
  role: LoraRole | null
  /** Which network to import where the files hold several; null or absent: the first. */
  part?: NetworkFamily | null
}

export type ImportEvent =
  | {
      kind: 'progress'
      stage: 'download' | 'convert' | 'verify'
      doneBytes: number
      totalBytes: number
      secondsLeft: number | null
    }
  /** `others`: what else a downloaded file held, where it held several networks. */
  | { kind: 'done'; model: InstalledModel; others?: InstalledModel[] }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem }

export interface ModelsApi {
  list(): Promise<Outcome<InstalledModel[]>>
  /** Groups dropped files by what belongs together and says what each group is; a problem per group that is nothing. */
  inspect(files: File[]): Promise<{ files: File[]; found: Outcome<Inspection> }[]>
  /** Exactly one of done, cancelled, failed is the last event. What a cancelled import has written stays, to go on from. */
  importModel(request: ImportRequest, events: MessagePort): Promise<void>
  cancelImport(id: string): Promise<void>
  /** Reads every shard again; the outcome's problem says which one is damaged. Progress through `events` (no done). */
  verify(id: string, events: MessagePort): Promise<Outcome<null>>
  rename(id: string, name: string, role: LoraRole | null): Promise<Outcome<InstalledModel>>
  remove(id: string): Promise<Outcome<null>>
  /** The pack's files, to be copied elsewhere; dropping them again installs it without conversion. */
  files(id: string): Promise<Outcome<{ name: string; file: File }[]>>
  /** Throws away what unfinished imports have left. Bytes freed. */
  clearUnfinished(): Promise<Outcome<number>>
}
