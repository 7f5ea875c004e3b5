import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { clamp } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { decontaminate } from '@/assets/matte'

export interface CornerKeyOptions {
  /** Largest difference from the background that still counts as background, 0..100. Default 8. */
  tolerance?: number
  /** Pixels from the outline inwards in which alpha may be partial. Default 2. */
  feather?: number
  /** Also removes enclosed areas (between a chair's legs), which may be a white label too. Default false. */
  holes?: boolean
}

type Colour = [number, number, number]

const PIXELS_PER_BEAT = 1 << 14

/** How much a difference in brightness counts against one in hue: studio backgrounds are shaded, not coloured. */
const BRIGHTNESS = 0.6
/** Side of the patches that tell the background's colour, as a share of the shorter side. */
const PATCH = 0.02

/**
 * Cuts an object out of an even background: everything that is reached from the borders and resembles the colours of
 * the corners (blended between them, so that a gradient is followed) becomes transparent. Pixels at the outline get
 * the alpha that explains them as a mixture of object and background, and lose the background's colour.
 * Returns a picture of the same size. Throws `empty-foreground` when nothing would be left.
 */
export function cutOutByCornerColour(r: Raster, options: CornerKeyOptions = {}): Raster {
  const tolerance = options.tolerance ?? 8
  const feather = Math.max(0, Math.round(options.feather ?? 2))
  const background = backgroundOf(r, tolerance)
  const depth = flood(r, background, tolerance, feather + 1, options.holes ?? false)
  const out: Raster = { width: r.width, height: r.height, data: new Uint8ClampedArray(r.data) }
  let left = 0
  for (let i = 0; i < depth.length; i++) {
    if (depth[i] === 0) out.data.fill(0, i * 4, i * 4 + 4)
    else left++
  }
  if (left === 0)
    fail(
      'empty-foreground',
      'The whole picture resembles its corners.',
      'Lower the tolerance, or draw a box instead.',
    )
  if (feather === 0) return out
  soften(r, out, depth, background, feather)
  const run = decontaminate(out, { x: 0, y: 0, width: r.width, height: r.height }, feather * 2 + 1)
  while (!run.next().done) beat()
  return out
}

/** Difference of two colours, about 0..100. */
function difference(red: number, green: number, blue: number, other: Colour): number {
  const r = red - other[0]
  const g = green - other[1]
  const b = blue - other[2]
  const y = 0.299 * r + 0.587 * g + 0.114 * b
  return Math.sqrt((BRIGHTNESS * y) ** 2 + (0.564 * (b - y)) ** 2 + (0.713 * (r - y)) ** 2) / 2.55
}

/** Enclosed areas are found from pixels within this share of the tolerance. */
const HOLE_SEED = 0.5

type Background = (x: number, y: number, into: Colour) => void

/** The corners' colours, blended over the picture. A corner that is unlike the others (the object reaches it) is left out. */
function backgroundOf(r: Raster, tolerance: number): Background {
  const size = Math.max(1, Math.round(Math.min(r.width, r.height) * PATCH))
  const found = [0, 1, 2, 3].map((k) =>
    patchColour(r, k % 2 ? r.width - size : 0, k > 1 ? r.height - size : 0, size),
  )
  const middle = [0, 1, 2].map((c) => median(found.map((colour) => colour[c]))) as Colour
  const allowed = Math.max(15, tolerance * 3)
  const corners = found.map((colour) => (difference(...colour, middle) > allowed ? middle : colour))
  const { width, height } = r
  return (x, y, into) => {
    const u = (x + 0.5) / width
    const v = (y + 0.5) / height
    for (let c = 0; c < 3; c++) {
      const top = corners[0][c] * (1 - u) + corners[1][c] * u
      into[c] = top * (1 - v) + (corners[2][c] * (1 - u) + corners[3][c] * u) * v
    }
  }
}

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function patchColour(r: Raster, left: number, top: number, size: number): Colour {
  return [0, 1, 2].map((c) => {
    const values: number[] = []
    for (let y = top; y < top + size; y++)
      for (let x = left; x < left + size; x++) values.push(r.data[(y * r.width + x) * 4 + c])
    return median(values)
  }) as Colour
}

/**
 * How deep in the object each pixel lies: 0 background, 1 at its edge, ..., `deepest` for that deep and deeper.
 * Background is what the borders reach (side by side) without leaving the tolerance, and what was transparent before.
 */
function flood(
  r: Raster,
  background: Background,
  tolerance: number,
  deepest: number,
  holes: boolean,
): Uint8Array {
  const { width, height, data } = r
  const n = width * height
  const depth = new Uint8Array(n).fill(255)
  const queue = new Int32Array(n)
  let tail = 0
  const colour: Colour = [0, 0, 0]
  const visit = (x: number, y: number, limit = tolerance): void => {
    const i = y * width + x
    if (depth[i] === 0) return
    const p = i * 4
    background(x, y, colour)
    if (data[p + 3] >= 8 && difference(data[p], data[p + 1], data[p + 2], colour) > limit) return
    depth[i] = 0
    queue[tail++] = i
  }
  for (let x = 0; x < width; x++) {
    visit(x, 0)
    visit(x, height - 1)
  }
  for (let y = 0; y < height; y++) {
    visit(0, y)
    visit(width - 1, y)
  }
  if (holes)
    for (let y = 0; y < height; y++) {
      beat()
      for (let x = 0; x < width; x++) visit(x, y, tolerance * HOLE_SEED)
    }
  for (let head = 0; head < tail; head++) {
    if (head % PIXELS_PER_BEAT === 0) beat()
    const x = queue[head] % width
    const y = (queue[head] - x) / width
    if (x > 0) visit(x - 1, y)
    if (x + 1 < width) visit(x + 1, y)
    if (y > 0) visit(x, y - 1)
    if (y + 1 < height) visit(x, y + 1)
  }
  // The queue now holds the background; going on from it in rings gives the depths.
  for (let head = 0; head < tail; head++) {
    if (head % PIXELS_PER_BEAT === 0) beat()
    const i = queue[head]
    const next = depth[i] + 1
    if (next >= deepest) break
    const x = i % width
    for (const j of [x > 0 ? i - 1 : i, x + 1 < width ? i + 1 : i, i - width, i + width])
      if (j >= 0 && j < n && depth[j] === 255) {
        depth[j] = next
        queue[tail++] = j
      }
  }
  for (let i = 0; i < n; i++) if (depth[i] === 255) depth[i] = deepest
  return depth
}

/** Gives pixels less than `feather` deep the alpha by which they mix the object's nearby colour with the background's. */
function soften(r: Raster, out: Raster, depth: Uint8Array, background: Background, feather: number): void {
  const { width, height, data } = r
  const reach = feather * 2 + 1
  const back: Colour = [0, 0, 0]
  const sum = [0, 0, 0]
  for (let y = 0; y < height; y++) {
    beat()
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (depth[i] === 0 || depth[i] > feather) continue
      let total = 0
      sum.fill(0)
      for (let v = Math.max(0, y - reach); v <= Math.min(height - 1, y + reach); v++)
        for (let u = Math.max(0, x - reach); u <= Math.min(width - 1, x + reach); u++) {
          const j = v * width + u
          if (depth[j] <= feather) continue
          const w = 1 / ((u - x) ** 2 + (v - y) ** 2)
          total += w
          for (let c = 0; c < 3; c++) sum[c] += w * data[j * 4 + c]
        }
      if (total === 0) continue // thinner than the feather: all object
      background(x, y, back)
      let along = 0
      let length = 0
      for (let c = 0; c < 3; c++) {
        const step = sum[c] / total - back[c]
        along += (data[i * 4 + c] - back[c]) * step
        length += step * step
      }
      out.data[i * 4 + 3] = data[i * 4 + 3] * clamp(length > 0 ? along / length : 1, 0, 1)
    }
  }
}
