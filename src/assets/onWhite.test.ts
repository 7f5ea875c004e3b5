import { expect, it } from 'vitest'

import { backFromWhite, overWhite } from '@/assets/onWhite'
import { at, paint, randomRaster } from '@/assets/testImages'

it('lays pictures over white, and leaves opaque ones alone', () => {
  const opaque = randomRaster(5, 4, 1, true)
  expect(overWhite(opaque)).toBe(opaque)
  const r = overWhite(paint(3, 1, (x) => [10, 20, 30, [0, 128, 255][x]]))
  expect([at(r, 0, 0), at(r, 1, 0), at(r, 2, 0)]).toEqual([
    [255, 255, 255, 255],
    [132, 137, 142, 255],
    [10, 20, 30, 255],
  ])
})

it('comes back from white with its own bits where nothing changed', () => {
  const real = randomRaster(16, 16, 4)
  const shown = overWhite(real)
  expect(backFromWhite(shown, shown, real, real)).toEqual(real)
})

it('gives changed pixels the colours that look like the change', () => {
  const real = paint(3, 1, (x) => [200, 100, 40, [0, 102, 255][x]])
  const shown = overWhite(real)
  const made = { ...shown, data: shown.data.map((value, i) => (i % 4 === 3 ? value : value - 10)) }
  const back = backFromWhite(made, shown, real, real)
  expect([0, 1, 2].map((x) => at(back, x, 0)[3])).toEqual([0, 102, 255])
  const seen = overWhite(back)
  expect(at(seen, 0, 0)).toEqual([255, 255, 255, 255])
  for (const x of [1, 2])
    at(seen, x, 0).forEach((value, c) => expect(Math.abs(value - at(made, x, 0)[c])).toBeLessThanOrEqual(1))
})

it('keeps a white object on nothing', () => {
  const real = paint(1, 1, () => [0, 0, 0, 0])
  const composite = paint(1, 1, () => [255, 255, 255, 255])
  const white = overWhite(composite)
  expect(backFromWhite(white, overWhite(real), real, composite)).toEqual(composite)
})
