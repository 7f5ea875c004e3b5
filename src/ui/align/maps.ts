/** Words' attention as masks and colours: pure arithmetic on word maps (specs: D-Fusion §4). */
import type { Raster } from '@/base/geometry'
import { mapAt, wordMask, wordShares, type WordThreshold } from '@/base/wordMask'
import type { AlignSettings, AlignWord } from '@/schema/modes/align'
import type { WordMaps } from '@/worker/protocol'

/** Picked words as the mask's rule takes them; those that the maps do not know are passed over. */
const thresholdsOf = (words: readonly AlignWord[], { words: count }: WordMaps): WordThreshold[] =>
  words.filter(({ index }) => index < count).map(({ index, threshold }) => ({ word: index, threshold }))

/** The mask of the picked words: [rows * columns], 0 or 1 */
export const maskAt = (
  maps: WordMaps,
  step: number | null,
  words: readonly AlignWord[],
  settings: Pick<AlignSettings, 'fused' | 'union'>,
): Uint8Array => wordMask(mapAt(maps, step, settings), maps.words, thresholdsOf(words, maps), settings.union)

/** One word's shares of attention: [rows * columns] */
export const sharesAt = (
  maps: WordMaps,
  step: number | null,
  word: number,
  settings: Pick<AlignSettings, 'fused'>,
): Float32Array => wordShares(mapAt(maps, step, settings), maps.words, word)

/** The part of a mask or map that is at or above a threshold, 0..1. */
export const coverage = (values: ArrayLike<number>, threshold: number): number => {
  let hits = 0
  for (let i = 0; i < values.length; i++) if (values[i] >= threshold) hits++
  return hits / Math.max(1, values.length)
}

/** Dark over violet and red to light yellow, even in lightness. */
const HEAT = [
  [12, 8, 38],
  [87, 16, 110],
  [188, 55, 84],
  [249, 142, 9],
  [252, 255, 164],
] as const

/** The heat of a value in 0..1. */
export function heat(value: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, value)) * (HEAT.length - 1)
  const low = Math.min(HEAT.length - 2, Math.floor(at))
  const mix = (channel: number) =>
    Math.round(HEAT[low][channel] + (at - low) * (HEAT[low + 1][channel] - HEAT[low][channel]))
  return [mix(0), mix(1), mix(2)]
}

/** One pixel per cell: heat from 0 to the highest share; what lies below the threshold is faint. */
export function paintShares(shares: Float32Array, rows: number, columns: number, threshold: number): Raster {
  const most = shares.reduce((high, share) => Math.max(high, share), 0)
  return paint(rows, columns, (cell) => [
    ...heat(most > 0 ? shares[cell] / most : 0),
    shares[cell] >= threshold ? 255 : 84,
  ])
}

/** One pixel per cell: the region is clear, the rest is darkened. */
export const paintMask = (mask: Uint8Array, rows: number, columns: number): Raster =>
  paint(rows, columns, (cell) => [8, 8, 12, mask[cell] ? 0 : 165])

function paint(
  rows: number,
  columns: number,
  pixel: (cell: number) => readonly [number, number, number, number],
): Raster {
  const data = new Uint8ClampedArray(rows * columns * 4)
  for (let cell = 0; cell < rows * columns; cell++) data.set(pixel(cell), cell * 4)
  return { width: columns, height: rows, data }
}
