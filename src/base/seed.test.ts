import { expect, it } from 'vitest'

import { isSeed, lowBits, nextSeed } from '@/base/seed'

it('seeds are 64 bits in decimal', () => {
  expect(['0', '7', '4294967296', '18446744073709551615'].every(isSeed)).toBe(true)
  expect(['', '01', '-1', '1.5', '1e5', ' 1', '18446744073709551616'].some(isSeed)).toBe(false)
  expect(nextSeed('9007199254740992')).toBe('9007199254740993')
  expect(nextSeed('18446744073709551615')).toBe('0')
  expect(['7', '4294967295', '4294967296', '4294967303'].map(lowBits)).toEqual(['7', '4294967295', '0', '7'])
})
