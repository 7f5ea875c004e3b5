import type { Raster, Rect } from '@/base/geometry'
import { clamp } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { blankRaster } from '@/assets/raster'

export interface ResampleOptions {
  /**
   * What lies outside the picture: `edge` repeats its border pixels (opaque backgrounds), `transparent` is empty.
   * Default `edge`.
   */
  outside?: 'edge' | 'transparent'
  /** Interpolation along an axis that is enlarged. Default `bilinear`; `bicubic` is Catmull-Rom. */
  enlarge?: 'bilinear' | 'bicubic'
}

/** For each output position: which source positions count, and by how much. */
interface Axis {
  first: Int32Array
  count: Int32Array
  /** `stride` slots per output position; slots are relative to `first`, already clamped into the source. */
  weights: Float32Array
  stride: number
}

/** Catmull-Rom weights of the four taps around a fraction t in 0..1. */
export function cubicWeights(t: number, into: Float32Array | number[], at = 0): void {
  into[at] = t * (-0.5 + t * (1 - 0.5 * t))
  into[at + 1] = 1 + t * t * (1.5 * t - 2.5)
  into[at + 2] = t * (0.5 + t * (2 - 1.5 * t))
  into[at + 3] = t * t * (0.5 * t - 0.5)
}

/** Share of the interval [a, a+length] that lies within [0, size]. */
const coverage = (a: number, length: number, size: number): number =>
  clamp((Math.min(size, a + length) - Math.max(0, a)) / length, 0, 1)

function makeAxis(size: number, start: number, length: number, out: number, options: ResampleOptions): Axis {
  const scale = length / out // source px per output px
  const shrinking = scale > 1 + 1e-9
  const cubic = options.enlarge === 'bicubic'
  const stride = shrinking ? Math.ceil(scale) + 2 : cubic ? 4 : 2
  const axis: Axis = {
    first: new Int32Array(out),
    count: new Int32Array(out),
    weights: new Float32Array(out * stride),
    stride,
  }
  const transparent = options.outside === 'transparent'
  const taps = [0, 0, 0, 0]
  for (let i = 0; i < out; i++) {
    const low = start + i * scale
    const covered = transparent ? coverage(low, scale, size) : 1
    const base = i * stride
    if (transparent && covered === 0) continue // count stays 0
    let from: number
    let n: number
    let weightOf: (k: number) => number
    if (shrinking) {
      from = Math.floor(low)
      n = Math.ceil(low + scale) - from
      weightOf = (k) => (Math.min(low + scale, from + k + 1) - Math.max(low, from + k)) / scale
    } else {
      const centre = low + scale / 2 - 0.5
      const t = centre - Math.floor(centre)
      from = Math.floor(centre) - (cubic ? 1 : 0)
      n = cubic ? 4 : 2
      if (cubic) cubicWeights(t, taps)
      else {
        taps[0] = 1 - t
        taps[1] = t
      }
      weightOf = (k) => taps[k] * covered
    }
    const first = clamp(from, 0, size - 1)
    axis.first[i] = first
    for (let k = 0; k < n; k++) {
      const position = from + k
      const inside = clamp(position, 0, size - 1)
      if (shrinking && transparent && inside !== position) continue
      const w = weightOf(k)
      if (w === 0) continue
      axis.weights[base + inside - first] += w
      axis.count[i] = Math.max(axis.count[i], inside - first + 1)
    }
  }
  return axis
}

/** Filters one source row along x into `into` [width, 4]: colours premultiplied, all in 0..255 units. */
function filterRow(r: Raster, y: number, axis: Axis, into: Float32Array): void {
  const { data } = r
  const row = y * r.width
  const out = axis.first.length
  for (let x = 0; x < out; x++) {
    let red = 0
    let green = 0
    let blue = 0
    let alpha = 0
    let p = (row + axis.first[x]) * 4
    const base = x * axis.stride
    const end = base + axis.count[x]
    for (let k = base; k < end; k++, p += 4) {
      const a = data[p + 3]
      if (a === 0) continue
      const w = axis.weights[k] * a
      red += w * data[p]
      green += w * data[p + 1]
      blue += w * data[p + 2]
      alpha += w
    }
    const o = x * 4
    into[o] = red / 255
    into[o + 1] = green / 255
    into[o + 2] = blue / 255
    into[o + 3] = alpha
  }
}

/**
 * Resamples `rect` (fractional source pixels) to width x height and hands over one finished row after the other:
 * `row` is [width, 4], premultiplied, 0..255 (bicubic may overshoot slightly). Memory: a few rows, whatever the sizes.
 */
export function resampleRows(
  r: Raster,
  rect: Rect,
  width: number,
  height: number,
  options: ResampleOptions,
  emit: (y: number, row: Float32Array) => void,
): void {
  const columns = makeAxis(r.width, rect.x, rect.width, width, options)
  const rows = makeAxis(r.height, rect.y, rect.height, height, options)
  // Neighbouring windows share at most four source rows (bicubic), so a ring of four saves all repeats.
  const ring = [0, 1, 2, 3].map(() => ({ y: -1, values: new Float32Array(width * 4) }))
  const sum = new Float32Array(width * 4)
  for (let y = 0; y < height; y++) {
    beat()
    sum.fill(0)
    for (let k = 0; k < rows.count[y]; k++) {
      const w = rows.weights[y * rows.stride + k]
      if (w === 0) continue
      const sourceY = rows.first[y] + k
      const slot = ring[sourceY & 3]
      if (slot.y !== sourceY) {
        filterRow(r, sourceY, columns, slot.values)
        slot.y = sourceY
      }
      const { values } = slot
      for (let i = 0; i < sum.length; i++) sum[i] += w * values[i]
    }
    emit(y, sum)
  }
}

/**
 * Cuts `rect` (fractional source pixels, may reach outside) and resamples it: exact area average where it shrinks,
 * bilinear where it enlarges (see ResampleOptions). Averages premultiplied colours; straight RGBA.
 */
export function cropResizeRaster(
  r: Raster,
  rect: Rect,
  width: number,
  height: number,
  options: ResampleOptions = {},
): Raster {
  const out = blankRaster(width, height)
  resampleRows(r, rect, width, height, options, (y, row) => storeRow(out, y, row))
  return out
}

/** Writes a premultiplied row (0..255) as straight 8-bit pixels. */
export function storeRow(out: Raster, y: number, row: Float32Array): void {
  const { data } = out
  let o = y * out.width * 4
  for (let i = 0; i < row.length; i += 4, o += 4) {
    const alpha = row[i + 3]
    if (alpha < 0.5) continue // stays transparent black
    const unpremultiply = 255 / alpha
    data[o] = row[i] * unpremultiply
    data[o + 1] = row[i + 1] * unpremultiply
    data[o + 2] = row[i + 2] * unpremultiply
    data[o + 3] = alpha
  }
}

/** The whole picture at another size in pixels (area average down, bicubic up). Same size gives `r` itself. */
export function resizeRaster(r: Raster, width: number, height: number): Raster {
  if (width === r.width && height === r.height) return r
  const whole = { x: 0, y: 0, width: r.width, height: r.height }
  return cropResizeRaster(r, whole, width, height, { enlarge: 'bicubic' })
}

/** A copy whose longer side is at most `longSide` pixels; never enlarges. */
export function thumbnail(r: Raster, longSide: number): Raster {
  const scale = Math.min(1, longSide / Math.max(r.width, r.height))
  return resizeRaster(r, Math.max(1, Math.round(r.width * scale)), Math.max(1, Math.round(r.height * scale)))
}
