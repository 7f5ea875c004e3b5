import { describe, expect, it } from 'vitest'

import { causalBias, firstHighest, MASKED } from '@/nets/encoders/clipText'
import { positionBias, relativeBucket } from '@/nets/encoders/t5'

describe("T5's relative positions", () => {
  // specs: encoders §3
  it.each([
    [-200, 15],
    [-128, 15],
    [-64, 14],
    [-20, 10],
    [-8, 8],
    [-1, 1],
    [0, 0],
    [1, 17],
    [7, 23],
    [8, 24],
    [12, 25],
    [16, 26],
    [32, 28],
    [64, 30],
    [90, 30],
    [91, 31],
    [100_000, 31],
  ])('distance %i is in bucket %i', (distance, bucket) => {
    expect(relativeBucket(distance, 32, 128)).toBe(bucket)
  })

  it('never leaves its half of the buckets, whatever their number', () => {
    for (const [buckets, reach] of [
      [8, 20],
      [32, 128],
      [64, 100],
    ]) {
      let last = 0
      for (let distance = 0; distance < 400; distance++) {
        const before = relativeBucket(-distance, buckets, reach)
        expect(before).toBeGreaterThanOrEqual(last)
        expect(before).toBeLessThan(buckets / 2)
        if (distance > 0) expect(relativeBucket(distance, buckets, reach)).toBe(before + buckets / 2)
        last = before
      }
      expect(last).toBe(buckets / 2 - 1)
    }
  })

  it('become a bias of key against query per head', () => {
    const sizes = { heads: 2, buckets: 32, maxDistance: 128 }
    const table = Float32Array.from({ length: 64 }, (_, i) => i) // [bucket, head]
    const tokens = 40
    const bias = positionBias(sizes, table, tokens)
    for (let head = 0; head < 2; head++)
      for (let query = 0; query < tokens; query++)
        for (let key = 0; key < tokens; key++)
          expect(bias[(head * tokens + query) * tokens + key]).toBe(
            2 * relativeBucket(key - query, 32, 128) + head,
          )
  })

  it('hide the keys that a mask excludes', () => {
    const bias = positionBias({ heads: 1, buckets: 32, maxDistance: 128 }, new Float32Array(32), 3, [1, 0, 1])
    const row = [0, Math.fround(MASKED), 0]
    expect([...bias]).toEqual([...row, ...row, ...row])
  })
})

describe('CLIP', () => {
  it('hides what comes after a token', () => {
    const no = Math.fround(MASKED)
    const head = [0, no, no, 0, 0, no, 0, 0, 0]
    expect([...causalBias(2, 3)]).toEqual([...head, ...head])
    expect([...causalBias(1, 1)]).toEqual([0])
  })

  it('finds the first end of text', () => {
    expect(firstHighest(Int32Array.of(6, 1, 7, 7, 7))).toBe(2)
    expect(firstHighest(Int32Array.of(6, 1, 7, 0, 0))).toBe(2)
    expect(firstHighest(Int32Array.of(3))).toBe(0)
  })
})
