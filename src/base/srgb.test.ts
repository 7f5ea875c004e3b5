import { expect, test } from 'vitest'

import { quicklyEncoded, toEncoded, toLinear } from '@/base/srgb'

test('the table is the curve', () => {
  for (let i = 0; i <= 100_000; i++)
    expect(Math.abs(quicklyEncoded(i / 100_000) - toEncoded(i / 100_000))).toBeLessThan(4e-6)
  expect([quicklyEncoded(-1), quicklyEncoded(0), quicklyEncoded(2)]).toEqual([0, 0, 1])
})

test('every byte survives the way to linear light and back', () => {
  for (let byte = 0; byte < 256; byte++)
    expect(Math.round(255 * quicklyEncoded(toLinear(byte / 255)))).toBe(byte)
})
