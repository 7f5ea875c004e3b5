import type { Draft } from 'immer'

import { newId } from '@/base/id'
import { lookOf } from '@/base/look'
import { replaceBackground } from '@/document/layers'
import { lorasOf } from '@/document/loras'
import type { RestoreContext } from '@/document/mode'
import type { KnownPack } from '@/document/packs'
import type { AssetRef } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import { aloft, type PlaceRecipe, type PlaceScene } from '@/schema/modes/place'
import { KLEIN_STRENGTHS, type KleinPlaceSettings } from '@/schema/modes/placeKlein'

/** Without its own background the rest is restored onto the one that is open, boxes moved in proportion. */
export function restorePlace(
  draft: Draft<FusionDocument>,
  recipe: PlaceRecipe,
  { packs, lost }: RestoreContext,
): void {
  const open = draft.background
  draft.background = { ...recipe.background }
  draft.layers = recipe.foregrounds
    .filter(({ asset }) => !lost.has(asset.hash))
    .map((foreground) => ({
      kind: 'foreground' as const,
      id: newId(),
      name: foreground.asset.name,
      visible: true,
      asset: { ...foreground.asset },
      box: { ...foreground.box },
      stretch: foreground.stretch,
      rotationDegrees: foreground.rotationDegrees,
      flipX: foreground.flipX,
      ...aloft(foreground),
      ...lookOf(foreground),
      ...(foreground.mask && !lost.has(foreground.mask.asset.hash) ? { mask: foreground.mask } : {}),
    }))
  if (recipe.scene) draft.scene = withoutLost(recipe.scene, lost)
  else delete draft.scene.masks
  if (lost.has(recipe.background.hash)) replaceBackground(draft, open)
  draft.prompt = recipe.prompt
  Object.assign(draft.settings, { seed: recipe.seed, randomSeed: false })
  draft.placeModel = recipe.flux ? 'dreamfuse' : recipe.klein ? 'klein' : 'mini2'
  if (recipe.klein) restoreKlein(draft, recipe, recipe.klein, packs)
  if (!recipe.flux) {
    if (!recipe.klein) draft.settings.steps = recipe.steps
    return
  }
  draft.settings.strength = recipe.strength
  const { roles, extra } = lorasOf(recipe.model, packs)
  draft.fluxPlace = { ...recipe.flux, steps: recipe.steps, turbo: roles.has('turbo') }
  draft.loras = extra
  draft.transformer = recipe.model.hash || null
}

/** How many pictures are made at once is how somebody works, and stays; strokes that took changes back go with a new picture. */
function restoreKlein(
  draft: Draft<FusionDocument>,
  { model, steps, strength }: PlaceRecipe,
  { others: _others, away: _away, ...settings }: KleinPlaceSettings,
  packs: readonly KnownPack[],
): void {
  const { variations } = draft.kleinPlace
  const near = KLEIN_STRENGTHS.find((one) => one <= strength) ?? 0.5
  draft.kleinPlace = { ...settings, steps, strength: near, variations, transformer: model.hash || null }
  draft.loras = lorasOf(model, packs).extra
}

function withoutLost(scene: PlaceScene, lost: ReadonlySet<string>): PlaceScene {
  const { masks, ...rest } = structuredClone(scene)
  if (!masks) return rest
  const { front, ground, off, ...effects } = masks
  const found = (mask: AssetRef | null) => (mask && !lost.has(mask.hash) ? mask : null)
  const kept = Object.entries(effects).filter(([, mask]) => found(mask))
  return {
    ...rest,
    masks: {
      ...{ front: found(front), ground: found(ground) },
      ...Object.fromEntries(kept),
      ...(off ? { off } : {}),
    },
  }
}
