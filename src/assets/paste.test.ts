import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'

import { compositeOver, lands, placeForeground, type Placement } from '@/assets/paste'
import { applyOrientation } from '@/assets/raster'
import { at, paint, randomRaster } from '@/assets/testImages'

const placement = (box: number[], more: Partial<Placement> = {}): Placement => ({
  box: { x: box[0], y: box[1], width: box[2], height: box[3] },
  stretch: false,
  rotationDegrees: 0,
  flipX: false,
  ...more,
})
const canvas = { width: 100, height: 80 }
const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof InlayError) return error.problem.code
  }
  return 'no error'
}

describe('placeForeground', () => {
  const object = paint(30, 40, (x, y) =>
    x >= 5 && x < 25 && y >= 10 && y < 40 ? [x * 8, y * 5, 77, 255] : [0, 0, 0, 0],
  ) // alpha box 20 x 30

  it('copies pixels exactly when nothing is scaled', () => {
    const placed = placeForeground(object, placement([10, 20, 20, 30]), canvas)
    expect(placed.rect).toEqual({ x: 10, y: 20, width: 20, height: 30 })
    expect(placed.contentRect).toEqual({ x: 10, y: 20, width: 20, height: 30 })
    for (const [x, y] of [
      [0, 0],
      [19, 29],
      [7, 13],
    ])
      expect(at(placed.image, x, y)).toEqual(at(object, x + 5, y + 10))
  })

  it('keeps aspect and stands at the bottom centre, or stretches', () => {
    const fitted = placeForeground(object, placement([0, 0, 40, 30]), canvas)
    expect(fitted.contentRect).toEqual({ x: 10, y: 0, width: 20, height: 30 })
    const tall = placeForeground(object, placement([0, 0, 20, 60]), canvas)
    expect(tall.contentRect).toEqual({ x: 0, y: 30, width: 20, height: 30 })
    const stretched = placeForeground(object, placement([3, 4, 50, 10], { stretch: true }), canvas)
    expect(stretched.rect).toEqual({ x: 3, y: 4, width: 50, height: 10 })
  })

  it('fills its rectangle and nothing beyond, at any scale', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -20, max: 60, noNaN: true }),
        fc.double({ min: -20, max: 40, noNaN: true }),
        fc.double({ min: 2, max: 90, noNaN: true }),
        (x, y, size) => {
          const solid = paint(20, 30, () => [10, 200, 30, 255])
          const box = [x, y, (size * 2) / 3, size]
          if (x + box[2] < 1 || y + box[3] < 1) return
          const { image, rect, contentRect } = placeForeground(solid, placement(box), canvas)
          for (let j = 0; j < rect.height; j++)
            for (let i = 0; i < rect.width; i++) {
              const cover = (start: number, low: number, length: number): number =>
                Math.max(0, Math.min(start + 1, low + length) - Math.max(start, low))
              const expected =
                cover(rect.x + i, contentRect.x, contentRect.width) *
                cover(rect.y + j, contentRect.y, contentRect.height)
              const [red, green, , alpha] = at(image, i, j)
              expect(Math.abs(alpha - expected * 255)).toBeLessThan(2)
              if (alpha > 0) expect([red, green]).toEqual([10, 200])
            }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('mirrors', () => {
    const placed = placeForeground(object, placement([10, 20, 20, 30], { flipX: true }), canvas)
    expect(at(placed.image, 0, 3)).toEqual(at(object, 24, 13))
  })

  it('turns clockwise about the centre', () => {
    const square = paint(20, 20, (x, y) =>
      y < 10 ? [255, 0, 0, 255] : x < 10 ? [0, 255, 0, 255] : [0, 0, 255, 255],
    )
    const quarter = placeForeground(square, placement([40, 30, 20, 20], { rotationDegrees: 90 }), canvas)
    expect(quarter.rect).toEqual({ x: 40, y: 30, width: 20, height: 20 })
    expect(at(quarter.image, 15, 10)).toEqual([255, 0, 0, 255]) // the top is now at the right
    expect(at(quarter.image, 3, 4)).toEqual([0, 255, 0, 255]) // bottom left is now top left
    const half = placeForeground(square, placement([40, 30, 20, 20], { rotationDegrees: -180 }), canvas)
    expect(at(half.image, 4, 15)).toEqual([255, 0, 0, 255])
    const tilted = placeForeground(square, placement([40, 30, 20, 20], { rotationDegrees: 45 }), canvas)
    expect(tilted.contentRect.width).toBeCloseTo(28.28, 2)
    expect(at(tilted.image, 0, 0)[3]).toBe(0)
    expect(at(tilted.image, 14, 14)[3]).toBe(255)
    let area = 0
    for (let i = 3; i < tilted.image.data.length; i += 4) area += tilted.image.data[i] / 255
    expect(Math.abs(area - 400)).toBeLessThan(8)
  })

  it('clips to the canvas', () => {
    const placed = placeForeground(object, placement([-10, 70, 20, 30]), canvas)
    expect(placed.rect).toEqual({ x: 0, y: 70, width: 10, height: 10 })
    expect(at(placed.image, 0, 0)).toEqual(at(object, 15, 10))
    expect(placed.contentRect).toEqual({ x: -10, y: 70, width: 20, height: 30 })
  })

  it('refuses boxes outside the picture, boxes without size, and empty foregrounds', () => {
    for (const box of [
      [100, 0, 20, 20],
      [-50, 10, 20, 30],
      [10, 10, 0, 10],
      [10, 10, -5, 10],
      [Number.NaN, 0, 10, 10],
      [0, 0, Infinity, 10],
    ])
      expect([
        lands(object, placement(box), canvas),
        codeOf(() => placeForeground(object, placement(box), canvas)),
      ]).toEqual([false, 'bad-box'])
    const empty = paint(8, 8, () => [255, 0, 0, 0])
    expect(codeOf(() => placeForeground(empty, placement([0, 0, 10, 10]), canvas))).toBe('empty-foreground')
  })
})

describe('lands', () => {
  const object = paint(30, 40, (x) => [9, 9, 9, x < 20 ? 255 : 0]) // 20 x 40

  it('goes by what is visible, as it lies in its box', () => {
    expect(lands(object, placement([-10, 70, 20, 40]), canvas)).toBe(true)
    // The box reaches into the picture, what stands in its middle does not.
    const wide = placement([-290, 10, 300, 40])
    expect(lands(object, wide, canvas)).toBe(false)
    expect(lands(object, { ...wide, stretch: true }, canvas)).toBe(true)
    // Turned about its own middle, not its box's.
    const tall = placement([10, -250, 20, 270], { rotationDegrees: 90 })
    expect(lands(object, tall, canvas)).toBe(true)
  })

  it('is true wherever there is something to place', () => {
    const number = fc.integer({ min: -60, max: 120 })
    fc.assert(
      fc.property(
        number,
        number,
        fc.integer({ min: 1, max: 90 }),
        fc.nat(359),
        (x, y, side, rotationDegrees) => {
          const one = placement([x, y, side, 30], { rotationDegrees })
          const code = codeOf(() => placeForeground(object, one, canvas))
          expect(lands(object, one, canvas)).toBe(code === 'no error')
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('compositeOver', () => {
  it('leaves every pixel that it does not cover bit-identical', () => {
    const background = randomRaster(100, 80, 6)
    const foreground = paint(20, 20, (x, y) => [9, 8, 7, (x - 10) ** 2 + (y - 10) ** 2 < 50 ? 255 : 0])
    const placed = placeForeground(foreground, placement([30, 30, 33, 33], { rotationDegrees: 20 }), canvas)
    const out = compositeOver(background, placed)
    let touched = 0
    for (let y = 0; y < 80; y++)
      for (let x = 0; x < 100; x++) {
        const inside =
          x >= placed.rect.x &&
          y >= placed.rect.y &&
          x < placed.rect.x + placed.rect.width &&
          y < placed.rect.y + placed.rect.height
        const alpha = inside ? at(placed.image, x - placed.rect.x, y - placed.rect.y)[3] : 0
        if (alpha === 0) expect(at(out, x, y)).toEqual(at(background, x, y))
        if (alpha === 255) expect(at(out, x, y)).toEqual([9, 8, 7, 255])
        if (alpha > 0) touched++
      }
    expect(touched).toBeGreaterThan(300)
    expect(background.data).not.toBe(out.data)
  })

  it('mixes by alpha', () => {
    const out = compositeOver(
      paint(1, 1, () => [0, 100, 200, 255]),
      {
        rect: { x: 0, y: 0, width: 1, height: 1 },
        image: paint(1, 1, () => [200, 100, 0, 51]),
        contentRect: { x: 0, y: 0, width: 1, height: 1 },
      },
    )
    expect(at(out, 0, 0)).toEqual([40, 100, 160, 255])
  })
})

describe('applyOrientation', () => {
  it('turns each of the eight ways', () => {
    const stored = paint(3, 2, (x, y) => [x, y, 0, 255])
    const corner = (orientation: number): number[] => {
      const r = applyOrientation(stored, orientation)
      return [r.width, r.height, ...at(r, 0, 0).slice(0, 2), ...at(r, r.width - 1, 0).slice(0, 2)]
    }
    // size, then which stored pixel is at the top left, then at the top right
    expect(corner(1)).toEqual([3, 2, 0, 0, 2, 0])
    expect(corner(2)).toEqual([3, 2, 2, 0, 0, 0])
    expect(corner(3)).toEqual([3, 2, 2, 1, 0, 1])
    expect(corner(4)).toEqual([3, 2, 0, 1, 2, 1])
    expect(corner(5)).toEqual([2, 3, 0, 0, 0, 1])
    expect(corner(6)).toEqual([2, 3, 0, 1, 0, 0])
    expect(corner(7)).toEqual([2, 3, 2, 1, 2, 0])
    expect(corner(8)).toEqual([2, 3, 2, 0, 2, 1])
  })
})
