/**
 * Bicubic resizing that reproduces Pillow's 8-bit arithmetic bit for bit, because the released models were trained and
 * are run on pictures made by it: antialiased when it shrinks, 22-bit fixed-point weights, rows first, rounded to
 * 8 bits between the passes. `assets/resample` is what everything else uses.
 */
import { fail } from '@/base/errors'

/** Interleaved 8-bit samples without any meaning of alpha: 1 channel is a mask, 3 a picture. */
export interface Samples {
  width: number
  height: number
  channels: number
  data: Uint8ClampedArray<ArrayBuffer> // [height, width, channels]
}

const FIXED_BITS = 22
const FIXED_ONE = 2 ** FIXED_BITS
const SUPPORT = 2

/** Keys' cubic with a = -1/2. */
function cubic(distance: number): number {
  const x = Math.abs(distance)
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1
  if (x < 2) return ((x - 5) * x + 8) * x * -0.5 + 2
  return 0
}

/** The source samples of one output sample, and their weights times 2^22. */
interface Taps {
  first: number
  weights: Float64Array
}

function makeTaps(from: number, to: number): Taps[] {
  const scale = from / to
  const stretch = Math.max(1, scale)
  const reach = SUPPORT * stretch
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale
    const first = Math.max(0, Math.trunc(centre - reach + 0.5))
    const end = Math.min(from, Math.trunc(centre + reach + 0.5))
    const weights = new Float64Array(end - first)
    let sum = 0
    for (let k = 0; k < weights.length; k++) {
      weights[k] = cubic((first + k - centre + 0.5) * (1 / stretch))
      sum += weights[k]
    }
    for (let k = 0; k < weights.length; k++) {
      const fixed = weights[k] * (sum === 0 ? 1 : 1 / sum) * FIXED_ONE
      weights[k] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
    }
    return { first, weights }
  })
}

type Bytes = Uint8ClampedArray<ArrayBuffer>

/** Every row of `rows` by itself. */
function alongRows(source: Bytes, rows: number, taps: readonly Taps[], channels: number): Bytes {
  const pitch = source.length / rows
  const out = new Uint8ClampedArray(rows * taps.length * channels)
  let to = 0
  for (let row = 0; row < rows; row++)
    for (const { first, weights } of taps)
      for (let c = 0; c < channels; c++) {
        let sum = FIXED_ONE / 2
        let at = row * pitch + first * channels + c
        for (let k = 0; k < weights.length; k++, at += channels) sum += weights[k] * source[at]
        out[to++] = Math.floor(sum / FIXED_ONE)
      }
  return out
}

/** Whole rows of `pitch` samples are mixed, so that memory is walked through in order. */
function alongColumns(source: Bytes, pitch: number, taps: readonly Taps[]): Bytes {
  const out = new Uint8ClampedArray(pitch * taps.length)
  const sums = new Float64Array(pitch)
  for (const [row, { first, weights }] of taps.entries()) {
    sums.fill(FIXED_ONE / 2)
    for (const [k, weight] of weights.entries()) {
      const from = (first + k) * pitch
      for (let i = 0; i < pitch; i++) sums[i] += weight * source[from + i]
    }
    for (let i = 0; i < pitch; i++) out[row * pitch + i] = Math.floor(sums[i] / FIXED_ONE)
  }
  return out
}

/**
 * The picture at another size. Every channel by itself; an axis that keeps its size is not touched.
 * @throws bad-image when a side is not a positive whole number
 */
export function pilBicubic(image: Samples, width: number, height: number): Samples {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0))
    fail('bad-image', 'A picture cannot get this size.', 'Choose a larger picture.', `${width}x${height}`)
  const { channels } = image
  let { data } = image
  if (width !== image.width) data = alongRows(data, image.height, makeTaps(image.width, width), channels)
  if (height !== image.height) data = alongColumns(data, width * channels, makeTaps(image.height, height))
  return { width, height, channels, data }
}
