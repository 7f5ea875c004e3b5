import { expect, it } from 'vitest'

import { keepLatest } from '@/base/latest'

it('forgets what was used longest ago', () => {
  const map = new Map<string, number>()
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['a', 3],
    ['c', 4],
  ] as const)
    expect(keepLatest(map, key, value, 2)).toBe(value)
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ])
})
