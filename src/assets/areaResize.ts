/**
 * Resizing by pixel area as OpenCV's INTER_AREA defines it, which DreamO's references pass through (specs: DreamO §2):
 * a box filter where the picture shrinks along both axes; else along both axes two taps, where a source pixel keeps its
 * full width and only the seam between two is mixed. Equal to OpenCV up to its rounding of weights (one step of 255).
 */
import type { Samples } from '@/assets/pilResize'
import { fail } from '@/base/errors'

/** For one output sample: its first source sample and the weights from there on. */
interface Taps {
  first: number
  weights: number[]
}

/** Parts of a source sample below this are not counted. */
const SLIVER = 1e-3

function boxTaps(from: number, to: number): Taps[] {
  const scale = from / to
  return Array.from({ length: to }, (_, i) => {
    const low = i * scale
    const high = low + scale
    const width = Math.min(scale, from - low)
    const end = Math.min(Math.floor(high), from - 1)
    const begin = Math.min(Math.ceil(low), end)
    const weights: number[] = []
    const before = begin - low > SLIVER
    if (before) weights.push((begin - low) / width)
    for (let k = begin; k < end; k++) weights.push(1 / width)
    if (high - end > SLIVER) weights.push(Math.min(high - end, 1, width) / width)
    return { first: before ? begin - 1 : begin, weights }
  })
}

function seamTaps(from: number, to: number): Taps[] {
  const scale = from / to
  return Array.from({ length: to }, (_, i) => {
    const first = Math.floor(i * scale)
    if (first >= from - 1) return { first: from - 1, weights: [1] }
    const over = i + 1 - (first + 1) / scale
    const share = over <= 0 ? 0 : over - Math.floor(over)
    return { first, weights: [1 - share, share] }
  })
}

/** Ties to even, as the peers' rounding is. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/**
 * The picture at another size, every channel by itself; the same size gives the picture itself.
 * @throws bad-image when a side is not a positive whole number
 */
export function areaResize(image: Samples, width: number, height: number): Samples {
  if (![width, height].every((side) => Number.isInteger(side) && side > 0))
    fail('bad-image', 'A picture cannot get this size.', 'Choose a larger picture.', `${width}x${height}`)
  if (width === image.width && height === image.height) return image
  const makeTaps = width <= image.width && height <= image.height ? boxTaps : seamTaps
  const columns = makeTaps(image.width, width)
  const rows = makeTaps(image.height, height)
  const { channels } = image
  const data = new Uint8ClampedArray(width * height * channels)
  const line = new Float64Array(width * channels)
  for (const [y, row] of rows.entries()) {
    line.fill(0)
    for (const [k, weight] of row.weights.entries())
      if (weight > 0) addRow(image, row.first + k, columns, weight, line)
    for (let i = 0; i < line.length; i++) data[y * line.length + i] = roundHalfEven(line[i])
  }
  return { width, height, channels, data }
}

/** Adds a source row, filtered along x and times `factor`, to `line` [width, channels]. */
function addRow(
  { data, width, channels }: Samples,
  y: number,
  columns: readonly Taps[],
  factor: number,
  line: Float64Array,
): void {
  for (const [x, { first, weights }] of columns.entries())
    for (let c = 0; c < channels; c++) {
      let at = (y * width + first) * channels + c
      let sum = 0
      for (let k = 0; k < weights.length; k++, at += channels) sum += weights[k] * data[at]
      line[x * channels + c] += factor * sum
    }
}
