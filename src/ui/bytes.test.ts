import { expect, it } from 'vitest'

import { bytes } from '@/ui/bytes'

it('bytes are words that do not jump at the borders', () => {
  const cases: [number, string][] = [
    [0, '0 kB'],
    [1499, '1 kB'],
    [999_600, '1 MB'],
    [340e6, '340 MB'],
    [999.4e6, '999 MB'],
    [999.6e6, '1.0 GB'],
    [23_802_816_640, '23.8 GB'],
    [99.96e9, '100 GB'],
  ]
  for (const [count, words] of cases) expect(bytes(count)).toBe(words)
})
