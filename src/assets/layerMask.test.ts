import { describe, expect, it } from 'vitest'

import { maskAsLying, strokeOnLayer, type Lying } from '@/assets/layerMask'
import { blankMask, maskOf, rasterOf } from '@/assets/mask'
import { placeForeground } from '@/assets/paste'
import type { Mask } from '@/base/geometry'
import { fitInBox } from '@/base/geometry'

const MADE = { width: 120, height: 90 }

/** Smooth, and another in every corner. */
const painted: Mask = {
  width: 40,
  height: 60,
  values: Uint8Array.from({ length: 2400 }, (_, cell) => ((cell % 40) / 39) * 150 + (cell / 2400) * 100),
}

const lyingAt = (rotationDegrees: number, flipX: boolean): Lying => ({
  picture: painted,
  content: { x: 0, y: 0, width: 40, height: 60 },
  fitted: fitInBox(painted, { x: 30, y: 10, width: 50, height: 70 }, true),
  rotationDegrees,
  flipX,
})

const CASES = [
  [0, false],
  [0, true],
  [30, false],
  [-75, true],
] as const

describe.each(CASES)('a mask on a layer turned by %i°, mirrored: %s', (rotationDegrees, flipX) => {
  const lying = lyingAt(rotationDegrees, flipX)

  it('lies where the layer’s own pixels do', () => {
    // The mask as a picture, placed as the layer is.
    const placement = { box: lying.fitted, stretch: true, rotationDegrees, flipX }
    const placed = placeForeground(rasterOf(painted), placement, MADE)
    const mask = maskAsLying(painted, lying, placed.rect, placed.rect)
    const wanted = maskOf(placed.image)
    let compared = 0
    for (const [cell, value] of mask.values.entries()) {
      if (placed.image.data[4 * cell + 3] < 255) continue
      compared++
      expect(Math.abs(value - wanted.values[cell])).toBeLessThanOrEqual(4)
    }
    expect(compared).toBeGreaterThan(2000)
  })

  it('is painted where the stroke was, and nowhere else', () => {
    const stroke = blankMask(MADE)
    for (let y = 30; y < 50; y++) stroke.values.fill(255, y * MADE.width + 45, y * MADE.width + 65)
    const on = strokeOnLayer(stroke, lying, MADE, { width: 160, height: 240 })
    const back = maskAsLying(on, lying, { x: 0, y: 0, ...MADE }, MADE, 0)
    for (const [x, y, value] of [
      [55, 40, 255],
      [48, 33, 255],
      [55, 25, 0],
      [42, 40, 0],
      [68, 40, 0],
    ] as const)
      expect(Math.abs(back.values[y * MADE.width + x] - value)).toBeLessThan(20)
    // Around the layer nothing is hidden.
    expect(back.values[5 * MADE.width + 3]).toBe(255)
  })
})

it('takes a cut-out’s place from what is visible of it', () => {
  const picture = { width: 100, height: 100 }
  const content = { x: 50, y: 0, width: 50, height: 100 }
  const mask: Mask = {
    width: 100,
    height: 1,
    values: Uint8Array.from({ length: 100 }, (_, x) => (x < 75 ? 0 : 255)),
  }
  const fitted = { x: 0, y: 0, width: 50, height: 90 }
  const lying = { picture, content, fitted, rotationDegrees: 0, flipX: false }
  const { values } = maskAsLying(mask, lying, { x: 0, y: 0, width: 50, height: 1 }, { width: 50, height: 1 })
  expect([values[10], values[40]]).toEqual([0, 255])
})
