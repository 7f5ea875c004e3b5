/** What of a document of Place is in the files that are made of it. */
import { baseLayer, fuseTargets, isBeside, seenAbove, topResult } from '@/document/layers'
import { drawsLayers } from '@/document/place/queries'
import type { ForegroundLayer, FusionDocument, Layer, ResultLayer } from '@/schema/document'
import type { PlacedForeground } from '@/schema/modes/place'
import type { Recipe } from '@/schema/recipe'

/**
 * The cut-outs that are drawn in the scene's light, on the canvas and in files alike; none where no light is drawn. More of
 * them than a recipe holds are drawn as well: they only take longer.
 */
export function litCutouts(doc: FusionDocument): ForegroundLayer[] {
  const cutouts = fuseTargets(doc)
  // What is mixed with a result cannot be lit beneath it.
  const all = cutouts.length === seenAbove(doc).length
  return drawsLayers(doc) && baseLayer(doc) !== null && all ? cutouts : []
}

/** The accepted result that is seen, where nothing lies over it. */
export function acceptedOnTop(doc: FusionDocument): ResultLayer | null {
  if (seenAbove(doc).length > 0) return null
  const result = doc.layers[topResult(doc)]
  return result?.kind === 'result' ? result : null
}

/** Whether a layer is a recipe's foreground, still where that stood. */
export const standsAs = ({ asset, box }: PlacedForeground, layer: Layer): layer is ForegroundLayer =>
  layer.kind === 'foreground' &&
  asset.hash === layer.asset.hash &&
  box.x === layer.box.x &&
  box.y === layer.box.y &&
  box.width === layer.box.width &&
  box.height === layer.box.height

/**
 * Whether a file with layers lacks some of the document's: hidden ones, those beside the picture, or what a whole result covers.
 * @param staged the recipe of the result that lies over the document, if one does
 */
export function lacksLayers(doc: FusionDocument, staged: Recipe | null): boolean {
  const { background, layers } = doc
  if (layers.some((layer) => isBeside(layer, doc))) return true
  const accepted = acceptedOnTop(doc)
  const recipe = staged ?? accepted?.recipe
  if (!recipe) return layers.length > seenAbove(doc).length
  if (recipe.mode !== 'place') return layers.length > 1 || background !== null
  const isIn = (layer: Layer): boolean =>
    (!staged && layer === accepted) ||
    (layer.kind === 'result' && layer.asset.hash === recipe.background.hash) ||
    (recipe.scene !== undefined && recipe.foregrounds.some((one) => standsAs(one, layer)))
  return (background !== null && background.hash !== recipe.background.hash) || !layers.every(isIn)
}
