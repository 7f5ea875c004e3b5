/** What of a placing will look wrong, and what to do about it. */
import { fitInBox } from '@/base/geometry'
import type { KnownLooks } from '@/base/pictureLooks'
import { boundsOf, fuseTargets, isWhole } from '@/document/layers'
import { drawsLayers } from '@/document/place/queries'
import type { ForegroundLayer, FusionDocument } from '@/schema/document'
import type { PlaceScene } from '@/schema/modes/place'

/** From here on one sees that something was enlarged. */
const TOO_LARGE = 2
/** Longer side of what shows nothing any more, in background pixels. */
const TOO_SMALL = 12

/**
 * Looks from which on a picture is told to be something else than a photograph by day. Of 1,037 pictures that were tried,
 * photographs were told only that they are dark: two.
 */
const DRAWN = 0.6
const DARK = 85
/** Shares of see-through places from which on a cut-out counts as glass. */
const GLASSY = 0.25

/** @param looks of the document's pictures, as far as they have been read */
export function placeWarnings(doc: FusionDocument, looks: KnownLooks = {}): string[] {
  const { background, scene } = doc
  if (!background) return []
  const warnings: string[] = []
  for (const layer of fuseTargets(doc)) {
    const { name, box, asset, stands = true } = layer
    if (drawsLayers(doc) && stands && footAboveHorizon(layer, scene, background))
      warnings.push(
        `“${name}” stands above the horizon, where no ground is: move it down, move the horizon, or say that it does not stand.`,
      )
    if (!drawsLayers(doc) && !isWhole(layer))
      warnings.push(`“${name}” is given to the model whole, opaque and normal: it repaints what it is shown.`)
    const shown = fitInBox(asset, box, layer.stretch)
    const times = Math.max(shown.width / asset.width, shown.height / asset.height)
    if (times > TOO_LARGE)
      warnings.push(
        `“${name}” is enlarged ${times.toFixed(1)} times and will look soft: use a larger cut-out.`,
      )
    if (Math.max(shown.width, shown.height) < TOO_SMALL)
      warnings.push(`“${name}” is smaller than ${TOO_SMALL} pixels of the picture: nobody will see it.`)
  }
  if (drawsLayers(doc)) warnings.push(...lookWarnings(doc, background.name, looks))
  return warnings
}

/** What pictures of this kind will not give. Light that was set by hand needs no photograph that tells it. */
function lookWarnings(doc: FusionDocument, name: string, looks: KnownLooks): string[] {
  const warnings: string[] = []
  const targets = fuseTargets(doc)
  const photo = doc.background && looks[doc.background.hash]
  if (photo && targets.length > 0 && doc.scene.source === 'photo')
    if (photo.bright < DARK)
      warnings.push(
        `“${name}” is dark: light is hard to read off it, and shadows will hardly show. If it looks wrong, set the light by hand.`,
      )
    else if (photo.flat > DRAWN)
      warnings.push(
        `“${name}” looks like a drawing: light and ground are read off photographs. Set light and horizon by hand.`,
      )
  for (const layer of targets)
    if ((looks[layer.asset.hash]?.glassy ?? 0) > GLASSY)
      warnings.push(
        `“${layer.name}” shines through: what is behind it will be neither bent nor tinted, and its shadow is merely lighter.`,
      )
  return warnings
}

/** Whether the middle of a foreground's lower edge lies at or above the horizon. */
function footAboveHorizon(
  layer: ForegroundLayer,
  { camera: { horizon, tiltDegrees } }: PlaceScene,
  { width, height }: { width: number; height: number },
): boolean {
  const { x, y, width: across, height: down } = boundsOf(layer)
  const slope = Math.tan((tiltDegrees * Math.PI) / 180)
  return y + down <= horizon * height + slope * (x + across / 2 - width / 2)
}
