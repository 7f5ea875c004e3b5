/** What of a picture is scored, and how the models that score get to see it (specs: vmdiff §6). */
import { contentBounds, isOpaque } from '@/assets/alpha'
import { rasterOf } from '@/assets/mask'
import type { Mask, Raster, Rect } from '@/base/geometry'
import type { Colours } from '@/pipelines/shared/features'
import { onWhite } from '@/pipelines/shared/samples'
import type { Crop } from '@/schema/modes/mix'

export interface Cropped {
  rect: Rect
  from: Crop
}

/** Surely the object's. */
const SURE = 128

/** The object's box: around its outline where it was cut out, else around what the network found, else all. */
export async function cropOf(picture: Raster, find: (picture: Raster) => Promise<Mask>): Promise<Cropped> {
  const outline = isOpaque(picture) ? null : contentBounds(picture)
  if (outline) return { rect: outline, from: 'outline' }
  const found = boxIn(await find(picture), picture)
  return found ? { rect: found, from: 'found' } : { rect: { x: 0, y: 0, ...sizeOf(picture) }, from: 'whole' }
}

const sizeOf = ({ width, height }: Raster) => ({ width, height })

/** A mask's box in the picture's pixels, its corners cut to whole ones as the authors' code does; null: there is none. */
function boxIn(mask: Mask, { width, height }: Raster): Rect | null {
  const sure = { ...mask, values: mask.values.map((value) => (value >= SURE ? 255 : 0)) }
  const raster = rasterOf(sure)
  for (let i = 0; i < sure.values.length; i++) raster.data[4 * i + 3] = sure.values[i]
  const bounds = contentBounds(raster)
  if (!bounds) return null
  const [across, down] = [width / mask.width, height / mask.height]
  const [left, top] = [Math.trunc(bounds.x * across), Math.trunc(bounds.y * down)]
  const right = Math.trunc((bounds.x + bounds.width) * across)
  const bottom = Math.trunc((bounds.y + bounds.height) * down)
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) }
}

/**
 * A crop squeezed into a square as torch resizes numbers that are no bytes: bicubic (a = -1/2), widened where it shrinks, neither
 * rounded nor clamped, and then normalised. @returns [3, side, side]
 */
export function squeezed(
  picture: Raster,
  rect: Rect,
  side: number,
  { mean, deviation }: Colours,
): Float32Array {
  const { data, width } = onWhite(picture)
  const [across, down] = [tapsOf(rect.width, side), tapsOf(rect.height, side)]
  const out = new Float32Array(3 * side * side)
  const rows = new Float32Array(rect.height * side)
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < rect.height; y++)
      for (let x = 0; x < side; x++) {
        const { first, weights } = across[x]
        let sum = 0
        for (let k = 0; k < weights.length; k++)
          sum += weights[k] * data[3 * ((rect.y + y) * width + rect.x + first + k) + c]
        rows[y * side + x] = sum / 255
      }
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++) {
        const { first, weights } = down[y]
        let sum = 0
        for (let k = 0; k < weights.length; k++) sum += weights[k] * rows[(first + k) * side + x]
        out[(c * side + y) * side + x] = (sum - mean[c]) / deviation[c]
      }
  }
  return out
}

interface Taps {
  first: number
  weights: number[]
}

function tapsOf(from: number, to: number): Taps[] {
  const scale = from / to
  const wide = Math.max(1, scale)
  return Array.from({ length: to }, (_, i) => {
    const middle = scale * (i + 0.5)
    const first = Math.max(0, Math.trunc(middle - 2 * wide + 0.5))
    const end = Math.min(from, Math.trunc(middle + 2 * wide + 0.5))
    const raw = Array.from({ length: end - first }, (_, k) => cubic((k + first - middle + 0.5) / wide))
    const sum = raw.reduce((all, weight) => all + weight, 0)
    return { first, weights: raw.map((weight) => weight / sum) }
  })
}

const A = -0.5
function cubic(value: number): number {
  const x = Math.abs(value)
  if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0
}
