import { describe, expect, it } from 'vitest'

import { contentBounds, contentOf, isOpaque, trimToContent, withoutDust } from '@/assets/alpha'
import { placeForeground } from '@/assets/paste'
import { at, paint } from '@/assets/testImages'

/** A disc of radius 30 at (60, 70) in 400 x 300, and whatever else. */
const disc = (more: (x: number, y: number) => number = () => 0, width = 400, height = 300) =>
  paint(width, height, (x, y) => [200, 40, 40, Math.hypot(x - 60, y - 70) < 30 ? 255 : more(x, y)])
const DISC = { x: 31, y: 41, width: 59, height: 59 }

describe('contentOf', () => {
  it('finds the bounds of what is visible', () => {
    const r = paint(20, 10, (x, y) => [1, 2, 3, x >= 4 && x < 9 && y === 3 ? 200 : x === 0 ? 7 : 0])
    expect(contentOf(r)).toEqual({ bounds: { x: 4, y: 3, width: 5, height: 1 }, dust: [] })
    expect(trimToContent(r)).toMatchObject({ width: 5, height: 1 })
    const empty = paint(5, 5, () => [255, 255, 255, 0])
    expect([contentBounds(empty), trimToContent(empty), isOpaque(empty)]).toEqual([null, null, false])
    expect(isOpaque(paint(2, 2, () => [0, 0, 0, 255]))).toBe(true)
  })

  it('leaves dust out, faint or solid, near or far', () => {
    const faint = disc((x, y) => (x > 380 && y > 280 ? 9 : 0))
    expect(contentOf(faint)).toEqual({ bounds: DISC, dust: [{ x: 381, y: 281, width: 19, height: 19 }] })
    const solid = disc((x, y) => (x === 399 && y === 0 ? 255 : x === 100 && y === 70 ? 255 : 0))
    expect(contentOf(solid).bounds).toEqual(DISC)
    expect(contentOf(solid).dust).toHaveLength(2)
  })

  it('keeps parts that belong to it: a ball beside, a soft shadow, letters, confetti', () => {
    const ball = disc((x, y) => (Math.hypot(x - 300, y - 200) < 3 ? 255 : 0))
    expect(contentOf(ball).bounds?.width).toBeGreaterThan(260)
    const shadow = disc((x, y) => (x > 40 && x < 200 && y > 110 && y < 118 ? 40 : 0))
    expect(contentOf(shadow).bounds).toMatchObject({ height: 77 })
    const confetti = paint(200, 200, (x, y) => [9, 9, 9, x % 20 < 2 && y % 20 < 2 ? 255 : 0])
    expect(contentOf(confetti)).toMatchObject({ bounds: { x: 0, y: 0, width: 182, height: 182 }, dust: [] })
  })

  it('tells dust from the object on large pictures too, to the pixel', () => {
    const large = paint(3000, 1200, (x, y) => {
      const inside = x >= 1003 && x < 1501 && y >= 207 && y < 911
      return [1, 2, 3, inside ? 255 : x === 2990 && y > 1190 ? 200 : 0]
    })
    expect(contentOf(large)).toEqual({
      bounds: { x: 1003, y: 207, width: 498, height: 704 },
      dust: [{ x: 2990, y: 1191, width: 1, height: 9 }],
    })
  })
})

describe('withoutDust', () => {
  it('takes away dust alone, and nothing where there is none', () => {
    const dusty = disc((x, y) => (x > 380 && y > 280 ? 9 : 0))
    const clean = withoutDust(dusty)
    expect(clean).toEqual({ ...disc(), data: clean.data })
    expect([at(clean, 390, 290), at(clean, 60, 70)]).toEqual([
      [0, 0, 0, 0],
      [200, 40, 40, 255],
    ])
    expect(contentOf(clean)).toEqual({ bounds: DISC, dust: [] })
    expect(withoutDust(clean)).toBe(clean)
  })

  it('does not move what is placed', () => {
    const dusty = disc((x, y) => (x > 380 && y > 280 ? 9 : 0))
    const placement = {
      box: { x: 10, y: 20, width: 100, height: 100 },
      stretch: false,
      rotationDegrees: 0,
      flipX: true,
    }
    const canvas = { width: 200, height: 200 }
    expect(placeForeground(dusty, placement, canvas)).toEqual(placeForeground(disc(), placement, canvas))
  })
})
