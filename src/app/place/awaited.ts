/** Whether a picture that is made, or lies there to be judged, is still one of the open document. All by value: a document may be
 * left and opened again meanwhile. */
import { isSame } from '@/base/same'
import { baseLayer } from '@/document/layers'
import { placedForegrounds } from '@/document/place/queries'
import type { FusionDocument } from '@/schema/document'
import type { PlacedForeground, PlaceRecipe } from '@/schema/modes/place'

/** Whether somebody changed what the layers look like; what the photo says of light is read again without being asked. */
export function leaves(
  recipe: PlaceRecipe,
  { scene: now }: FusionDocument,
  { scene: before }: FusionDocument,
): boolean {
  if (!recipe.scene) return false
  const byHand = now.source === 'hand' ? (['camera', 'lights', 'ground'] as const) : []
  const parts = [...byHand, ...(['amounts', 'visible', 'together', 'masks'] as const)]
  return parts.some((part) => !isSame(now[part], before[part]))
}

/** Whether the document has the recipe's foregrounds, where they stood and as they were mixed, on the same picture. */
export const shows = (recipe: PlaceRecipe, doc: FusionDocument): boolean =>
  baseLayer(doc)?.hash === recipe.background.hash &&
  isSame(recipe.foregrounds.map(seen), placedForegrounds(doc, recipe.scene !== undefined).map(seen))

/** What shows of a foreground: no names, no mask that is put away. */
const seen = ({ asset, mask, ...placed }: PlacedForeground) => ({
  ...placed,
  asset: asset.hash,
  mask: mask && !mask.off ? mask.asset.hash : null,
})
