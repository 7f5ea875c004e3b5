/** Masks that the user paints: one byte a cell, over a picture of any size, stored as an opaque grey picture. */
import { blankRaster } from '@/assets/raster'
import { clamp, type Mask, type Raster, type Rect, type Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

/** Longer side of a mask, cells: what is painted is soft, and must be small enough to go along in a PNG. */
export const MASK_SIDE = 1024

/** The size of the masks of a picture: its own, or as large as a mask may be. */
export function maskSizeOf({ width, height }: Size): Size {
  const scale = Math.min(1, MASK_SIDE / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

export const blankMask = ({ width, height }: Size, value = 0): Mask => ({
  width,
  height,
  values: new Uint8Array(width * height).fill(value),
})

/** Whether a mask is the same everywhere, and this. */
export const isEven = ({ values }: Mask, value: number): boolean => values.every((one) => one === value)

export const inverted = ({ values, ...size }: Mask): Mask => ({
  ...size,
  values: values.map((one) => 255 - one),
})

/** A mask out of the picture that it is stored as. */
export function maskOf({ width, height, data }: Raster): Mask {
  const mask = blankMask({ width, height })
  for (let cell = 0; cell < mask.values.length; cell++) mask.values[cell] = data[4 * cell]
  return mask
}

/** The picture that a mask is stored as: opaque and grey. */
export function rasterOf({ width, height, values }: Mask): Raster {
  const raster = blankRaster(width, height)
  const { data } = raster
  for (let y = 0; y < height; y++) {
    beat()
    for (let cell = y * width; cell < (y + 1) * width; cell++) {
      data[4 * cell] = data[4 * cell + 1] = data[4 * cell + 2] = values[cell]
      data[4 * cell + 3] = 255
    }
  }
  return raster
}

/** A mask at another size, read between its cells; of the same size the mask itself. */
export function resized(mask: Mask, size: Size): Mask {
  if (mask.width === size.width && mask.height === size.height) return mask
  const out = blankMask(size)
  const read = maskReader(mask, size)
  const line = new Float32Array(size.width)
  for (let y = 0; y < size.height; y++) {
    beat()
    read(y, line)
    for (let x = 0; x < size.width; x++) out.values[y * size.width + x] = Math.round(line[x])
  }
  return out
}

/** The cells in which a mask is not 0; null where there are none. */
export function boundsOf({ width, height, values }: Mask): Rect | null {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (const [cell, value] of values.entries()) {
    if (value === 0) continue
    const x = cell % width
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, Math.floor(cell / width))
    bottom = Math.floor(cell / width)
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** Reads a mask at the centres of a picture's pixels, between its cells, edges repeated. */
export function maskReader(mask: Mask, picture: Size): (y: number, line: Float32Array) => void {
  const { width, height, values } = mask
  const left = new Int32Array(picture.width)
  const share = new Float32Array(picture.width)
  for (let x = 0; x < picture.width; x++) {
    const column = clamp(((x + 0.5) / picture.width) * width - 0.5, 0, width - 1)
    left[x] = Math.min(Math.floor(column), Math.max(0, width - 2))
    share[x] = column - left[x]
  }
  const right = width > 1 ? 1 : 0
  return (y, line) => {
    const row = clamp(((y + 0.5) / picture.height) * height - 0.5, 0, height - 1)
    const upper = Math.floor(row)
    const lower = Math.min(height - 1, upper + 1)
    const down = row - upper
    for (let x = 0; x < picture.width; x++) {
      const a = upper * width + left[x]
      const b = lower * width + left[x]
      const top = values[a] * (1 - share[x]) + values[a + right] * share[x]
      const bottom = values[b] * (1 - share[x]) + values[b + right] * share[x]
      line[x] = top * (1 - down) + bottom * down
    }
  }
}

/**
 * `above` where the mask is 255, `below` where it is 0, both to the bit; between them the mean of what they show, in
 * encoded colours, as a foreground is laid over a picture. All of one size.
 */
export function keptThrough(mask: Mask, above: Raster, below: Raster): Raster {
  const out: Raster = { ...below, data: below.data.slice() }
  const read = maskReader(mask, below)
  const line = new Float32Array(below.width)
  for (let y = 0; y < below.height; y++) {
    beat()
    read(y, line)
    for (let x = 0; x < below.width; x++)
      if (line[x] > 0) mix(out.data, above.data, (y * below.width + x) * 4, line[x] / 255)
  }
  return out
}

function mix(target: Uint8ClampedArray, source: Uint8ClampedArray, at: number, share: number): void {
  const own = share === 1 ? source[at + 3] : source[at + 3] * share
  const other = target[at + 3] * (1 - share)
  const alpha = own + other
  for (let c = 0; c < 3; c++)
    target[at + c] =
      share === 1 || alpha === 0 ? source[at + c] : (source[at + c] * own + target[at + c] * other) / alpha
  target[at + 3] = alpha
}
