import type { Draft } from 'immer'

import { newId } from '@/base/id'
import { mixPrompt } from '@/base/mixWords'
import { lorasOf } from '@/document/loras'
import { dropObjects } from '@/document/mix/commands'
import type { RestoreContext } from '@/document/mode'
import type { FusionDocument } from '@/schema/document'
import { isBuiltInModel } from '@/schema/modelRef'
import { evenPoint, type MixRecipe } from '@/schema/modes/mix'

/** The point is given, however it was found: the next fuse makes the same picture. */
export function restoreMix(
  draft: Draft<FusionDocument>,
  recipe: MixRecipe,
  { packs, lost }: RestoreContext,
): void {
  const { mix } = draft
  const count = recipe.objects.length
  mix.objects = recipe.objects.map(({ asset, label }) => ({ id: newId(), asset: { ...asset }, label }))
  mix.prompt = recipe.prompt === mixPrompt(recipe.objects) ? '' : recipe.prompt
  const places = recipe.mix.places.filter(({ object }) => object < count)
  mix.model = isBuiltInModel(recipe.model) ? 'painter' : 'flux'
  // The built-in model has one size; that of the others stays as it was set.
  const isSized = mix.model === 'flux'
  const { size } = isSized ? recipe.mix : mix.settings
  mix.settings = structuredClone({ ...recipe.mix, size, places })
  if (recipe.search) mix.search = { ...recipe.search, size: (isSized ? recipe.search : mix.search).size }
  mix.automatic = false
  const { shares, strengths } = recipe.point
  const isOfThem = shares.length === count && strengths.length === count
  mix.point = isOfThem ? structuredClone(recipe.point) : evenPoint(count)
  const isGone = (id: string) => mix.objects.some((one) => one.id === id && lost.has(one.asset.hash))
  if (recipe.objects.some(({ asset }) => lost.has(asset.hash))) dropObjects(mix, isGone)
  mix.trials.list = mix.trials.list.filter(({ asset }) => !lost.has(asset.hash))
  Object.assign(draft.settings, { seed: recipe.seed, randomSeed: false })
  if (mix.model === 'painter') return
  draft.loras = lorasOf(recipe.model, packs).extra
  draft.transformer = recipe.model.hash || null
}
