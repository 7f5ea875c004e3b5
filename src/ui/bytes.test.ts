import { afterAll, expect, it } from 'vitest'

import { bytes } from '@/ui/bytes'
import { duration } from '@/ui/duration'
import { plainNumber } from '@/ui/numbers'
import { setLanguage } from '@/words/say'

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

afterAll(() => setLanguage('en'))
it('sizes, times and numbers are written as the page’s language does', async () => {
  await setLanguage('de')
  expect([bytes(6.7e9), duration(80), plainNumber(-1234.5)]).toEqual(['6,7 GB', '1 min 20 s', '-1234,5'])
  await setLanguage('ja')
  expect([bytes(6.7e9), duration(80), plainNumber(0.25)]).toEqual(['6.7 GB', '1分20秒', '0.25'])
})
