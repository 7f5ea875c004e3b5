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
  const out = blankRaster(...turnedSides(r, orientation))
  const source = new Uint32Array(r.data.buffer, r.data.byteOffset, r.width * r.height)
  const target = new Uint32Array(out.data.buffer)
  turn(r, orientation, (from, to) => {
    target[to] = source[from]
  })
  return out
}

/** The same for 16 bits. */
export function applyOrientationDeep(r: DeepRaster, orientation: number): DeepRaster {
  if (!isTurned(orientation)) return r
  const data = new Uint16Array(r.data.length)
  // Two words a pixel.
  const source = new Uint32Array(r.data.buffer, r.data.byteOffset, r.width * r.height * 2)
  const target = new Uint32Array(data.buffer)
  turn(r, orientation, (from, to) => {
    target[to * 2] = source[from * 2]
    target[to * 2 + 1] = source[from * 2 + 1]
  })
  const [width, height] = turnedSides(r, orientation)
  return { width, height, data }
}

const isTurned = (orientation: number): boolean => orientation >= 2 && orientation <= 8

/** Width and height once it is upright. */
const turnedSides = ({ width, height }: Size, orientation: number): [number, number] =>
  orientation >= 5 ? [height, width] : [width, height]

/** Tells of every pixel where it belongs. @param size of the source */
function turn(size: Size, orientation: number, copy: (from: number, to: number) => void): void {
  const swap = orientation >= 5
  const [width, height] = turnedSides(size, orientation)
  const flipColumn = [2, 3, 7, 8].includes(orientation)
  const flipRow = [3, 4, 6, 7].includes(orientation)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const column = swap ? y : x
      const row = swap ? x : y
      const sx = flipColumn ? size.width - 1 - column : column
      const sy = flipRow ? size.height - 1 - row : row
      copy(sy * size.width + sx, y * width + x)
    }
}
