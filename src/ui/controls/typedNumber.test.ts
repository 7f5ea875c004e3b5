import { describe, expect, it } from 'vitest'

import { takeNumber, type NumberRule } from '@/ui/controls/typedNumber'
import { takeSeed } from '@/ui/panels/typedSeed'

it.each<[text: string, rule: NumberRule, value: number | null, said: RegExp | null]>([
  ['12', {}, 12, null],
  ['-3.5', {}, -3.5, null],
  ['1e2', { max: 100 }, 100, null],
  ['', {}, null, /no number/],
  ['abc', {}, null, /no number/],
  ['1e999', {}, null, /no number/],
  ['500', { min: 1, max: 100 }, 100, /At most 100/],
  ['0', { min: 1, max: 100 }, 1, /At least 1/],
  ['2.5', { multipleOf: 1 }, 3, /Whole numbers only: now 3/],
  ['1000', { multipleOf: 16, min: 256, max: 2048 }, 1008, /multiples of 16: now 1008/],
  ['1024', { multipleOf: 16, min: 256, max: 2048 }, 1024, null],
  ['256 * 3 + 5', { multipleOf: 16 }, 768, /multiples of 16: now 768/],
  ['50%', { whole: 640 }, 320, null],
  ['50%', {}, null, /no number/],
])('a field takes %s by %j as %s', (text, rule, value, said) => {
  const taken = takeNumber(text, rule)
  expect(taken.value).toBe(value)
  if (said === null) expect(taken.note).toBeNull()
  else expect(taken.note).toMatch(said)
})

describe('seeds', () => {
  it.each([
    ['7', '7'],
    [' 007 ', '7'],
    ['0', '0'],
    ['1 234 567', '1234567'],
    ['4294967296', '4294967296'],
    // Beyond what a JavaScript number holds exactly.
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551615', '18446744073709551615'],
  ])('%s is %s', (typed, seed) => expect(takeSeed(typed)).toEqual({ seed, note: null }))

  it.each(['18446744073709551616', '99999999999999999999999', '-1', '1.5', '1e5', 'cat', ''])(
    '“%s” is none, and that is said',
    (typed) => {
      const { seed, note } = takeSeed(typed)
      expect(seed).toBeNull()
      expect(note).toMatch(/whole number from 0 to 18446744073709551615/)
    },
  )
})
