/** FLUX.2 [klein] from the user's packs, planned for the memory there is. */
import { KleinModels, openKleinSet } from '@/pipelines/flux2/kleinModel'
import { planKleinWork, type KleinWork } from '@/pipelines/flux2/kleinPlan'
import { assertFits } from '@/pipelines/shared/assertFits'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { keyOf } from '@/pipelines/shared/modelSet'
import { staysBeside } from '@/pipelines/shared/pictureWork'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { ModelRef } from '@/schema/modelRef'

/** What a recipe asks of klein, or of its Base, which runs every step twice. */
type WorkOf = (isBase: boolean) => KleinWork

/** How a run would go; loads nothing. @throws missing-asset naming the pack that is not installed; bad-weights */
export async function planKlein(context: EngineContext, model: ModelRef, work: WorkOf): Promise<MemoryPlan> {
  const { backend, find } = context
  const models = new KleinModels(backend, await openKleinSet(model.parts, find))
  return planKleinWork(models, work(models.isBase), context)
}

/**
 * The networks of a recipe, kept for the next picture where memory allows.
 * @throws missing-asset naming the pack that is not installed; bad-weights when packs do not belong together;
 * out-of-memory when not even streaming fits
 */
export async function openKlein(context: EngineContext, model: ModelRef, work: WorkOf): Promise<KleinModels> {
  const plan = await planKlein(context, model, work)
  assertFits(plan)
  const stays = staysBeside(plan)
  const { backend, find, models } = context
  return models.latest(
    ['klein', ...keyOf(model), plan.verdict, stays],
    async () =>
      new KleinModels(backend, await openKleinSet(model.parts, find), {
        residency: plan.verdict === 'stream' ? 'stream' : 'resident',
        keepTransformer: stays,
      }),
  )
}
