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
  const rows = sampling(height, generated.height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const m = bilinear(changed, columns, rows, x, y)
      if (m === 0) continue
      const s = bilinear(replaced, columns, rows, x, y)
      const at = 4 * (y * width + x)
      for (let c = 0; c < 3; c++) {
        const now = large[3 * (y * width + x) + c]
        const kept = original.data[at + c]
        const difference = now - before[3 * (y * width + x) + c]
        // Uint8ClampedArray rounds and clamps.
        out[at + c] = kept + m * ((1 - s) * difference + s * (now - kept))
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
  alongBoth(field, WINDOW, (window) => window.reduce((sum, value) => sum + value, 0) / window.length)

/** Largest value in a square window. */
const widened = (field: Field): Field => alongBoth(field, REACH, (window) => Math.max(...window))

/** A separable filter over windows of 2*radius + 1. */
function alongBoth(field: Field, radius: number, filter: (window: number[]) => number): Field {
  const { width, height } = field
  const pass = (values: Float32Array, step: number, length: number, pitch: number, lines: number) => {
    const out = new Float32Array(values.length)
    const window = new Array<number>(2 * radius + 1).fill(0)
    for (let line = 0; line < lines; line++)
      for (let i = 0; i < length; i++) {
        for (let k = -radius; k <= radius; k++)
          window[k + radius] = values[line * pitch + clamp(i + k, 0, length - 1) * step]
        out[line * pitch + i * step] = filter(window)
      }
    return out
  }
  const rows = pass(field.values, 1, width, width, height)
  return { width, height, values: pass(rows, width, height, 1, width) }
}

/** For every position of a line: the two samples around it and the share of the second. */
function sampling(length: number, samples: number): { low: number; high: number; share: number }[] {
  return Array.from({ length }, (_, i) => {
    const at = clamp(((i + 0.5) * samples) / length - 0.5, 0, samples - 1)
    const low = Math.floor(at)
    return { low, high: Math.min(low + 1, samples - 1), share: at - low }
  })
}

function bilinear(
  { values, width }: Field,
  columns: ReturnType<typeof sampling>,
  rows: ReturnType<typeof sampling>,
  x: number,
  y: number,
): number {
  const column = columns[x]
  const row = rows[y]
  const along = (line: number) =>
    values[line * width + column.low] * (1 - column.share) + values[line * width + column.high] * column.share
  return along(row.low) * (1 - row.share) + along(row.high) * row.share
}
