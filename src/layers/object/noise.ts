/**
 * Noise of a picture, measured and drawn anew. It has two grains: a fine one that differs from pixel to pixel, and a
 * coarse one of some three pixels, which is what cameras' filters and enlarging leave.
 */
import { clamp } from '@/base/geometry'

import { quantile, type Tile } from './surroundings'

/** Standard deviations at `BINS` levels of brightness from black to white, bytes. */
export interface Noise {
  fine: readonly number[]
  coarse: readonly number[]
}

const BINS = 4
const BLOCK = 8
/** Few blocks hold nothing but noise: the quietest share of those of a brightness is believed, if they are enough. */
const QUIET = 0.08
const LEAST_BLOCKS = 24
/** The quietest of many equal blocks are quieter than all. */
const QUIET_BIAS = 1.15
/** Clipped pixels have lost their noise. */
const DARKEST = 6
const BRIGHTEST = 249
/** Standard deviation over mean size of normal numbers, and the gain of `secondDifference` for white noise. */
const NORMAL = Math.sqrt(Math.PI / 2)
const GAIN = 6
/** What is left of unit coarse noise in second differences over one and two pixels, squared, over white noise's. */
const COARSE_AT_ONE = 1 / 36
const COARSE_AT_TWO = (28 / 36) ** 2
/** What is more is texture: bytes, coarse over fine, a brightness over the quietest one. */
const MOST = 4
const MOST_COARSE = 1.5
const MOST_UNEVEN = 2

/** The noise of what tiles show, by second differences in their quietest blocks (Immerkaer 1996); null where none is known. */
export function noiseOf(tiles: Iterable<Tile>): Noise | null {
  const levels = [1, 2].map(() => Array.from({ length: BINS }, (): number[] => []))
  for (const tile of tiles)
    for (let y = 2; y + BLOCK + 2 <= tile.height; y += BLOCK)
      for (let x = 2; x + BLOCK + 2 <= tile.width; x += BLOCK) {
        const mean = meanOf(tile, x, y)
        if (mean === null) continue
        const bin = Math.min(BINS - 1, Math.floor((mean / 256) * BINS))
        for (const step of [1, 2]) levels[step - 1][bin].push(deviation(tile, x, y, step))
      }
  const [one, two] = levels.map((bins) => bins.map((found) => quantile(found, QUIET, LEAST_BLOCKS)))
  const known = one.flatMap((value, bin) => (value === null ? [] : [bin]))
  if (known.length === 0) return null
  const most = Math.min(MOST, MOST_UNEVEN * QUIET_BIAS * Math.min(...known.map((bin) => one[bin]!)))
  const fine: number[] = []
  const coarse: number[] = []
  for (let bin = 0; bin < BINS; bin++) {
    const near = known.reduce((best, next) => (Math.abs(next - bin) < Math.abs(best - bin) ? next : best))
    const [s1, s2] = [one[near]!, two[near]!].map((value) => (QUIET_BIAS * value) ** 2)
    const coarser = Math.max(0, (s2 - s1) / (COARSE_AT_TWO - COARSE_AT_ONE))
    const finer = Math.min(most, Math.sqrt(Math.max(0, s1 - COARSE_AT_ONE * coarser)))
    fine.push(finer)
    coarse.push(Math.min(MOST_COARSE * finer, Math.sqrt(coarser)))
  }
  return { fine, coarse }
}

/** What noise must be added to the first for the second: variances add up. */
export function missingNoise(has: Noise, wanted: Noise): Noise {
  const rest = (grain: keyof Noise) =>
    wanted[grain].map((value, bin) => Math.sqrt(Math.max(0, value ** 2 - has[grain][bin] ** 2)))
  return { fine: rest('fine'), coarse: rest('coarse') }
}

/** Mean of a block; null where something shines through or is clipped. */
function meanOf({ luma, width }: Tile, x: number, y: number): number | null {
  let sum = 0
  for (let v = y - 2; v < y + BLOCK + 2; v++)
    for (let u = x - 2; u < x + BLOCK + 2; u++) {
      const value = luma[v * width + u]
      if (!(value >= DARKEST && value <= BRIGHTEST)) return null
      sum += value
    }
  return sum / (BLOCK + 4) ** 2
}

/** Standard deviation of a block's noise, bytes, from its second differences over `step` pixels. */
function deviation(tile: Tile, x: number, y: number, step: number): number {
  let sum = 0
  for (let v = y; v < y + BLOCK; v++)
    for (let u = x; u < x + BLOCK; u++) sum += Math.abs(secondDifference(tile, u, v, step))
  return (NORMAL * sum) / BLOCK ** 2 / GAIN
}

/** 1 -2 1 along both axes. */
function secondDifference({ luma, width }: Tile, x: number, y: number, step: number): number {
  const at = y * width + x
  const [above, below] = [at - step * width, at + step * width]
  return (
    luma[above - step] +
    luma[above + step] +
    luma[below - step] +
    luma[below + step] -
    2 * (luma[above] + luma[below] + luma[at - step] + luma[at + step]) +
    4 * luma[at]
  )
}

/** A level's deviation at a brightness, 0..255, between the bins' middles. */
export function levelAt(levels: readonly number[], luma: number): number {
  const at = clamp((luma / 256) * BINS - 0.5, 0, BINS - 1)
  const bin = Math.min(BINS - 2, Math.floor(at))
  return levels[bin] + (levels[bin + 1] - levels[bin]) * (at - bin)
}

/**
 * Unit noise that is fixed to the picture's pixels: the value depends on the pixel and the key alone, so that a picture
 * drawn in parts has the same. Nearly normal: the sum of a hash's four bytes.
 */
export function unitNoise(x: number, y: number, key: number): number {
  let hash = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(key + 1, 0xc2b2ae3d)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  hash ^= hash >>> 16
  const sum = (hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + (hash >>> 24)
  return (sum - 510) / BYTES_DEVIATION
}
/** Of four bytes' sum. */
const BYTES_DEVIATION = Math.sqrt((4 * (256 ** 2 - 1)) / 12)

/** Rows of unit noise with a grain of three pixels: 1 2 1 along both axes of a white field. */
export function coarseRow(x: number, y: number, width: number, key: number): Float32Array {
  const row = new Float32Array(width)
  const column = (u: number) =>
    (unitNoise(u, y - 1, key) + 2 * unitNoise(u, y, key) + unitNoise(u, y + 1, key)) / 6
  let [left, middle] = [column(x - 1), column(x)]
  for (let i = 0; i < width; i++) {
    const right = column(x + i + 1)
    // The weights' squares add up to 36.
    row[i] = left + 2 * middle + right
    left = middle
    middle = right
  }
  return row
}
