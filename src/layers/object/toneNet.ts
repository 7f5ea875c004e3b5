/**
 * The network that says an object's tone: four convolutions over the square about it, two over the whole photo, three linears.
 * `training/tone` made it; it is so small (4 million products) that it runs here as it is written, on every backend alike.
 */
import { toneParts, type Layer } from './toneParts'

/** Pixels a side of the square and of the whole photo. */
export const SQUARE = 64
export const WHOLE = 32
/** How many longer sides of the object's box the square is wide. */
export const CONTEXT = 2

/** What the network looks at. Bytes as encoded sRGB. */
export interface ToneView {
  /** The photo with the object in it. [64, 64, 3] */
  picture: Uint8Array
  /** How much of each pixel is object. [64, 64] */
  alpha: Uint8Array
  /** How much of each pixel lies in the photo. [64, 64] */
  inside: Uint8Array
  /** All of the photo with the object in it, squeezed. [32, 32, 3] */
  whole: Uint8Array
}

/** Values of a square grid, channels last. [side, side, channels] */
interface Grid {
  side: number
  channels: number
  values: Float32Array
}

/** Gains of red, green and blue in stops, saturation, what is added to each; raw, see `toneAffine`. [7] */
export function toneNumbers(view: ToneView): Float32Array {
  const { convs, overview, linears } = toneParts()
  let grid = squareOf(view)
  let thing = channel(grid, 6)
  let free = channel(grid, 7)
  const told: number[] = []
  convs.forEach((conv, at) => {
    grid = convolved(grid, conv)
    ;[thing, free] = [halved(thing), halved(free)]
    if (at > 0) told.push(...meanOf(grid, thing), ...meanOf(grid, free))
  })
  let whole: Grid = { side: WHOLE, channels: 3, values: Float32Array.from(view.whole, (v) => v / 127.5 - 1) }
  for (const conv of overview) whole = convolved(whole, conv)
  told.push(...meanOf(whole, new Float32Array(whole.side ** 2).fill(1)))
  let values: Float32Array = Float32Array.from(told)
  linears.forEach((layer, at) => {
    if (at > 0) silu(values)
    values = linear(values, layer)
  })
  return values // [7]
}

/** Photo where the object is not, object, and how much of each pixel is either. [64, 64, 8] */
function squareOf({ picture, alpha, inside }: ToneView): Grid {
  const values = new Float32Array(SQUARE * SQUARE * 8)
  for (let i = 0; i < SQUARE * SQUARE; i++) {
    const thing = alpha[i] / 255
    const free = (inside[i] / 255) * (1 - thing)
    for (let c = 0; c < 3; c++) {
      const colour = picture[3 * i + c] / 127.5 - 1
      values[8 * i + c] = colour * free
      values[8 * i + 3 + c] = colour * thing
    }
    values[8 * i + 6] = thing
    values[8 * i + 7] = free
  }
  return { side: SQUARE, channels: 8, values }
}

function channel({ values, channels }: Grid, c: number): Float32Array {
  return Float32Array.from({ length: values.length / channels }, (_, i) => values[i * channels + c])
}

function linear(
  x: Float32Array,
  { rows, columns, weight, bias }: Layer,
  out: Float32Array = new Float32Array(rows),
) {
  for (let row = 0; row < rows; row++) {
    let sum = bias[row]
    for (let k = 0, at = row * columns; k < columns; k++, at++) sum += weight[at] * x[k]
    out[row] = sum
  }
  return out
}

function silu(x: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] /= 1 + Math.exp(-x[i])
}

/** 3 x 3, every other pixel, nothing beyond the border, then SiLU. The layer's columns: rows, columns, channels of a patch. */
function convolved({ side, channels, values }: Grid, layer: Layer): Grid {
  const half = side / 2
  const out: Grid = { side: half, channels: layer.rows, values: new Float32Array(half * half * layer.rows) }
  const patch = new Float32Array(layer.columns)
  const run = 3 * channels
  for (let y = 0; y < half; y++)
    for (let x = 0; x < half; x++) {
      patch.fill(0)
      // Only the upper and the left border can be passed: sides are even.
      const from = Math.max(0, 2 * x - 1)
      const skipped = (from - (2 * x - 1)) * channels
      for (let dy = 0; dy < 3; dy++) {
        const row = 2 * y - 1 + dy
        if (row < 0) continue
        const at = (row * side + from) * channels
        patch.set(values.subarray(at, at + run - skipped), dy * run + skipped)
      }
      const at = (y * half + x) * layer.rows
      linear(patch, layer, out.values.subarray(at, at + layer.rows))
    }
  silu(out.values)
  return out
}

/** Means of two by two. [side, side] -> [side / 2, side / 2] */
function halved(x: Float32Array): Float32Array {
  const side = Math.sqrt(x.length)
  const half = side / 2
  return Float32Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * side + 2 * (i % half)
    return (x[at] + x[at + 1] + x[at + side] + x[at + side + 1]) / 4
  })
}

/** Means over a weight. [channels] */
function meanOf({ channels, values }: Grid, weight: Float32Array): Float32Array {
  const sums = new Float32Array(channels)
  let total = 0
  for (let i = 0; i < weight.length; i++) {
    total += weight[i]
    for (let c = 0; c < channels; c++) sums[c] += weight[i] * values[i * channels + c]
  }
  return sums.map((sum) => sum / Math.max(1e-3, total))
}
