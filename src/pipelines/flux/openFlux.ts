/** FLUX from the user's packs, planned for the memory there is. */
import { FluxModels, openModelSet } from '@/pipelines/flux/fluxModel'
import { planWork, type FluxWork } from '@/pipelines/flux/fluxPlan'
import { assertFits } from '@/pipelines/shared/assertFits'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { keyOf } from '@/pipelines/shared/modelSet'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { ModelRef } from '@/schema/modelRef'

/** The autoencoder at 1024 x 1024 and the encoders, which want room beside a transformer that stays. */
const BESIDE = 2e9

/** How a run would go; loads nothing. @throws missing-asset naming the pack that is not installed; bad-weights */
export async function planFluxRun(
  { backend, find, speed, memoryBytes }: EngineContext,
  model: ModelRef,
  work: FluxWork,
): Promise<MemoryPlan> {
  const models = new FluxModels(backend, await openModelSet(model.parts, find))
  const { maxTensorBytes } = backend
  return planWork(models, work, { budgetBytes: memoryBytes, maxTensorBytes, speed })
}

/**
 * The networks of a recipe, kept for the next picture where memory allows.
 * @throws missing-asset naming the pack that is not installed; out-of-memory when not even streaming fits
 */
export async function openFlux(context: EngineContext, model: ModelRef, work: FluxWork): Promise<FluxModels> {
  const plan = await planFluxRun(context, model, work)
  assertFits(plan)
  const stays =
    plan.verdict === 'resident' && plan.residentBytes + plan.activationBytes + BESIDE <= plan.budgetBytes
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
