import { expect, it } from 'vitest'

import { FirstBlockCache } from '@/nets/runner/firstBlock'

const f32 = (...values: number[]) => Float32Array.from(values)

it('runs the first step whole, and guesses one that changes little', () => {
  const cache = new FirstBlockCache(0.1)
  expect(cache.guess(f32(1, 2), f32(2, 4))).toBeNull()
  cache.note(f32(10, 20)) // The other blocks added 8 and 16.
  // The first block adds 1.05 and 2.1 now: 5 % more.
  expect(Array.from(cache.guess(f32(0, 0), f32(1.05, 2.1))!)).toEqual([...f32(9.05, 18.1)])
  expect(cache.skipped).toBe(1)
})

it('compares with the last step that was run whole, so that small changes add up', () => {
  const cache = new FirstBlockCache(0.1)
  cache.guess(f32(0), f32(1))
  cache.note(f32(5))
  expect(cache.guess(f32(0), f32(1.08))).not.toBeNull()
  expect(cache.guess(f32(0), f32(1.16))).toBeNull()
  cache.note(f32(6))
  expect(cache.guess(f32(0), f32(1.2))).not.toBeNull()
  expect(cache.skipped).toBe(2)
})

it('never takes what is no number for alike', () => {
  const cache = new FirstBlockCache(0.5)
  cache.guess(f32(0), f32(NaN))
  cache.note(f32(1))
  expect(cache.guess(f32(0), f32(1))).toBeNull()
})
