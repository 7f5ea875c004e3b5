/**
 * Everything that crosses between page and workers; the only file of `worker/` that the page imports.
 * Two workers: the engine (`EngineApi`) runs jobs, the librarian (`ModelsApi`) imports and keeps weights, so that an
 * import never waits for a picture nor a picture for an import. Both are exposed through comlink; events of a job or
 * an import come back through its MessagePort.
 */
import type { PromptReading } from '@/text/reading'
import type { KeptText } from '@/weights/texts/keptTexts'
import type { Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { ExtraJobs, ExtraKind, ReportOf, StepOf } from '@/pipelines/reports'
import type { MemoryPlan, Progress, TypicalPicture } from '@/pipelines/shared/report'
import type { StageSeconds } from '@/pipelines/shared/stopwatch'
import type { Arithmetic, BackendChoice } from '@/schema/common'
import type { Mode } from '@/schema/modes'
import type { Recipe } from '@/schema/recipe'
import type { Precision } from '@/families/family'
import type { FamilyId, NetworkFamily, TokenizerKind } from '@/families/registry'
import type { BuiltInFamily, ImportedFamily, LoraRole } from '@/schema/pack'

export type { AlignRecord, SampledCandidate, Trajectory, WordMaps } from '@/pipelines/align/report'
export type { ResponseMaps } from '@/pipelines/compose/report'
export type { TriedMixture, WantedTrials } from '@/pipelines/mix/report'
export type { ExtraJobs, ExtraKind, ReportOf, StepOf } from '@/pipelines/reports'
export type { MemoryPlan, Stage } from '@/pipelines/shared/report'

export type { KeptText, PromptReading }

export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export interface EngineOptions {
  backend: BackendChoice
  /** Default exact. */
  arithmetic?: Arithmetic
  /** Addresses of the folders that hold the manifest.json of each built-in model, same origin; null: its weights do not ship. */
  packUrls: Record<BuiltInFamily, string | null>
  /** Address of the folder that holds the runtime's wasm files, same origin. */
  runtimeUrl: string
}

export interface EngineInfo {
  backend: 'webgpu' | 'cpu'
  /** As it is on this backend: always exact on the CPU. */
  arithmetic: Arithmetic
  /** Why this backend, in words for the user: "No GPU adapter was found". */
  reason: string
  /** The adapter's name where there is one. */
  adapter: string | null
  /** What was measured on this backend since the worker began, or null. */
  probe: Probe | null
  /** The built-in models; null where one does not ship, or its manifest could not be read. */
  builtIn: Record<BuiltInFamily, BuiltInInfo | null>
  /** Those whose weights do not ship. */
  lacking: readonly BuiltInFamily[]
}

export interface BuiltInInfo {
  name: string
  /** sha256 of the manifest. */
  hash: string
  /** Pixels per side of what it makes; null where it makes no pictures. */
  size: number | null
  /** Words that the prompt may use; others are marked as unknown. Empty where the model reads no prompt. */
  words: string[]
  licence: string
}

/** A recipe to make a picture of. */
export interface FuseJob {
  id: string
  recipe: Recipe
  /** Pixels of the recipe's pictures, in the order of the document's `recipeAssets` (transferred). */
  rasters: Raster[]
  memoryBytes?: number
}

/** A job of another kind than a picture. */
export interface ExtraJob<K extends ExtraKind = ExtraKind> {
  kind: K
  id: string
  recipe: ExtraJobs[K]['recipe']
  /** Pixels of the recipe's pictures, in its order (transferred). */
  rasters: Raster[]
  memoryBytes?: number
}

export interface FuseStats {
  backend: 'webgpu' | 'cpu'
  arithmetic: Arithmetic
  /** Wall seconds per stage; keys in the order in which they ran. */
  seconds: StageSeconds & { total: number }
  steps: number
  /** Bytes that the engine itself accounts for: weights, activations, caches. */
  residentBytes: number
  peakBytes: number
  modelHash: string
}

/** What jobs of every kind may announce. @template S what the mode shows with a step */
export type JobEvent<S = unknown> =
  | { kind: 'queued' }
  | { kind: 'loading'; loadedBytes: number; totalBytes: number }
  | Paced<Progress<S>>
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem }

/** Steps with the seconds that are left, as far as they can be told. */
type Paced<P> = P extends { kind: 'step' } ? P & { secondsLeft: number | null } : P

export type FuseEvent<M extends Mode = Mode> =
  | JobEvent<StepOf<M>>
  /** `wasStopped`: this is what was finished when it was told to stop. */
  | { kind: 'done'; image: Raster; report: ReportOf<M>; stats: FuseStats; wasStopped?: boolean }

export type ExtraEvent<K extends ExtraKind = ExtraKind> =
  JobEvent<null> | { kind: 'item'; item: ExtraJobs[K]['item'] } | { kind: 'done'; seconds: number }

/** Two seconds of arithmetic on this device. */
export interface Probe {
  backend: 'webgpu' | 'cpu'
  adapter: string | null
  /** TFLOP/s of quantised linears and of attention, measured. */
  linearTflops: number
  attentionTflops: number
  /** GB/s from the browser's disk, measured; null where nothing could be written. */
  diskGBps: number | null
  /** What that means for pictures with the released models. */
  typical: TypicalPicture[]
}

export interface EngineApi {
  /** Chooses the backend and reads the model's manifest. Called again to switch backends. */
  start(options: EngineOptions): Promise<Outcome<EngineInfo>>
  /** Queues a job; exactly one of done, cancelled, failed is the last event on `events`. */
  fuse(job: FuseJob, events: MessagePort): Promise<void>
  /** The same for a job of another kind; what it makes is announced when it is there, and stays when it is stopped. */
  extra(job: ExtraJob, events: MessagePort): Promise<void>
  /**
   * Stops the job at the next segment boundary; a job that is not running is dropped from the queue. One that makes several
   * pictures still gives those that are sampled, unless it is told so once more.
   */
  cancel(jobId: string): Promise<void>
  /** Says before anything is loaded how a recipe would run. */
  plan(recipe: Recipe, memoryBytes: number): Promise<Outcome<MemoryPlan>>
  /** What the recipe's text encoder reads of the prompt. */
  reading(recipe: Recipe): Promise<Outcome<PromptReading>>
  /** Measures this device for about two seconds; waits for a running job. */
  probe(): Promise<Outcome<Probe>>
  /** Loses the GPU device on purpose, so that tests can see the recovery. */
  loseDevice(): Promise<void>
}

/** A pack in the browser's storage. */
export interface InstalledModel {
  id: string
  family: ImportedFamily
  name: string
  /** sha256 of the manifest; what recipes refer to. */
  hash: string
  bytes: number
  /** "4-bit", "8-bit", "f16", "as published" */
  precision: string
  licence: string
  /** What was imported, in the importer's words, whatever it is called now: "FLUX.2 [klein] Base transformer, …". */
  description?: string
  importedAt: number
  /** Names of the files it was made from. */
  files: string[]
  /** Parameters, where it has any. */
  parameters: number
  /** For LoRAs. */
  role: LoraRole | null
  /** For tokenizers. */
  tokenizerOf: TokenizerKind | null
  /** For autoencoders, text encoders and LoRAs: the kind of model that they belong to; null or absent: not known. */
  base?: FamilyId | null
  /** For FLUX.2's transformers and text encoders: numbers of a text's token. */
  textWidth?: number
  /** Set when the pack cannot be used. */
  problem: Problem | null
}

/** What some files are, found from their headers alone. */
export interface Inspection {
  family: ImportedFamily
  /** Which network it is, where the files hold several; each of them has an inspection of its own. */
  part: NetworkFamily | null
  /** The kind of model that it is a part of; null: not known. */
  base: FamilyId | null
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
  /** What people should know of it; sentences. */
  notes: readonly string[]
  /** What has to be said of it before it is imported; `usual` is taken unless another answer is; null: nothing. */
  question: { words: string; answers: readonly string[]; usual: number } | null
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
  /** The answer to the inspection's question, by number. */
  answer?: number | null
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
  /** Texts whose features are kept, so that their encoder is needed no longer. */
  texts(): Promise<Outcome<KeptText[]>>
  /** All of them as one file, which `importTexts` takes: how many there were. */
  exportTexts(): Promise<Outcome<Blob>>
  importTexts(file: File): Promise<Outcome<number>>
}
