/** What Mix runs on, opened: FLUX planned for the memory there is, the encoders, and the judge. */
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import { storedBytes } from '@/nets/unet/unetMemory'
import { openFlux, planFluxRun } from '@/pipelines/flux/openFlux'
import { Judge } from '@/pipelines/mix/judge'
import { MixSession } from '@/pipelines/mix/mixSession'
import { openMixSet, tokensOf, type MixSet } from '@/pipelines/mix/mixSet'
import { nearestPixels, OBJECT_SIDE } from '@/pipelines/mix/objects'
import { mixWork } from '@/pipelines/mix/work'
import type { EngineContext, RunContext } from '@/pipelines/shared/engineMode'
import { findMainObject } from '@/pipelines/shared/mainObject'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { MixRecipe } from '@/schema/modes/mix'

/** How a run would go; loads nothing. @throws missing-asset naming the pack that is not installed; bad-weights */
export async function planMixRun(context: EngineContext, recipe: MixRecipe): Promise<MemoryPlan> {
  const set = await openMixSet(recipe.model.parts, context.find)
  return planFluxRun(context, recipe.model, mixWork(recipe, tokensOf(set)))
}

export interface OpenMix {
  models: FluxModels
  set: MixSet
  /** Of `OBJECT_SIDE` a side, in the recipe's order. */
  pictures: readonly Raster[]
  session: MixSession
}

/**
 * @param rasters pixels of the objects, in the recipe's order
 * @param steps of all pictures that will be made
 * @throws missing-asset, bad-recipe, bad-weights; out-of-memory when not even streaming fits; AbortError
 */
export async function openMix(
  context: RunContext,
  recipe: MixRecipe,
  rasters: readonly Raster[],
  steps: number,
): Promise<OpenMix> {
  const { find, prompts, onProgress, signal } = context
  check(recipe, rasters)
  const set = await openMixSet(recipe.model.parts, find)
  const work = mixWork({ ...recipe, search: null }, tokensOf(set))
  const models = await openFlux(context, recipe.model, work, largestBeside(set))
  const pictures = rasters.map((raster) => nearestPixels(raster, OBJECT_SIDE))
  const session = await MixSession.begin({
    models,
    set,
    recipe,
    pictures,
    prompts,
    steps,
    onProgress,
    signal,
  })
  return { models, set, pictures, session }
}

/** Encoders and scorers come one after the other, each beside a transformer that stays. */
const largestBeside = ({ siglip, scorers }: MixSet): number =>
  Math.max(
    ...[siglip, scorers?.dino, scorers?.clip].map((pack) => (pack ? storedBytes(pack.manifest.tensors) : 0)),
  )

/** @throws bad-recipe */
function check({ objects, point, model }: MixRecipe, rasters: readonly Raster[]): void {
  if (model.parts.length === 0)
    fail(
      'unsupported',
      'The built-in model was not trained to mix.',
      'Import FLUX, Redux and SigLIP in the model manager.',
    )
  if (rasters.length !== objects.length)
    fail('bad-recipe', 'An object has no picture.', 'Drop the picture in again.')
  if (point.shares.length !== objects.length || point.strengths.length !== objects.length)
    fail(
      'bad-recipe',
      'The balance is not that of these objects.',
      'Choose the balance again.',
      `${objects.length} objects, ${point.shares.length} shares, ${point.strengths.length} strengths`,
    )
}

/** Who scores; null where a scorer is not installed. @throws bad-weights, out-of-memory; AbortError */
export async function openJudge(
  context: RunContext,
  { models, set, pictures }: OpenMix,
  { objects }: MixRecipe,
): Promise<Judge | null> {
  if (!set.scorers) return null
  return Judge.begin(
    {
      backend: context.backend,
      scorers: set.scorers,
      tokenizer: models.set.clipTokenizer,
      makeRoom: () => models.makeRoom(),
      find: (picture) => findMainObject(context, picture),
      signal: context.signal,
    },
    pictures,
    objects.map(({ label }) => label),
  )
}
