/**
 * The cut-out's own detail under the light that a model gave it. Generative models repaint what they place: it goes soft and
 * faces change. What is finer than a part of the object is taken from the cut-out, in the strength that the new light gives
 * it; what is coarser, light and colour, stays the model's.
 */
import { cubicWeights } from '@/assets/resample'
import type { PlacedRaster } from '@/assets/paste'
import { clamp, type Raster } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { blur } from '@/layers/blur'
import { register, type Registration } from '@/pipelines/place/registration'

/** Agreement from which on cut-out and result are the same thing; below, its detail would be laid over something else. */
export const LEAST_AGREEMENT = 0.4

/** Detail is what is finer than this part of the object's longer side, between the two, px. */
const DETAIL = 1 / 32
const DETAIL_PX = [3, 32] as const
/** The new light is at most so many times the old one. */
const MOST_GAIN = 4
/** How much of a place's detail may be something else before it stays the model's. */
const FOREIGN = [0.35, 0.9] as const

export interface LockedDetail {
  image: Raster
  registration: Registration
  /** Whether anything was done. */
  locked: boolean
}

/**
 * @param placed the cut-out as it was pasted
 * @param made what a model made of the photo, at the photo's size
 * @param amount 0 leaves the model's detail as it is, 1 takes the cut-out's
 */
export function lockDetail(placed: PlacedRaster, made: Raster, amount: number): LockedDetail {
  const registration = register(placed, made)
  if (registration.agreement < LEAST_AGREEMENT) return { image: made, registration, locked: false }
  return { image: withDetail(placed, made, registration, amount), registration, locked: true }
}

/** The same for a pipeline: what could not be done for the object of this name is added to the notes for the user. */
export function detailLocked(
  placed: PlacedRaster,
  made: Raster,
  amount: number,
  { name, notes }: { name: string; notes: string[] },
): Raster {
  if (amount <= 0) return made
  const { image, locked } = lockDetail(placed, made, amount)
  // The same words for pictures that are made together: they are told once.
  if (!locked)
    notes.push(
      `The detail lock did nothing for “${name}”: the result is too unlike the cut-out (they agree less than ${LEAST_AGREEMENT}).`,
    )
  return image
}

function withDetail(placed: PlacedRaster, made: Raster, where: Registration, amount: number): Raster {
  const rect = landedRect(placed, made, where)
  const { width, height } = rect
  const longer = Math.max(placed.rect.width, placed.rect.height)
  const sigma = clamp(DETAIL * longer, ...DETAIL_PX)
  const [red, green, blue, alpha] = landed(placed, where, rect)
  const seen = [0, 1, 2].map((c) => {
    const values = new Float32Array(width * height)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        values[y * width + x] = made.data[4 * ((rect.y + y) * made.width + rect.x + x) + c]
    return values
  })
  const near = alpha.slice()
  blur(near, width, height, sigma)
  /** What is coarse, of the object alone. @param values times alpha */
  const coarseOf = (values: Float32Array): Float32Array => {
    const out = values.slice()
    blur(out, width, height, sigma)
    beat()
    return out.map((value, i) => (near[i] > 1e-3 ? value / near[i] : 0))
  }
  const own = [red, green, blue]
  const ownCoarse = own.map(coarseOf)
  const seenCoarse = seen.map((values) => coarseOf(values.map((value, i) => value * alpha[i])))
  const luma = (planes: readonly Float32Array[], i: number): number =>
    0.299 * planes[0][i] + 0.587 * planes[1][i] + 0.114 * planes[2][i]
  const gain = near.map((_, i) =>
    clamp((luma(seenCoarse, i) + 4) / (luma(ownCoarse, i) + 4), 1 / MOST_GAIN, MOST_GAIN),
  )
  const ownDetail = alpha.map((a, i) => (a > 0 ? gain[i] * (luma(own, i) - a * luma(ownCoarse, i)) : 0))
  const seenDetail = alpha.map((a, i) => a * (luma(seen, i) - luma(seenCoarse, i)))
  const share = shareOf(ownDetail, seenDetail, alpha, width, height, sigma)
  const out: Raster = { ...made, data: made.data.slice() }
  for (let y = 0; y < height; y++) {
    beat()
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const k = amount * share[i]
      if (k <= 0) continue
      const at = 4 * ((rect.y + y) * made.width + rect.x + x)
      for (let c = 0; c < 3; c++) {
        const wanted = seenCoarse[c][i] + gain[i] * (own[c][i] / alpha[i] - ownCoarse[c][i])
        out.data[at + c] = seen[c][i] + k * (wanted - seen[c][i])
      }
    }
  }
  return out
}

/** Whole photo px that the cut-out covers where it has gone. */
function landedRect({ rect }: PlacedRaster, { width, height }: Raster, { dx, dy, scale }: Registration) {
  const [middleX, middleY] = [rect.x + rect.width / 2 + dx, rect.y + rect.height / 2 + dy]
  const x = clamp(Math.floor(middleX - (rect.width * scale) / 2), 0, width - 1)
  const y = clamp(Math.floor(middleY - (rect.height * scale) / 2), 0, height - 1)
  const right = clamp(Math.ceil(middleX + (rect.width * scale) / 2), x + 1, width)
  const bottom = clamp(Math.ceil(middleY + (rect.height * scale) / 2), y + 1, height)
  return { x, y, width: right - x, height: bottom - y }
}

/** The cut-out where it has gone: red, green and blue times alpha, and alpha in 0..1, between its pixels. */
function landed(
  { rect, image }: PlacedRaster,
  { dx, dy, scale }: Registration,
  over: { x: number; y: number; width: number; height: number },
): Float32Array[] {
  const planes = [0, 1, 2, 3].map(() => new Float32Array(over.width * over.height))
  const [wx, wy] = [new Float32Array(4), new Float32Array(4)]
  const { data, width, height } = image
  for (let y = 0; y < over.height; y++) {
    beat()
    const row = (over.y + y + 0.5 - (rect.y + rect.height / 2 + dy)) / scale + height / 2 - 0.5
    const top = Math.floor(row)
    cubicWeights(row - top, wy)
    for (let x = 0; x < over.width; x++) {
      const column = (over.x + x + 0.5 - (rect.x + rect.width / 2 + dx)) / scale + width / 2 - 0.5
      const left = Math.floor(column)
      cubicWeights(column - left, wx)
      const to = y * over.width + x
      for (let j = 0; j < 4; j++)
        for (let i = 0; i < 4; i++) {
          const [px, py] = [left + i - 1, top + j - 1]
          if (px < 0 || py < 0 || px >= width || py >= height) continue
          const from = 4 * (py * width + px)
          const w = (wx[i] * wy[j] * data[from + 3]) / 255
          planes[0][to] += w * data[from]
          planes[1][to] += w * data[from + 1]
          planes[2][to] += w * data[from + 2]
          planes[3][to] += w
        }
    }
  }
  planes[3].forEach((value, i) => (planes[3][i] = clamp(value, 0, 1)))
  return planes
}

/**
 * How much of the cut-out's detail each place takes: less towards the outline, whose pixels are the model's, and none
 * where the model shows something that the cut-out has not: another face, a hand in front.
 */
function shareOf(
  own: Float32Array,
  seen: Float32Array,
  alpha: Float32Array,
  width: number,
  height: number,
  sigma: number,
): Float32Array {
  const smooth = (values: Float32Array): Float32Array => {
    blur(values, width, height, 2 * sigma)
    return values
  }
  const ownPower = smooth(own.map((value) => value * value))
  const seenPower = smooth(seen.map((value) => value * value))
  const both = smooth(own.map((value, i) => value * seen[i]))
  const inner = alpha.slice()
  blur(inner, width, height, 1.5)
  const [from, to] = FOREIGN
  return inner.map((value, i) => {
    if (alpha[i] < 0.5) return 0
    const foreign = seenPower[i] - both[i] ** 2 / (ownPower[i] + 1)
    const t = clamp((foreign / (ownPower[i] + 9) - from) / (to - from), 0, 1)
    const inside = clamp((value - 0.6) / 0.38, 0, 1)
    return inside * (1 - t * t * (3 - 2 * t))
  })
}
