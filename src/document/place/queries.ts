import { intersect } from '@/base/geometry'
import { nextSeed } from '@/base/seed'
import { lookOf } from '@/base/look'
import { baseLayer, boundsOf, fuseTargets, seenAbove, topResult } from '@/document/layers'
import type { ForegroundLayer, FusionDocument } from '@/schema/document'
import type { ModelRef } from '@/schema/modelRef'
import type { AssetRef, Seed } from '@/schema/common'
import {
  aloft,
  type FluxPlace,
  type FluxPlaceSettings,
  type PlacedForeground,
  type PlaceRecipe,
} from '@/schema/modes/place'
import type { KleinPlace, KleinPlaceSettings } from '@/schema/modes/placeKlein'
import type { Recipe } from '@/schema/recipe'

/** A recipe holds at most this many foregrounds (schema/recipe.ts). */
export const MAX_FUSED = 16

/** Whether Place draws layers, and does not leave it to an imported model. */
export const drawsLayers = ({ mode, placeModel }: FusionDocument): boolean =>
  mode === 'place' && placeModel === 'mini2'

/**
 * The picture that what is seen was made of, through however many results: it may have more bits than they.
 * @param recipe of a result that is shown over the document; without one, the document as it stands
 */
export function groundOf(doc: FusionDocument, recipe?: Recipe): AssetRef | null {
  const top = doc.layers[topResult(doc)]
  const made = recipe ?? (top?.kind === 'result' ? top.recipe : null)
  let ground = made ? beneath(made) : doc.background
  for (const layer of doc.layers.toReversed())
    if (layer.kind === 'result' && layer.asset.hash === ground?.hash) ground = beneath(layer.recipe)
  return ground
}

const beneath = (recipe: Recipe): AssetRef | null => (recipe.mode === 'place' ? recipe.background : null)

/** Why Place cannot fuse, and what to do about it. */
export function placeReasons(doc: FusionDocument): string[] {
  const reasons: string[] = []
  const { background } = doc
  if (!background) reasons.push('Add a background picture.')
  const targets = fuseTargets(doc)
  if (targets.length === 0)
    reasons.push(
      doc.layers.some((layer) => layer.kind === 'foreground')
        ? 'Show a foreground, or add one above the accepted result.'
        : 'Add a foreground to place on it.',
    )
  const mixed = seenAbove(doc).find(({ kind }) => kind === 'result')
  if (mixed)
    reasons.push(
      `Merge “${mixed.name}” into the background, or make it whole, normal and opaque: a fuse starts from one picture.`,
    )
  if (targets.length > MAX_FUSED) reasons.push(`Hide some foregrounds: ${MAX_FUSED} can be fused at once.`)
  if (background)
    for (const layer of targets)
      if (!intersect(boundsOf(layer), { x: 0, y: 0, width: background.width, height: background.height }))
        reasons.push(`Move “${layer.name}” onto the picture: it lies outside.`)
  return reasons
}

/** A foreground as a recipe has it, with its look. */
export const placedForeground = (layer: ForegroundLayer): PlacedForeground => ({
  asset: { ...layer.asset },
  box: { ...layer.box },
  stretch: layer.stretch,
  rotationDegrees: layer.rotationDegrees,
  flipX: layer.flipX,
  ...aloft(layer),
  ...lookOf(layer),
  ...(layer.mask ? { mask: { ...layer.mask, asset: { ...layer.mask.asset } } } : {}),
})

/** What the next fuse takes, as a recipe has it. @param mixed whether their looks count: where layers are drawn */
export const placedForegrounds = (doc: FusionDocument, mixed: boolean): PlacedForeground[] =>
  fuseTargets(doc).map((layer) => (mixed ? placedForeground(layer) : unmixed(placedForeground(layer))))

/** A model repaints the object: how the cut-out was mixed and masked says nothing to it. */
const unmixed = ({
  opacity: _opacity,
  blend: _blend,
  mask: _mask,
  ...placed
}: PlacedForeground): PlacedForeground => placed

/** The recipe of Place; also of the picture as it stands, whatever the mode. */
export function placeRecipeOf(doc: FusionDocument, model: ModelRef): PlaceRecipe {
  const background = baseLayer(doc)
  if (!background) throw new Error('a document without background has no recipe')
  return {
    schema: 2,
    mode: 'place',
    model,
    background: { ...background },
    foregrounds: placedForegrounds(doc, doc.placeModel === 'mini2'),
    prompt: doc.prompt,
    seed: doc.settings.seed,
    ...modelSettings(doc),
  }
}

/** What of a recipe is its model's. */
function modelSettings(
  doc: FusionDocument,
): Pick<PlaceRecipe, 'steps' | 'strength' | 'flux' | 'klein' | 'scene'> {
  const { settings, fluxPlace, kleinPlace } = doc
  switch (doc.placeModel) {
    case 'mini2':
      return { steps: settings.steps, strength: 1, scene: structuredClone(doc.scene) }
    case 'dreamfuse':
      return { steps: fluxPlace.steps, strength: settings.strength, flux: fluxSettings(fluxPlace) }
    case 'klein': {
      const { steps, strength } = kleinPlace
      return { steps, strength, klein: kleinSettings(kleinPlace, settings.seed) }
    }
  }
}

const kleinSettings = (
  { size, cutout, clean, blend, padding, scene, detail, variations }: KleinPlace,
  seed: Seed,
): KleinPlaceSettings => ({
  ...{ size, cutout, clean, blend, padding, scene, detail },
  others: seedsAfter(seed, variations - 1),
  away: null,
})

function seedsAfter(seed: Seed, count: number): Seed[] {
  const seeds: Seed[] = []
  for (let next = nextSeed(seed); seeds.length < count; next = nextSeed(next)) seeds.push(next)
  return seeds
}

const fluxSettings = ({
  size,
  guidance,
  textStrength,
  noise,
  detail,
  guessUnder,
  refreshEvery,
}: FluxPlace): FluxPlaceSettings => ({
  size,
  guidance,
  textStrength,
  noise,
  detail,
  guessUnder,
  refreshEvery,
})
