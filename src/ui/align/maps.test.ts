import { describe, expect, it } from 'vitest'

import { mapAt } from '@/base/wordMask'
import { coverage, heat, maskAt, paintMask, paintShares, sharesAt } from '@/ui/align/maps'
import type { WordMaps } from '@/worker/protocol'

/** Two cells, two words, three steps. */
const maps: WordMaps = {
  rows: 1,
  columns: 2,
  words: 2,
  steps: [
    Float32Array.of(0.9, 0.9, 0.9, 0.9),
    Float32Array.of(0.1, 0.4, 0.3, 0.0),
    Float32Array.of(0.3, 0.2, 0.1, 0.0),
  ],
}
const settings = { fused: { first: 1, last: 2 }, union: 'or' as const }
const word = (index: number, threshold: number) => ({ index, threshold })

describe('word maps', () => {
  it('are one step’s, or the mean over the fused steps', () => {
    expect(mapAt(maps, 0, settings)).toBe(maps.steps[0])
    const mean = [...mapAt(maps, null, settings)]
    for (const [i, value] of [0.2, 0.3, 0.2, 0].entries()) expect(mean[i]).toBeCloseTo(value, 6)
    expect([...sharesAt(maps, 1, 1, settings)].map((x) => Math.round(x * 10))).toEqual([4, 0])
  })

  it('are all steps’ where no fused one is there, or the step is gone', () => {
    const none = { fused: { first: 7, last: 9 } }
    expect(mapAt(maps, null, none)[0]).toBeCloseTo((0.9 + 0.1 + 0.3) / 3, 6)
    expect(mapAt(maps, 12, settings)[0]).toBeCloseTo(0.2, 6)
  })

  it('become a mask by each word’s threshold', () => {
    expect([...maskAt(maps, 1, [word(0, 0.2)], settings)]).toEqual([0, 1])
    expect([...maskAt(maps, 1, [word(0, 0.05), word(1, 0.3)], settings)]).toEqual([1, 1])
    expect([...maskAt(maps, 1, [word(0, 0.05), word(1, 0.3)], { ...settings, union: 'xor' })]).toEqual([0, 1])
  })

  it('pass over words that they do not know', () => {
    expect([...maskAt(maps, 1, [word(5, 0)], settings)]).toEqual([0, 0])
  })

  it('cover a part of the picture', () => {
    expect(coverage([0.1, 0.2, 0.3, 0.4], 0.3)).toBe(0.5)
    expect(coverage([], 0.3)).toBe(0)
  })
})

describe('painting', () => {
  it('darkens what lies outside of a mask', () => {
    const { width, height, data } = paintMask(Uint8Array.of(1, 0), 1, 2)
    expect([width, height]).toEqual([2, 1])
    expect([data[3], data[7] > 100]).toEqual([0, true])
  })

  it('shows shares as heat, faint below the threshold', () => {
    const { data } = paintShares(Float32Array.of(0, 0.5, 1), 1, 3, 0.4)
    expect([...data.slice(0, 3)]).toEqual(heat(0))
    expect([...data.slice(8, 11)]).toEqual(heat(1))
    expect(data[3]).toBeLessThan(data[7])
    expect([...paintShares(new Float32Array(1), 1, 1, 1).data.slice(0, 3)]).toEqual(heat(0))
  })

  it('keeps heat within its colours', () => {
    expect(heat(-1)).toEqual(heat(0))
    expect(heat(2)).toEqual(heat(1))
    expect(heat(0.5)).toEqual([188, 55, 84])
  })
})
