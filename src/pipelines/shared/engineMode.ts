/** The engine's side of a mode, and what the engine offers to it. */
import type { Backend } from '@/backend/types'
import type { Raster } from '@/base/geometry'
import type { Speed } from '@/nets/runner/memoryPlan'
import type { ExtraJobs, ExtraKind, ReportOf, StepOf } from '@/pipelines/reports'
import type { PromptCache } from '@/pipelines/shared/promptCache'
import type { FindPack } from '@/pipelines/shared/modelSet'
import type { MemoryPlan, Progress, TypicalPicture } from '@/pipelines/shared/report'
import type { PromptReading } from '@/text/reading'
import type { TextStore } from '@/weights/texts/keptTexts'
import type { StageSeconds } from '@/pipelines/shared/stopwatch'
import type { Mode, RecipeOf } from '@/schema/modes'
import type { BuiltInFamily } from '@/schema/pack'
import type { OpenPack } from '@/weights/packs/pack'

/** Models that stay open for the next picture, by what names them. */
export interface ModelKeeper {
  /** Small ones, which stay until the engine stops. */
  always<T extends { dispose(): void }>(key: string, open: () => Promise<T>): Promise<T>
  /** One set of large ones at a time: another key lets go of the one before. Compared as JSON. */
  latest<T extends { dispose(): void }>(key: readonly unknown[], open: () => Promise<T>): Promise<T>
}

export interface EngineContext {
  readonly backend: Backend
  /** The manifest of a model that ships. */
  builtIn<F extends BuiltInFamily>(family: F): Promise<OpenPack<F>>
  /** Finds installed packs. */
  readonly find: FindPack
  readonly models: ModelKeeper
  /** Prompts that were encoded before. */
  readonly prompts: PromptCache
  /** Texts that were encoded before, which outlive their encoder. */
  readonly texts: TextStore
  /** null: not measured. */
  readonly speed: Speed | null
  /** What a run may take on the device. */
  readonly memoryBytes: number
}

/** @template S what the mode shows with a step */
export interface RunContext<S = null> extends EngineContext {
  onProgress(progress: Progress<S>): void
  /** A model that ships is being fetched. */
  onLoading(loadedBytes: number, totalBytes: number): void
  readonly signal: AbortSignal
  /** Fires where a run that was stopped shall not even give what it has finished. */
  readonly stopNow: AbortSignal
}

/** A finished picture. @template R what the mode tells of it */
export interface Finished<R> {
  image: Raster
  report: R
  /** The report's memory that nobody here looks at again: it moves to the page instead of being copied. */
  moves: ArrayBufferLike[]
  steps: number
  seconds: StageSeconds
  /** sha256 of the model's manifest. */
  modelHash: string
  /** Whether it was stopped, and this is what was finished by then. */
  wasStopped?: boolean
}

export interface EngineMode<M extends Mode = Mode> {
  /** How a recipe of imported packs would run; loads nothing. @throws missing-asset, bad-recipe */
  plan(context: EngineContext, recipe: RecipeOf<M>): Promise<MemoryPlan>
  /** How long pictures take with the released models, none of which need be installed. */
  typical(speed: Speed): TypicalPicture[]
  /** What its text encoder reads of the prompt; loads a tokenizer at most. */
  reading(context: EngineContext, recipe: RecipeOf<M>): Promise<PromptReading>
  /**
   * Makes one picture.
   * @param rasters pixels of the recipe's pictures, in the order of the document's `recipeAssets`
   * @throws problems as `InlayError`; AbortError when the context's signal fires, unless something was finished by then
   */
  run(
    context: RunContext<StepOf<M>>,
    recipe: RecipeOf<M>,
    rasters: readonly Raster[],
  ): Promise<Finished<ReportOf<M>>>
}

/** Another kind of job. @throws as `EngineMode.run` */
export type ExtraWork<K extends ExtraKind> = (
  context: RunContext,
  recipe: ExtraJobs[K]['recipe'],
  rasters: readonly Raster[],
  announce: (item: ExtraJobs[K]['item']) => void,
) => Promise<void>
