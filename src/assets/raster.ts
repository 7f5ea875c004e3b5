import type { DeepRaster, Raster, Rect, Size } from '@/base/geometry'

/** A fully transparent picture of the given size in pixels. */
export function blankRaster(width: number, height: number): Raster {
  return { width, height, data: new Uint8ClampedArray(width * height * 4) }
}

/** Copies an integer rectangle that lies inside `r`. */
export function cropRaster(r: Raster, rect: Rect): Raster {
  const out = blankRaster(rect.width, rect.height)
  for (let y = 0; y < rect.height; y++) {
    const start = ((rect.y + y) * r.width + rect.x) * 4
    out.data.set(r.data.subarray(start, start + rect.width * 4), y * rect.width * 4)
  }
  return out
}

/** Mirrors left and right. */
export function flipHorizontally(r: Raster): Raster {
  const source = new Uint32Array(r.data.buffer, r.data.byteOffset, r.width * r.height)
  const out = blankRaster(r.width, r.height)
  const target = new Uint32Array(out.data.buffer)
  for (let y = 0; y < r.height; y++) {
    const row = y * r.width
    for (let x = 0; x < r.width; x++) target[row + x] = source[row + r.width - 1 - x]
  }
  return out
}

/**
 * Turns stored pixels upright by an EXIF orientation: 1 as stored, 3 half turn, 6 and 8 quarter turns,
 * 2, 4, 5, 7 the mirrored ones. Anything else counts as 1.
 */
export function applyOrientation(r: Raster, orientation: number): Raster {
  if (!isTurned(orientation)) return r
  const swap = orientation >= 5
  const out = blankRaster(swap ? r.height : r.width, swap ? r.width : r.height)
  const source = new Uint32Array(r.data.buffer, r.data.byteOffset, r.width * r.height)
  turn(source, r, new Uint32Array(out.data.buffer), orientation)
  return out
}

/** The same for 16 bits. */
export function applyOrientationDeep(r: DeepRaster, orientation: number): DeepRaster {
  if (!isTurned(orientation)) return r
  const swap = orientation >= 5
  const data = new Uint16Array(r.data.length)
  const source = new BigUint64Array(r.data.buffer, r.data.byteOffset, r.width * r.height)
  turn(source, r, new BigUint64Array(data.buffer), orientation)
  return { width: swap ? r.height : r.width, height: swap ? r.width : r.height, data }
}

const isTurned = (orientation: number): boolean => orientation >= 2 && orientation <= 8

/** Copies whole pixels, of any type, to where they belong. @param size of the source */
function turn<T>(source: ArrayLike<T>, size: Size, target: { [at: number]: T }, orientation: number): void {
  const swap = orientation >= 5
  const [width, height] = swap ? [size.height, size.width] : [size.width, size.height]
  const flipColumn = [2, 3, 7, 8].includes(orientation)
  const flipRow = [3, 4, 6, 7].includes(orientation)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = swap ? y : x
      const row = swap ? x : y
      const sx = flipColumn ? size.width - 1 - column : column
      const sy = flipRow ? size.height - 1 - row : row
      target[y * width + x] = source[sy * size.width + sx]
    }
}
