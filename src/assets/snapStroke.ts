import { cropRaster } from '@/assets/raster'
import { boundsOf } from '@/assets/mask'
import { guidedCoefficients } from '@/assets/matte'
import { clamp, intersect, type Mask, type Raster } from '@/base/geometry'

/** Windows of the filter, as a share of the mask's longer side: so far off an edge a stroke may be. */
const WINDOW = 1 / 20
const EPSILON = 2e-4
/** Between these shares a cell is at an edge; the filter leaves a haze beside it. */
const [LOW, HIGH] = [0.4, 0.6]

/**
 * A rough stroke along something in a photo, moved onto that thing's edges by a guided filter.
 * @param photo of the stroke's size
 * @param breathe lets others have a turn
 */
export async function snapStroke(photo: Raster, stroke: Mask, breathe: () => Promise<void>): Promise<Mask> {
  const bounds = boundsOf(stroke)
  if (!bounds) return stroke
  const radius = Math.max(2, Math.round(WINDOW * Math.max(stroke.width, stroke.height)))
  const margin = 2 * radius
  const area = intersect(
    {
      x: bounds.x - margin,
      y: bounds.y - margin,
      width: bounds.width + 2 * margin,
      height: bounds.height + 2 * margin,
    },
    { x: 0, y: 0, width: stroke.width, height: stroke.height },
  )
  if (!area) return stroke
  const guide = cropRaster(photo, area)
  const rough = new Float32Array(area.width * area.height)
  const cellOf = (i: number) =>
    (area.y + Math.floor(i / area.width)) * stroke.width + area.x + (i % area.width)
  for (let i = 0; i < rough.length; i++) rough[i] = stroke.values[cellOf(i)] / 255
  const [red, green, blue, rest] = await guidedCoefficients(guide, rough, radius, EPSILON, breathe)
  const values = new Uint8Array(stroke.values.length)
  for (let i = 0; i < rough.length; i++) {
    const colour = (plane: { values: Float32Array }, c: number) =>
      (plane.values[i] * guide.data[4 * i + c]) / 255
    const fitted = colour(red, 0) + colour(green, 1) + colour(blue, 2) + rest.values[i]
    const share = clamp((fitted - LOW) / (HIGH - LOW), 0, 1)
    values[cellOf(i)] = 255 * share * share * (3 - 2 * share)
  }
  return { ...stroke, values }
}
