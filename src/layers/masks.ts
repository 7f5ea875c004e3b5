/** Masks of a picture's layers: where its own pixels stay, and where an effect shows. */
import { keptThrough, maskReader } from '@/assets/mask'
import type { PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import type { EffectName } from '@/base/effects'
import type { Mask, Raster, Rect, Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

/**
 * Over the whole picture, of any size; what is absent or null masks nothing. *front*: 255 keeps the background on top of
 * foregrounds, shadows and reflections. *ground*: shadow, contact and reflection may fall on the background where it is 255.
 * An effect's own: it shows where that is 255 and does not where it is 0; between them shadow and contact are as much weaker,
 * in light, and what the others make is mixed with what was there before, in encoded colours.
 */
export type LayerMasks = Readonly<Partial<Record<'front' | 'ground' | EffectName, Mask | null>>>

/** Weakens a line of strengths by a mask, in place. @param x, y of its first pixel, px of the picture */
type Weigh = (line: Float32Array, x: number, y: number) => void

/** Null where there is no mask. @param picture what the mask covers */
export function weigher(mask: Mask | null | undefined, picture: Size): Weigh | null {
  if (!mask) return null
  const read = maskReader(mask, picture)
  const row = new Float32Array(picture.width)
  return (line, x, y) => {
    read(y, row)
    const end = Math.min(line.length, picture.width - x)
    for (let at = 0; at < end; at++) line[at] *= row[x + at] / 255
  }
}

/** A part of a mask, a cell for each pixel of the picture there. */
export function maskOver(mask: Mask, rect: Rect, picture: Size): Mask {
  const values = new Uint8Array(rect.width * rect.height)
  const read = maskReader(mask, picture)
  const row = new Float32Array(picture.width)
  for (let y = 0; y < rect.height; y++) {
    beat()
    read(rect.y + y, row)
    for (let x = 0; x < rect.width; x++) values[y * rect.width + x] = Math.round(row[rect.x + x])
  }
  return { width: rect.width, height: rect.height, values }
}

/** An object as an effect leaves it where its mask lets it. @param after may reach farther than before */
export function effectThrough(
  mask: Mask | null | undefined,
  after: PlacedRaster,
  before: PlacedRaster,
  picture: Size,
): PlacedRaster {
  if (!mask || after === before) return after
  const image = keptThrough(maskOver(mask, after.rect, picture), after.image, widened(before, after.rect))
  return { ...after, image }
}

/** What lies in a rectangle, with nothing around it. */
function widened({ rect, image }: PlacedRaster, to: Rect): Raster {
  if (rect.width === to.width && rect.height === to.height) return image
  const wide = blankRaster(to.width, to.height)
  for (let y = 0; y < rect.height; y++)
    wide.data.set(
      image.data.subarray(y * rect.width * 4, (y + 1) * rect.width * 4),
      ((rect.y - to.y + y) * to.width + rect.x - to.x) * 4,
    )
  return wide
}
