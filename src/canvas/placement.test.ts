import { describe, expect, it } from 'vitest'

import {
  onGround,
  placedBounds,
  placedRect,
  rectBetween,
  toUnitSquare,
  type Placement,
} from '@/canvas/placement'

const content = { width: 200, height: 100 }
const placement: Placement = {
  box: { x: 10, y: 20, width: 100, height: 100 },
  stretch: false,
  rotationDegrees: 0,
  flipX: false,
}

describe('placement', () => {
  it('stands on the bottom of its box, aspect kept', () => {
    expect(placedRect(content, placement)).toEqual({ x: 10, y: 70, width: 100, height: 50 })
    expect(placedRect(content, { ...placement, stretch: true })).toEqual(placement.box)
  })
  it('finds its bounds when turned', () => {
    const bounds = placedBounds(content, { ...placement, rotationDegrees: 90 })
    expect(bounds.width).toBeCloseTo(50)
    expect(bounds.height).toBeCloseTo(100)
  })
  it('knows where in the picture a point is, turned and mirrored', () => {
    const rect = placedRect(content, placement)
    expect(toUnitSquare({ x: 10, y: 70 }, rect, placement)).toEqual({ x: 0, y: 0 })
    const turned = toUnitSquare({ x: 60, y: 45 }, rect, { ...placement, rotationDegrees: 90 })
    expect(turned.x).toBeCloseTo(0)
    expect(turned.y).toBeCloseTo(0.5)
    expect(toUnitSquare({ x: 10, y: 70 }, rect, { ...placement, flipX: true }).x).toBe(1)
  })
  it('makes rectangles from any two corners', () => {
    expect(rectBetween({ x: 5, y: 9 }, { x: 1, y: 2 })).toEqual({ x: 1, y: 2, width: 4, height: 7 })
  })
})

describe('on the ground', () => {
  const level = () => 40
  it('is half as large half as far below the horizon, and its foot stays for the move', () => {
    // Its foot is at (60, 120), 80 below the horizon.
    const far = onGround(content, placement, { x: 7, y: -40 }, level)
    expect(far.box).toEqual({ x: 35, y: 70, width: 50, height: 50 })
    expect(placedBounds(content, far)).toEqual({ x: 35, y: 95, width: 50, height: 25 })
  })
  it('keeps its size sideways along a level horizon, not along a tilted one', () => {
    expect(onGround(content, placement, { x: 33, y: 0 }, level).box).toEqual(placement.box)
    const tilted = onGround(content, placement, { x: 40, y: 0 }, (x) => x)
    expect(tilted.box.width).toBeCloseTo(100 / 3)
  })
  it('keeps its size where nothing stands: at the horizon and above', () => {
    expect(onGround(content, placement, { x: 0, y: -80 }, level)).toBe(placement)
    expect(onGround(content, placement, { x: 0, y: 10 }, () => 300)).toBe(placement)
  })
})
