import { describe, expect, it } from 'vitest'

import { byScore, pairsOf } from '@/document/align/queries'
import type { Candidate } from '@/schema/modes/align'

const candidate = (seed: number, score: number): Candidate => ({
  id: `c${seed}`,
  start: { kind: 'seed', seed: String(seed) },
  asset: null,
  made: null,
  score,
  reconstruction: null,
})

describe('pairs of a gallery', () => {
  const gallery = [0.1, 0.8, 0.4, 0.6, 0.2, 0.7, 0.3, 0.5].map((score, seed) => candidate(seed, score))
  const scores = (rule: 'paper' | 'code') =>
    pairsOf(gallery, rule).map(({ base, reference }) => [reference.score, base.score])

  it('zip the better with the worse half, as the paper says', () => {
    expect(scores('paper')).toEqual([
      [0.8, 0.4],
      [0.7, 0.3],
      [0.6, 0.2],
      [0.5, 0.1],
    ])
  })

  it('take the best quarter twice, as the code does', () => {
    expect(scores('code')).toEqual([
      [0.8, 0.4],
      [0.7, 0.3],
      [0.8, 0.2],
      [0.7, 0.1],
    ])
  })

  it('never pair a picture with itself, whatever their number', () => {
    for (let count = 0; count <= 8; count++)
      for (const rule of ['paper', 'code'] as const) {
        const pairs = pairsOf(gallery.slice(0, count), rule)
        expect(pairs).toHaveLength(Math.floor(count / 2))
        for (const { base, reference } of pairs) expect(base.id).not.toBe(reference.id)
      }
  })

  it('are drawn without scores in the order in which they came', () => {
    const plain = gallery.map((one) => ({ ...one, score: null }))
    expect(byScore(plain)).toEqual(plain)
  })
})
