/** Edge: the fringe of a cut-out, which still shows what it once stood before, takes the colours beside it. */
import { decontaminate } from '@/assets/matte'
import type { PlacedRaster } from '@/assets/paste'
import type { Raster } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

/** How far in the object's own colours are looked for: of its longer side, and within these, px. */
const REACH = 1 / 200
const LEAST_REACH = 4
const MOST_REACH = 12

/** An object whose semi-transparent pixels have lost the colours of its old background; alpha stays. */
export function withCleanEdge(placed: PlacedRaster, amount: number): PlacedRaster {
  if (amount <= 0) return placed
  const { image, contentRect } = placed
  const longer = Math.max(contentRect.width, contentRect.height)
  const reach = Math.round(Math.min(MOST_REACH, Math.max(LEAST_REACH, REACH * longer)))
  const clean: Raster = { ...image, data: image.data.slice() }
  const run = decontaminate(clean, { x: 0, y: 0, width: image.width, height: image.height }, reach, amount)
  while (!run.next().done) beat()
  return { ...placed, image: clean }
}
