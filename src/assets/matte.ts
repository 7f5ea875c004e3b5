import type { Raster, Rect } from '@/base/geometry'
import { clamp } from '@/base/geometry'

/** A map of one value per pixel. */
export interface Plane {
  width: number
  height: number
  values: Float32Array
}

/** Mean over a (2r+1)-square around each pixel, cut off at the borders. Separable running sums. */
export function boxBlur({ width, height, values }: Plane, radius: number): Float32Array {
  const rows = new Float32Array(values.length)
  for (let y = 0; y < height; y++) blurLine(values, rows, y * width, 1, width, radius)
  const out = new Float32Array(values.length)
  for (let x = 0; x < width; x++) blurLine(rows, out, x, width, height, radius)
  return out
}

function blurLine(
  from: Float32Array,
  to: Float32Array,
  start: number,
  step: number,
  length: number,
  radius: number,
): void {
  let sum = 0
  for (let i = 0; i < Math.min(radius, length); i++) sum += from[start + i * step]
  for (let i = 0; i < length; i++) {
    if (i + radius < length) sum += from[start + (i + radius) * step]
    if (i - radius - 1 >= 0) sum -= from[start + (i - radius - 1) * step]
    to[start + i * step] = sum / (Math.min(length - 1, i + radius) - Math.max(0, i - radius) + 1)
  }
}

/**
 * Guided filter with a colour guide (He, Sun, Tang 2010): the mask becomes, in every window, the linear function of the
 * colour that fits it best, so that its edges move onto the picture's. Returns the averaged coefficients [4 planes]:
 * alpha = a0*red + a1*green + a2*blue + b, colours in 0..1, which may be applied at a higher resolution.
 */
export async function guidedCoefficients(
  guide: Raster,
  mask: Float32Array,
  radius: number,
  epsilon: number,
  breathe: () => Promise<void>,
): Promise<Plane[]> {
  const { width, height } = guide
  const n = width * height
  const blur = async (values: Float32Array): Promise<Float32Array> => {
    await breathe()
    return boxBlur({ width, height, values }, radius)
  }
  const each = async <T, U>(items: T[], run: (item: T) => Promise<U>): Promise<U[]> => {
    const out: U[] = []
    for (const item of items) out.push(await run(item))
    return out
  }
  const channel = [0, 1, 2].map((c) => {
    const values = new Float32Array(n)
    for (let i = 0; i < n; i++) values[i] = guide.data[i * 4 + c] / 255
    return values
  })
  const scratch = new Float32Array(n)
  const product = (a: Float32Array, b: Float32Array): Float32Array => {
    for (let i = 0; i < n; i++) scratch[i] = a[i] * b[i]
    return scratch
  }
  const mean = await each(channel, blur)
  const meanMask = await blur(mask)
  const cross = await each(channel, (values) => blur(product(values, mask)))
  const pairs = await each(
    [
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 1],
      [1, 2],
      [2, 2],
    ],
    async ([i, j]) => {
      const values = await blur(product(channel[i], channel[j]))
      for (let k = 0; k < n; k++) values[k] -= mean[i][k] * mean[j][k]
      return values
    },
  )
  const a = [0, 1, 2].map(() => new Float32Array(n))
  const b = new Float32Array(n)
  for (let k = 0; k < n; k++) {
    if (k % 65536 === 0) await breathe()
    const xx = pairs[0][k] + epsilon
    const xy = pairs[1][k]
    const xz = pairs[2][k]
    const yy = pairs[3][k] + epsilon
    const yz = pairs[4][k]
    const zz = pairs[5][k] + epsilon
    const c0 = yy * zz - yz * yz
    const c1 = xz * yz - xy * zz
    const c2 = xy * yz - xz * yy
    const determinant = xx * c0 + xy * c1 + xz * c2
    const p0 = cross[0][k] - mean[0][k] * meanMask[k]
    const p1 = cross[1][k] - mean[1][k] * meanMask[k]
    const p2 = cross[2][k] - mean[2][k] * meanMask[k]
    a[0][k] = (c0 * p0 + c1 * p1 + c2 * p2) / determinant
    a[1][k] = (c1 * p0 + (xx * zz - xz * xz) * p1 + (xy * xz - xx * yz) * p2) / determinant
    a[2][k] = (c2 * p0 + (xy * xz - xx * yz) * p1 + (xx * yy - xy * xy) * p2) / determinant
    b[k] = meanMask[k] - a[0][k] * mean[0][k] - a[1][k] * mean[1][k] - a[2][k] * mean[2][k]
  }
  return each([...a, b], async (values) => ({ width, height, values: await blur(values) }))
}

/** Value at (x, y) in 0..1 of the plane's width and height, bilinear, edges repeated. */
export function samplePlane({ width, height, values }: Plane, x: number, y: number): number {
  const px = clamp(x * width - 0.5, 0, width - 1)
  const py = clamp(y * height - 0.5, 0, height - 1)
  const x0 = Math.floor(px)
  const y0 = Math.floor(py)
  const x1 = Math.min(width - 1, x0 + 1)
  const y1 = Math.min(height - 1, y0 + 1)
  const tx = px - x0
  const ty = py - y0
  const top = values[y0 * width + x0] * (1 - tx) + values[y0 * width + x1] * tx
  const bottom = values[y1 * width + x0] * (1 - tx) + values[y1 * width + x1] * tx
  return top * (1 - ty) + bottom * ty
}

/** Alphas from which a pixel's colour is taken to be the object's alone. */
const SOLID = 250
/** How much a solid pixel at the very edge counts as a source of colour: it may hold a trace of the background. */
const EDGE_WEIGHT = 0.02

/**
 * Replaces the colours of pixels at the edge, which still hold some of the old background, by those of the nearest
 * pixels well inside the object within `radius`, as far as the old background can explain the difference, so that no
 * fringe of it shows on a new one. Alpha stays, and so do colours with nothing solid nearby; hair keeps its tone.
 * Works in place, in `area` (integer pixels); a generator, so that the caller can let others run.
 * @param amount 0..1: how far towards the new colours
 */
export function* decontaminate(
  r: Raster,
  area: Rect,
  radius: number,
  amount = 1,
): Generator<undefined, void> {
  const { width, height, data } = r
  const right = area.x + area.width
  const bottom = area.y + area.height
  /** 0 not solid, 1 solid at the edge, 2 well inside. */
  const kind = new Uint8Array(area.width * area.height)
  const solid = (x: number, y: number): boolean =>
    x < 0 || y < 0 || x >= width || y >= height || data[(y * width + x) * 4 + 3] >= SOLID
  for (let y = area.y; y < bottom; y++)
    for (let x = area.x; x < right; x++) {
      if (!solid(x, y)) continue
      const core = solid(x - 1, y) && solid(x + 1, y) && solid(x, y - 1) && solid(x, y + 1)
      kind[(y - area.y) * area.width + x - area.x] = core ? 2 : 1
    }
  const source = new Uint8ClampedArray(data)
  const sum = [0, 0, 0]
  for (let y = area.y; y < bottom; y++) {
    if (y % 16 === 0) yield
    for (let x = area.x; x < right; x++) {
      const at = (y * width + x) * 4
      const alpha = source[at + 3]
      const own = kind[(y - area.y) * area.width + x - area.x]
      if (alpha === 0 || own === 2) continue
      let total = 0
      sum.fill(0)
      for (let j = Math.max(area.y, y - radius); j <= Math.min(bottom - 1, y + radius); j++)
        for (let i = Math.max(area.x, x - radius); i <= Math.min(right - 1, x + radius); i++) {
          const k = kind[(j - area.y) * area.width + i - area.x]
          if (k === 0) continue
          const p = (j * width + i) * 4
          const w = (k === 2 ? 1 : EDGE_WEIGHT) / (0.25 + (i - x) ** 2 + (j - y) ** 2) ** 2
          total += w
          for (let c = 0; c < 3; c++) sum[c] += w * source[p + c]
        }
      if (total === 0) continue
      // The fainter the pixel, the less its own colour says.
      const keep = own === 1 ? 0.5 : 0.3 * (alpha / 255) ** 2
      const change = amount * (1 - keep)
      for (let c = 0; c < 3; c++) {
        const colour = explained(sum[c] / total, source[at + c], alpha / 255)
        data[at + c] = source[at + c] + change * (colour - source[at + c])
      }
    }
  }
}

/** How wrong an alpha may be. */
const ALPHA_ERROR = 0.15

/**
 * An object's colour brought into what is possible: seen with this alpha it gave `mixed` before a background between black
 * and white. Bytes; the fainter the pixel, the more is possible.
 */
function explained(colour: number, mixed: number, alpha: number): number {
  const least = Math.max(0.05, alpha - ALPHA_ERROR)
  return clamp(colour, (mixed - 255 * (1 - least)) / least, mixed / least)
}
