/** What of a placing will look wrong, and what to do about it. */
import { fitInBox } from '@/base/geometry'
import { boundsOf, fuseTargets } from '@/document/layers'
import { drawsLayers } from '@/document/place/queries'
import type { ForegroundLayer, FusionDocument } from '@/schema/document'
import type { PlaceScene } from '@/schema/modes/place'

/** From here on one sees that something was enlarged. */
const TOO_LARGE = 2
/** Longer side of what shows nothing any more, in background pixels. */
const TOO_SMALL = 12

export function placeWarnings(doc: FusionDocument): string[] {
  const { background, scene } = doc
  if (!background) return []
  const warnings: string[] = []
  for (const layer of fuseTargets(doc)) {
    const { name, box, asset, stands = true } = layer
    if (drawsLayers(doc) && stands && footAboveHorizon(layer, scene, background))
      warnings.push(
        `“${name}” stands above the horizon, where no ground is: move it down, move the horizon, or say that it does not stand.`,
      )
    const shown = fitInBox(asset, box, layer.stretch)
    const times = Math.max(shown.width / asset.width, shown.height / asset.height)
    if (times > TOO_LARGE)
      warnings.push(
        `“${name}” is enlarged ${times.toFixed(1)} times and will look soft: use a larger cut-out.`,
      )
    if (Math.max(shown.width, shown.height) < TOO_SMALL)
      warnings.push(`“${name}” is smaller than ${TOO_SMALL} pixels of the picture: nobody will see it.`)
  }
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
