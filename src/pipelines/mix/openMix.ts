/** What Mix runs on, opened: FLUX planned for the memory there is, or the model that ships. */
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { storedBytes } from '@/nets/unet/unetMemory'
import { openFlux, planFluxRun } from '@/pipelines/flux/openFlux'
import { fluxMix } from '@/pipelines/mix/fluxMix'
import type { MixModel } from '@/pipelines/mix/mixModel'
import { MixSession } from '@/pipelines/mix/mixSession'
import { openMixSet, tokensOf, type MixSet } from '@/pipelines/mix/mixSet'
import { painterMix } from '@/pipelines/mix/painterMix'
import { mixWork } from '@/pipelines/mix/work'
import { openPainter2 } from '@/pipelines/painter/painterPictures'
import type { EngineContext, RunContext } from '@/pipelines/shared/engineMode'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { MixRecipe } from '@/schema/modes/mix'

/** How a run would go; loads nothing. @throws missing-asset naming the pack that is not installed; bad-weights */
export async function planMixRun(context: EngineContext, recipe: MixRecipe): Promise<MemoryPlan> {
  const set = await openMixSet(recipe.model.parts, context.find)
  return planFluxRun(context, recipe.model, mixWork(recipe, tokensOf(set)))
}

export interface OpenMix {
  model: MixModel
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
  const { onProgress, signal } = context
  check(recipe, rasters)
  const model = await openMixModel(context, recipe)
  const session = await MixSession.begin({ model, recipe, pictures: rasters, steps, onProgress, signal })
  return { model, session }
}

/** The model that ships, or FLUX from the user's packs. @throws as `openMix` */
async function openMixModel(context: RunContext, recipe: MixRecipe): Promise<MixModel> {
  const { parts } = recipe.model
  if (parts.length === 0) return painterMix(await openPainter2(context), context.signal)
  const set = await openMixSet(parts, context.find)
  const work = mixWork({ ...recipe, search: null }, tokensOf(set))
  return fluxMix(context, await openFlux(context, recipe.model, work, largestBeside(set)), set)
}

/** Encoders and scorers come one after the other, each beside a transformer that stays. */
const largestBeside = ({ siglip, scorers }: MixSet): number =>
  Math.max(
    ...[siglip, scorers?.dino, scorers?.clip].map((pack) => (pack ? storedBytes(pack.manifest.tensors) : 0)),
  )

/** @throws bad-recipe */
function check({ objects, point }: MixRecipe, rasters: readonly Raster[]): void {
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
