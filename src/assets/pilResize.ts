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

/** One pass: `lines` lines of samples, `step` apart along the line, `pitch` apart between lines. */
function pass(
  source: Uint8ClampedArray,
  target: Uint8ClampedArray,
  taps: readonly Taps[],
  lines: number,
  channels: number,
  from: { step: number; pitch: number },
  to: { step: number; pitch: number },
): void {
  for (let line = 0; line < lines; line++)
    for (const [i, { first, weights }] of taps.entries())
      for (let c = 0; c < channels; c++) {
        let sum = FIXED_ONE / 2
        let at = line * from.pitch + first * from.step + c
        for (let k = 0; k < weights.length; k++, at += from.step) sum += weights[k] * source[at]
        target[line * to.pitch + i * to.step + c] = Math.floor(sum / FIXED_ONE)
      }
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
  if (width !== image.width) {
    const out = new Uint8ClampedArray(width * image.height * channels)
    const taps = makeTaps(image.width, width)
    const from = { step: channels, pitch: image.width * channels }
    pass(data, out, taps, image.height, channels, from, { step: channels, pitch: width * channels })
    data = out
  }
  if (height !== image.height) {
    const out = new Uint8ClampedArray(width * height * channels)
    const taps = makeTaps(image.height, height)
    // Lines are columns here: a sample's channels count as neighbours of their own.
    const along = { step: width * channels, pitch: 1 }
    pass(data, out, taps, width * channels, 1, along, along)
    data = out
  }
  return { width, height, channels, data }
}
