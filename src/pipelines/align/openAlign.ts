/** Align's model: the one that ships, or Stable Diffusion from the user's packs, planned for the memory there is. */
import type { AlignModel } from '@/pipelines/align/alignModel'
import { alignSeconds, planAlign } from '@/pipelines/align/alignPlan'
import { openAlignSet } from '@/pipelines/align/alignSet'
import { loadPainter } from '@/pipelines/align/painterModel'
import { painterU } from '@/pipelines/align/painterU'
import { SdModel } from '@/pipelines/align/sdModel'
import { openPainter2 } from '@/pipelines/painter/painterPictures'
import { assertFits } from '@/pipelines/shared/assertFits'
import type { EngineContext, RunContext } from '@/pipelines/shared/engineMode'
import { keyOf } from '@/pipelines/shared/modelSet'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { ModelRef } from '@/schema/modelRef'
import { ALIGN_PAINTER, type AlignRecipe, type AlignSettings } from '@/schema/modes/align'
import { readPack } from '@/weights/packs/pack'

interface AlignNeeds {
  model: ModelRef
  align: AlignSettings
}

/** How a run would go; loads nothing. @throws missing-asset naming the pack that is not installed; bad-recipe */
export async function planAlignRun(
  { backend, find, speed, memoryBytes }: EngineContext,
  recipe: AlignRecipe,
): Promise<MemoryPlan> {
  const set = await openAlignSet(recipe.model.parts, find)
  const seconds = speed && alignSeconds(set, recipe, speed)
  return planAlign(set, recipe.align, backend.name, memoryBytes, seconds)
}

/** @throws as `planAlignRun`; out-of-memory when it does not fit */
export async function openAlignModel(
  context: RunContext<never>,
  { model, align }: AlignNeeds,
): Promise<AlignModel> {
  const { backend, models, find, memoryBytes, onLoading, signal } = context
  if (model.parts.length === 0) {
    if (ALIGN_PAINTER === 'painter2')
      return models.always('painter-u', async () => painterU(await openPainter2(context)))
    const pack = await context.builtIn(ALIGN_PAINTER)
    return models.always('painter', async () =>
      loadPainter(backend, pack.manifest, pack.hash, await readPack(pack, onLoading, signal)),
    )
  }
  const set = await openAlignSet(model.parts, find)
  const plan = planAlign(set, align, backend.name, memoryBytes, null)
  assertFits(plan)
  const { keepAll } = plan
  return models.latest(['sd', ...keyOf(model), keepAll], () =>
    Promise.resolve(new SdModel(backend, set, { keepAll })),
  )
}
