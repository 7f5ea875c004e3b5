import { expect, it } from 'vitest'

import { duration } from '@/ui/duration'

it('a time is as exact as a person needs', () => {
  const cases: [number, string][] = [
    [0.4, 'less than 1 s'],
    [8.4, '8 s'],
    [80, '1 min 20 s'],
    [119, '2 min'],
    [3600, '60 min'],
    [7260, '2 h 1 min'],
    [7200, '2 h'],
    [40_000, '11 h'],
    [500_000, '6 days'],
  ]
  for (const [seconds, words] of cases) expect(duration(seconds)).toBe(words)
})
