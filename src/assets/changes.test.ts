import { expect, it } from 'vitest'

import { changeMask } from '@/assets/changes'
import { blankRaster } from '@/assets/raster'

it('tells what differs, as strongly as it does, and nothing that nobody sees', () => {
  const before = blankRaster(2048, 40)
  before.data.fill(100)
  const after = { ...before, data: before.data.slice() }
  after.data[4 * (10 * 2048 + 100) + 1] += 2
  after.data[4 * (20 * 2048 + 1000)] += 12
  after.data[4 * (21 * 2048 + 1001) + 2] -= 60
  const { width, height, values } = changeMask(before, after)
  expect([width, height]).toEqual([1024, 20])
  expect([...values.entries()].filter(([, value]) => value > 0)).toEqual([[10 * 1024 + 500, 255]])
  expect(changeMask(before, { ...after, data: before.data }).values.some((value) => value > 0)).toBe(false)
})
