import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { cropResizeRaster, resizeRaster, thumbnail } from '@/assets/resample'
import { at, paint, randomRaster } from '@/assets/testImages'

/** The definition: the mean over a rectangle of source area, premultiplied, by brute force on a fine grid. */
function meanOver(r: ReturnType<typeof paint>, x0: number, y0: number, w: number, h: number): number[] {
  const sum = [0, 0, 0, 0]
  const n = 64
  for (let j = 0; j < n; j++)
    for (let i = 0; i < n; i++) {
      const x = Math.min(r.width - 1, Math.max(0, Math.floor(x0 + ((i + 0.5) / n) * w)))
      const y = Math.min(r.height - 1, Math.max(0, Math.floor(y0 + ((j + 0.5) / n) * h)))
      const [red, green, blue, alpha] = at(r, x, y).map((v) => v / 255)
      sum[0] += red * alpha
      sum[1] += green * alpha
      sum[2] += blue * alpha
      sum[3] += alpha
    }
  const alpha = sum[3] / (n * n)
  return [0, 1, 2].map((c) => (alpha > 0 ? sum[c] / (n * n) / alpha : 0)).concat(alpha)
}

/** As shares of 255. */
const cropResize = (...given: Parameters<typeof cropResizeRaster>): number[] =>
  Array.from(cropResizeRaster(...given).data, (value) => value / 255)

describe('cropResizeRaster', () => {
  it('averages areas exactly, with fractions and the edge repeated', () => {
    const r = randomRaster(24, 20, 4)
    const rect = { x: -3.5, y: 2.25, width: 22, height: 16 }
    const out = cropResize(r, rect, 4, 4)
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 4; x++) {
        const expected = meanOver(r, rect.x + x * 5.5, rect.y + y * 4, 5.5, 4)
        expected.forEach((value, c) => expect(out[(y * 4 + x) * 4 + c]).toBeCloseTo(value, 1))
        expect(out[(y * 4 + x) * 4 + 3]).toBeCloseTo(expected[3], 1)
      }
  })

  it('is exact for whole factors', () => {
    const r = paint(4, 2, (x) => [x * 10, 0, 0, 255])
    const out = cropResize(r, { x: 0, y: 0, width: 4, height: 2 }, 2, 1)
    expect(out[0] * 255).toBeCloseTo(5, 4)
    expect(out[4] * 255).toBeCloseTo(25, 4)
  })

  it('gives the pixels themselves at scale 1', () => {
    const r = randomRaster(9, 7, 8, true)
    const out = cropResize(r, { x: 2, y: 1, width: 5, height: 4 }, 5, 4)
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 5; x++)
        at(r, x + 2, y + 1).forEach((v, c) => expect(out[(y * 5 + x) * 4 + c] * 255).toBeCloseTo(v, 3))
  })

  it('does not let colour bleed out of transparent pixels', () => {
    const r = paint(2, 1, (x) => (x === 0 ? [200, 100, 50, 255] : [0, 255, 255, 0]))
    const [red, green, blue, alpha] = cropResize(r, { x: 0, y: 0, width: 2, height: 1 }, 1, 1)
    expect([red, green, blue].map((v) => Math.round(v * 255))).toEqual([200, 100, 50])
    expect(alpha).toBeCloseTo(0.5, 2)
  })

  it('reads transparent outside when asked', () => {
    const r = paint(4, 4, () => [255, 255, 255, 255])
    const out = cropResize(r, { x: -4, y: 0, width: 8, height: 4 }, 2, 1, { outside: 'transparent' })
    expect([out[3], out[7]]).toEqual([0, 1])
    const half = cropResize(r, { x: -1, y: 0, width: 2, height: 4 }, 1, 1, { outside: 'transparent' })
    expect(half[3]).toBeCloseTo(0.5, 2)
  })

  it('keeps a constant picture constant at any scale and place', () => {
    const r = paint(11, 9, () => [40, 80, 120, 255])
    fc.assert(
      fc.property(
        fc.double({ min: -30, max: 30, noNaN: true }),
        fc.double({ min: 0.2, max: 60, noNaN: true }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('bilinear' as const, 'bicubic' as const),
        (start, length, size, enlarge) => {
          const rect = { x: start, y: start / 2, width: length, height: length }
          const out = cropResize(r, rect, size, size, { enlarge })
          for (let i = 0; i < out.length; i += 4) {
            expect(out[i] * 255).toBeCloseTo(40, 2)
            expect(out[i + 2] * 255).toBeCloseTo(120, 2)
            expect(out[i + 3]).toBeCloseTo(1, 4)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('resizeRaster', () => {
  it('keeps the size asked for and a gradient a gradient', () => {
    const r = paint(64, 8, (x) => [x * 4, x * 4, x * 4, 255])
    const small = resizeRaster(r, 16, 2)
    expect([small.width, small.height]).toEqual([16, 2])
    expect(at(small, 5, 1)[0]).toBeCloseTo(5 * 16 + 6, -0.5)
    const large = resizeRaster(small, 64, 8)
    expect(Math.abs(at(large, 30, 4)[0] - 120)).toBeLessThanOrEqual(3)
  })

  it('makes thumbnails that are never larger', () => {
    const r = randomRaster(300, 20, 1)
    expect(thumbnail(r, 100).width).toBe(100)
    expect(thumbnail(r, 100).height).toBe(7)
    expect(thumbnail(r, 500)).toBe(r)
    expect(thumbnail(randomRaster(1000, 1, 1), 10).height).toBe(1)
  })
})
