import { intersect } from '@/base/geometry'
import { baseLayer, boundsOf, fuseTargets } from '@/document/layers'
import type { FusionDocument } from '@/schema/document'
import type { ModelRef } from '@/schema/modelRef'
import { aloft, type FluxPlace, type FluxPlaceSettings, type PlaceRecipe } from '@/schema/modes/place'

/** A recipe holds at most this many foregrounds (schema/recipe.ts). */
export const MAX_FUSED = 16

/** Whether Place draws layers, and does not leave it to an imported model. */
export const drawsLayers = ({ mode, placeModel }: FusionDocument): boolean =>
  mode === 'place' && placeModel === 'mini2'

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
  if (targets.length > MAX_FUSED) reasons.push(`Hide some foregrounds: ${MAX_FUSED} can be fused at once.`)
  if (background)
    for (const layer of targets)
      if (!intersect(boundsOf(layer), { x: 0, y: 0, width: background.width, height: background.height }))
        reasons.push(`Move “${layer.name}” onto the picture: it lies outside.`)
  return reasons
}

/** The recipe of Place; also of the picture as it stands, whatever the mode. */
export function placeRecipeOf(doc: FusionDocument, model: ModelRef): PlaceRecipe {
  const background = baseLayer(doc)
  if (!background) throw new Error('a document without background has no recipe')
  return {
    schema: 2,
    mode: 'place',
    model,
    background: { ...background },
    foregrounds: fuseTargets(doc).map((layer) => ({
      asset: { ...layer.asset },
      box: { ...layer.box },
      stretch: layer.stretch,
      rotationDegrees: layer.rotationDegrees,
      flipX: layer.flipX,
      ...aloft(layer),
    })),
    prompt: doc.prompt,
    seed: doc.settings.seed,
    steps: doc.placeModel === 'dreamfuse' ? doc.fluxPlace.steps : doc.settings.steps,
    strength: doc.placeModel === 'dreamfuse' ? doc.settings.strength : 1,
    ...(doc.placeModel === 'dreamfuse' ? { flux: fluxSettings(doc.fluxPlace) } : {}),
    ...(doc.placeModel === 'mini2' ? { scene: structuredClone(doc.scene) } : {}),
  }
}

const fluxSettings = ({ size, guidance, textStrength, noise, detail }: FluxPlace): FluxPlaceSettings => ({
  size,
  guidance,
  textStrength,
  noise,
  detail,
})
