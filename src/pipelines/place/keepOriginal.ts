/**
 * Lays a generated picture over the full-resolution original so that the original's pixels stay where the model changed
 * nothing visible (DESIGN decision 8). What the model changed is measured against the VAE's own reconstruction of the
 * original, since the VAE alone alters every pixel a little.
 *
 *   result = original + m * ((1 - s) * (generated - reconstruction) + s * (generated - original))
 *
 * m: something changed; s: there is something else now. Where only light changed (a shadow on a ground) s is 0 and the
 * difference is added, so that the original keeps its detail; in the object and where the change is large the model's
 * pixels are taken. Both are smooth; where m is 0 the original's bits stay.
 */
import { pilBicubic, type Samples } from '@/assets/pilResize'
import { clamp, type Raster, type Size } from '@/base/geometry'

/** Change (of 255, averaged over a small window) up to which nothing is visible, and from which all of it is taken. */
const VISIBLE = [3, 10] as const
/** Change from which the model's pixels replace the original's, and from which they do so wholly. */
const REPLACED = [24, 64] as const
/** Pixels of the generated picture: the window that changes are averaged over, and how far the object reaches out. */
const WINDOW = 2
const REACH = 3

interface Field extends Size {
  values: Float32Array // [height, width]
}

/**
 * @param generated what the model gave, at its own size
 * @param reconstruction what the VAE makes of the original, at the same size
 * @param object placed alpha at the same size; always from the model
 */
export function keepOriginal(
  original: Raster,
  generated: Samples,
  reconstruction: Samples,
  object: Samples,
): Raster {
  const { changed, replaced } = changeMasks(generated, reconstruction, object)
  const { width, height } = original
  const large = pilBicubic(generated, width, height).data
  const before = pilBicubic(reconstruction, width, height).data
  const out = new Uint8ClampedArray(original.data)
  const columns = sampling(width, generated.width)
  for (const [y, row] of sampling(height, generated.height).entries()) {
    const changedRow = rowOf(changed, row)
    const replacedRow = rowOf(replaced, row)
    for (let x = 0; x < width; x++) {
      const { low, high, share } = columns[x]
      const m = changedRow[low] * (1 - share) + changedRow[high] * share
      if (m === 0) continue
      const s = replacedRow[low] * (1 - share) + replacedRow[high] * share
      const at = 4 * (y * width + x)
      for (let c = 0; c < 3; c++) {
        const now = large[3 * (y * width + x) + c]
        const kept = original.data[at + c]
        const difference = now - before[3 * (y * width + x) + c]
        // Uint8ClampedArray rounds and clamps.
        out[at + c] = kept + m * ((1 - s) * difference + s * (now - kept))
      }
    }
  }
  return { width, height, data: out }
}

/** m and s at the generated picture's size. */
export function changeMasks(
  generated: Samples,
  reconstruction: Samples,
  object: Samples,
): { changed: Field; replaced: Field } {
  const { width, height } = generated
  const change = new Float32Array(width * height)
  for (let pixel = 0; pixel < change.length; pixel++)
    for (let c = 0; c < 3; c++) {
      const difference = Math.abs(generated.data[3 * pixel + c] - reconstruction.data[3 * pixel + c])
      change[pixel] = Math.max(change[pixel], difference)
    }
  const smooth = averaged(averaged({ width, height, values: change }))
  const alpha = Float32Array.from(object.data, (value) => value / 255)
  const reach = averaged(widened({ width, height, values: alpha }))
  const replaced = smooth.values.map((value, i) => Math.max(reach.values[i], smoothstep(value, REPLACED)))
  const changed = smooth.values.map((value, i) => Math.max(replaced[i], smoothstep(value, VISIBLE)))
  return { changed: { width, height, values: changed }, replaced: { width, height, values: replaced } }
}

function smoothstep(value: number, [from, to]: readonly [number, number]): number {
  const t = clamp((value - from) / (to - from), 0, 1)
  return t * t * (3 - 2 * t)
}

/** Mean over a square window, edges repeated. */
const averaged = (field: Field): Field =>
  alongBoth(field, WINDOW, 0, (sum, value) => sum + value / (2 * WINDOW + 1))

/** Largest value in a square window. */
const widened = (field: Field): Field => alongBoth(field, REACH, 0, Math.max)

/** Folds windows of 2*radius + 1, first along rows, then along columns. */
function alongBoth(
  { width, height, values }: Field,
  radius: number,
  first: number,
  fold: (so: number, value: number) => number,
): Field {
  const pass = (from: Float32Array, step: number, length: number, position: (index: number) => number) =>
    from.map((_, index) => {
      const here = position(index)
      let result = first
      for (let k = -radius; k <= radius; k++)
        result = fold(result, from[index + (clamp(here + k, 0, length - 1) - here) * step])
      return result
    })
  const rows = pass(values, 1, width, (index) => index % width)
  return { width, height, values: pass(rows, width, height, (index) => Math.floor(index / width)) }
}

/** Where a position of a line lies between two samples. */
interface Between {
  low: number
  high: number
  /** Of `high`. */
  share: number
}

function sampling(length: number, samples: number): Between[] {
  return Array.from({ length }, (_, i) => {
    const at = clamp(((i + 0.5) * samples) / length - 0.5, 0, samples - 1)
    const low = Math.floor(at)
    return { low, high: Math.min(low + 1, samples - 1), share: at - low }
  })
}

/** A line of the field between two of its rows. */
function rowOf({ values, width }: Field, { low, high, share }: Between): Float32Array {
  const next = values.subarray(high * width, (high + 1) * width)
  return values
    .subarray(low * width, (low + 1) * width)
    .map((value, i) => value * (1 - share) + next[i] * share)
}
