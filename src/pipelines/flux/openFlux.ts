/** FLUX from the user's packs, planned for the memory there is. */
import { FluxModels, openModelSet } from '@/pipelines/flux/fluxModel'
import { planWork, type FluxWork } from '@/pipelines/flux/fluxPlan'
import { assertFits } from '@/pipelines/shared/assertFits'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { keyOf } from '@/pipelines/shared/modelSet'
import { staysBeside } from '@/pipelines/shared/pictureWork'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { ModelRef } from '@/schema/modelRef'

/** How a run would go; loads nothing. @throws missing-asset naming the pack that is not installed; bad-weights */
export async function planFluxRun(
  context: EngineContext,
  model: ModelRef,
  work: FluxWork,
): Promise<MemoryPlan> {
  const { backend, find } = context
  return planWork(new FluxModels(backend, await openModelSet(model.parts, find)), work, context)
}

/**
 * The networks of a recipe, kept for the next picture where memory allows.
 * @param besideBytes weights of the largest network that takes turns beside it
 * @throws missing-asset naming the pack that is not installed; out-of-memory when not even streaming fits
 */
export async function openFlux(
  context: EngineContext,
  model: ModelRef,
  work: FluxWork,
  besideBytes = 0,
): Promise<FluxModels> {
  const plan = await planFluxRun(context, model, work)
  assertFits(plan)
  const stays = staysBeside(plan, besideBytes)
  const { backend, find, models } = context
  return models.latest(
    ['flux', ...keyOf(model), plan.verdict, stays],
    async () =>
      new FluxModels(backend, await openModelSet(model.parts, find), {
        residency: plan.verdict === 'stream' ? 'stream' : 'resident',
        keepTransformer: stays,
      }),
  )
}
