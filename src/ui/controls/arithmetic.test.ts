import { describe, expect, it } from 'vitest'

import { calculated } from '@/ui/controls/arithmetic'

describe('calculated', () => {
  it.each([
    ['12', 12],
    [' -3.5 ', -3.5],
    ['1,5', 1.5],
    ['1e3', 1000],
    ['120+40', 160],
    ['2+3*4', 14],
    ['(2+3)*4', 20],
    ['10-4-3', 3],
    ['100/4/5', 5],
    ['-(2-5)', 3],
    ['1024×2÷4', 512],
    ['40px + 2 px', 42],
    ['45°', 45],
    ['20 steps + 1 s', 21],
    ['1,5 * 2,5', 3.75],
    ['50%', 400],
    ['50% - 20', 380],
    ['3 − 5', -2],
  ])('takes %s', (text, value) => {
    expect(calculated(text, 800)).toBeCloseTo(value)
  })
  it.each(['', ' ', 'abc', '1+', '*2', '(1', '1)', '1 2', '1/0', '5 kg', '1..2', '1+()', '--', '1,2,3'])(
    'does not take "%s"',
    (text) => {
      expect(calculated(text, 800)).toBeNull()
    },
  )
  it('knows no percentage where there is no whole', () => {
    expect(calculated('50%')).toBeNull()
  })
})
