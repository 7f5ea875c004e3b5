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
