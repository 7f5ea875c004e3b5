/** Attention maps of words as masks (specs: D-Fusion §4); the page and the pipeline share the rule. */

/** One step's mask of `cells`, 0 or 1. */
export interface WordThreshold {
  /** Column of the maps. */
  word: number
  /** A cell belongs to the word from this share on. */
  threshold: number
}

/**
 * @param map [cells, words] shares of attention
 * @returns [cells]: 1 where some word's share reaches its threshold (`or`), or where an odd number of words' do (`xor`,
 * Eq. 4)
 */
export function wordMask(
  map: Float32Array,
  words: number,
  chosen: readonly WordThreshold[],
  union: 'or' | 'xor',
): Uint8Array {
  return Uint8Array.from({ length: map.length / words }, (_, cell) => {
    let hits = 0
    for (const { word, threshold } of chosen) if (map[cell * words + word] >= threshold) hits++
    return union === 'or' ? Math.min(1, hits) : hits % 2
  })
}

/** Attention to words, step by step: per step shares, [rows * columns, words]. */
interface StepMaps {
  rows: number
  columns: number
  words: number
  steps: readonly Float32Array[]
}

/** Steps, from 0, both ends included. */
interface Fused {
  fused: { first: number; last: number }
}

/** Which steps count when no single one is looked at: those that are fused, or all where none of them is there. */
function stepsOf({ steps }: StepMaps, { fused }: Fused): readonly Float32Array[] {
  const chosen = steps.slice(fused.first, fused.last + 1)
  return chosen.length > 0 ? chosen : steps
}

/** One step's map, or with null the mean over the fused steps: [cells, words] */
export function mapAt(maps: StepMaps, step: number | null, settings: Fused): Float32Array {
  const one = step === null ? undefined : maps.steps[step]
  if (one) return one
  const steps = stepsOf(maps, settings)
  const mean = new Float32Array(maps.rows * maps.columns * maps.words)
  for (const map of steps) for (let i = 0; i < mean.length; i++) mean[i] += map[i] / steps.length
  return mean
}

/** One word's column of a map: [cells] */
export const wordShares = (map: Float32Array, words: number, word: number): Float32Array =>
  Float32Array.from({ length: map.length / words }, (_, cell) => map[cell * words + word])

/**
 * A threshold that parts a map into a word's region and the rest (ours): Otsu's, the one that leaves the least variance
 * within the two parts; halfway between the two cells that it parts. A flat map gives its own value: all of it.
 */
export function otsuThreshold(shares: Float32Array): number {
  const sorted = Float64Array.from(shares).sort()
  const total = sorted.reduce((sum, x) => sum + x, 0)
  let below = 0
  let best = { spread: 0, threshold: sorted[0] ?? 0 }
  for (let count = 1; count < sorted.length; count++) {
    below += sorted[count - 1]
    if (sorted[count] === sorted[count - 1]) continue
    const above = sorted.length - count
    const gap = (total - below) / above - below / count
    const spread = count * above * gap * gap
    if (spread > best.spread) best = { spread, threshold: (sorted[count - 1] + sorted[count]) / 2 }
  }
  return best.threshold
}

/** Mean plus `deviations` standard deviations, never above the highest share (ours). */
export function deviationThreshold(shares: Float32Array, deviations = 1): number {
  const mean = shares.reduce((sum, x) => sum + x, 0) / shares.length
  const variance = shares.reduce((sum, x) => sum + (x - mean) ** 2, 0) / shares.length
  return Math.min(
    mean + deviations * Math.sqrt(variance),
    shares.reduce((high, x) => Math.max(high, x), 0),
  )
}
