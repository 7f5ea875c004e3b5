import type { Raster } from '@/base/geometry'
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
export function guidedCoefficients(
  guide: Raster,
  mask: Float32Array,
  radius: number,
  epsilon: number,
): Plane[] {
  const { width, height } = guide
  const n = width * height
  const blur = (values: Float32Array): Float32Array => boxBlur({ width, height, values }, radius)
  const channel = [0, 1, 2].map((c) =>
    Float32Array.from({ length: n }, (_, i) => guide.data[i * 4 + c] / 255),
  )
  const product = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => value * b[i])
  const mean = channel.map(blur)
  const meanMask = blur(mask)
  const cross = channel.map((values) => blur(product(values, mask)))
  const pairs = [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [1, 2],
    [2, 2],
  ].map(([i, j]) => blur(product(channel[i], channel[j])).map((value, k) => value - mean[i][k] * mean[j][k]))
  const a = [0, 1, 2].map(() => new Float32Array(n))
  const b = new Float32Array(n)
  for (let k = 0; k < n; k++) {
    const xx = pairs[0][k] + epsilon
    const [xy, xz] = [pairs[1][k], pairs[2][k]]
    const yy = pairs[3][k] + epsilon
    const yz = pairs[4][k]
    const zz = pairs[5][k] + epsilon
    const [c0, c1, c2] = [yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy]
    const determinant = xx * c0 + xy * c1 + xz * c2
    const [p0, p1, p2] = cross.map((values, c) => values[k] - mean[c][k] * meanMask[k])
    a[0][k] = (c0 * p0 + c1 * p1 + c2 * p2) / determinant
    a[1][k] = (c1 * p0 + (xx * zz - xz * xz) * p1 + (xy * xz - xx * yz) * p2) / determinant
    a[2][k] = (c2 * p0 + (xy * xz - xx * yz) * p1 + (xx * yy - xy * xy) * p2) / determinant
    b[k] = meanMask[k] - a[0][k] * mean[0][k] - a[1][k] * mean[1][k] - a[2][k] * mean[2][k]
  }
  return [...a, b].map((values) => ({ width, height, values: blur(values) }))
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

/**
 * Replaces the colours of partly transparent pixels, which still hold some of the old background, by those of the
 * nearest solid pixels within `radius`, so that no fringe of it shows on a new one. Works in place; alpha stays.
 * Where no solid pixel is near (hair), the colour stays.
 */
export function decontaminate(r: Raster, radius: number): void {
  const { width, height, data } = r
  const source = new Uint8ClampedArray(data)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      const alpha = source[at + 3]
      if (alpha === 0 || alpha >= SOLID) continue
      let total = 0
      const sum = [0, 0, 0]
      for (let j = Math.max(0, y - radius); j <= Math.min(height - 1, y + radius); j++)
        for (let i = Math.max(0, x - radius); i <= Math.min(width - 1, x + radius); i++) {
          const p = (j * width + i) * 4
          if (source[p + 3] < SOLID) continue
          const w = 1 / (0.25 + (i - x) ** 2 + (j - y) ** 2) ** 2
          total += w
          for (let c = 0; c < 3; c++) sum[c] += w * source[p + c]
        }
      // The fainter the pixel, the less its own colour says.
      if (total > 0) {
        const own = (alpha / 255) ** 2
        for (let c = 0; c < 3; c++) data[at + c] = source[at + c] * own + (sum[c] / total) * (1 - own)
      }
    }
}
