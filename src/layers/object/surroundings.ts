/** Where in a picture to look for what an object must match: its light, its lens and its film. */
import type { Raster, Rect, Size } from '@/base/geometry'
import { intersect } from '@/base/geometry'

/** How far beside and below its box the picture around an object reaches, in longer sides of the box, and at least, px. */
const REACH = 0.5
const LEAST_REACH = 48
/** The box's upper quarter stands before what is far away. */
const FROM_ROW = 0.25
/** From this alpha on a pixel shows one thing alone. */
export const SOLID = 250

/** The picture around and below a box, as far as it lies in the picture, in whole pixels; else all of it. */
export function surroundings(box: Rect, picture: Size): Rect {
  const reach = Math.max(LEAST_REACH, REACH * Math.max(box.width, box.height))
  const x = Math.floor(box.x - reach)
  const y = Math.floor(box.y + FROM_ROW * box.height)
  const right = Math.ceil(box.x + box.width + reach)
  const bottom = Math.ceil(box.y + box.height + reach)
  const whole = wholeOf(picture)
  return intersect({ x, y, width: right - x, height: bottom - y }, whole) ?? whole
}

export const wholeOf = ({ width, height }: Size): Rect => ({ x: 0, y: 0, width, height })

/** A piece of a picture's brightness. */
export interface Tile extends Size {
  /** Luma of the pixels, 0..255; NaN where something else shines through. [height, width] */
  luma: Float32Array
}

/** Side of a tile, and how many are looked at: what they say does not depend on the picture's size. */
const TILE = 64
const MOST_TILES = 144

/** Squares of `TILE` px or what there is, spread evenly over a region; all of it where it is small. */
export function* tilesOf(picture: Raster, region: Rect): Generator<Tile> {
  const columns = Math.max(1, Math.floor(region.width / TILE))
  const rows = Math.max(1, Math.floor(region.height / TILE))
  const every = Math.max(1, Math.sqrt((columns * rows) / MOST_TILES))
  for (let row = 0; row < rows; row += every)
    for (let column = 0; column < columns; column += every) {
      const x = region.x + Math.floor(column) * TILE
      const y = region.y + Math.floor(row) * TILE
      const width = Math.min(TILE, region.x + region.width - x)
      const height = Math.min(TILE, region.y + region.height - y)
      yield { width, height, luma: lumaOf(picture, { x, y, width, height }) }
    }
}

function lumaOf({ data, width }: Raster, rect: Rect): Float32Array {
  const luma = new Float32Array(rect.width * rect.height)
  for (let y = 0; y < rect.height; y++)
    for (let x = 0; x < rect.width; x++) {
      const at = ((rect.y + y) * width + rect.x + x) * 4
      luma[y * rect.width + x] =
        data[at + 3] < SOLID ? NaN : 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]
    }
  return luma
}

/** The value below which a share of the values lies; null where there are fewer than `least`. */
export function quantile(values: readonly number[], share: number, least: number): number | null {
  if (values.length < Math.max(1, least)) return null
  // Several times faster than to sort numbers by a function.
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.floor(share * (sorted.length - 1))]
}
