import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { cutRows } from '@/backend/cutRows'

test('pieces follow each other, are whole multiples but for the last, and as short as asked where that is possible', () => {
  const sizes = fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.double({ min: 0, max: 6000, noNaN: true }))
  fc.assert(
    fc.property(sizes, fc.constantFrom(1, 64, 128), ([count, most], multiple) => {
      const pieces = cutRows(count, most, multiple)
      expect(pieces.reduce((sum, { length }) => sum + length, 0)).toBe(count)
      expect(pieces.map(({ start }) => start)).toEqual(
        pieces.map((_, index) => pieces.slice(0, index).reduce((sum, { length }) => sum + length, 0)),
      )
      const lengths = pieces.map(({ length }) => length)
      expect(lengths.slice(0, -1).every((length) => length % multiple === 0)).toBe(true)
      // What is left over is less than a multiple more.
      expect(Math.max(0, ...lengths)).toBeLessThan(Math.max(most, multiple) + multiple)
      if (pieces.length > 1) expect(Math.min(...lengths)).toBeGreaterThanOrEqual(multiple)
    }),
  )
})

test('a known cut', () => {
  expect(cutRows(300, 150, 64)).toEqual([
    { start: 0, length: 128 },
    { start: 128, length: 172 },
  ])
  expect(cutRows(300, 1000, 64)).toEqual([{ start: 0, length: 300 }])
  expect(cutRows(0, 10, 1)).toEqual([])
})
