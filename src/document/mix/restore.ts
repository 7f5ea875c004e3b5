import type { Draft } from 'immer'

import { newId } from '@/base/id'
import { mixPrompt } from '@/base/mixWords'
import { lorasOf } from '@/document/loras'
import { dropObjects } from '@/document/mix/commands'
import type { RestoreContext } from '@/document/mode'
import type { FusionDocument } from '@/schema/document'
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
  mix.settings = structuredClone({ ...recipe.mix, places })
  if (recipe.search) mix.search = { ...recipe.search }
  mix.automatic = false
  const { shares, strengths } = recipe.point
  const isOfThem = shares.length === count && strengths.length === count
  mix.point = isOfThem ? structuredClone(recipe.point) : evenPoint(count)
  const isGone = (id: string) => mix.objects.some((one) => one.id === id && lost.has(one.asset.hash))
  if (recipe.objects.some(({ asset }) => lost.has(asset.hash))) dropObjects(mix, isGone)
  mix.trials.list = mix.trials.list.filter(({ asset }) => !lost.has(asset.hash))
  Object.assign(draft.settings, { seed: recipe.seed, randomSeed: false })
  draft.loras = lorasOf(recipe.model, packs).extra
  draft.transformer = recipe.model.hash || null
}
