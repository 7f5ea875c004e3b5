import { describe, expect, it } from 'vitest'

import type { Rect } from '@/base/geometry'
import { snapMove, snapResize, type SnapTargets } from '@/canvas/snapping'

const page = { x: 0, y: 0, width: 100, height: 80 }
const among = (others: Rect[] = [], horizon: number | null = null): SnapTargets => ({
  rects: [page, ...others],
  others,
  horizon,
})

describe('snapMove', () => {
  it('aligns the nearest edge or centre on each axis by itself', () => {
    const snap = snapMove({ x: 38, y: 57, width: 20, height: 20 }, among(), 5)
    expect(snap).toMatchObject({ dx: 2, dy: 3 })
    expect(snap.guides).toEqual([
      { axis: 'x', at: 50, from: 0, to: 80 },
      { axis: 'y', at: 80, from: 0, to: 100 },
    ])
  })
  it('leaves what is farther than the distance alone', () => {
    expect(snapMove({ x: 20, y: 20, width: 10, height: 10 }, among(), 4)).toEqual({
      dx: 0,
      dy: 0,
      guides: [],
    })
  })
  it('prefers the closest of several targets', () => {
    const other = { x: 33, y: 200, width: 10, height: 10 }
    expect(snapMove({ x: 32, y: 30, width: 7, height: 7 }, among([other]), 8).dx).toBe(1)
  })
})

describe('even gaps', () => {
  const [a, b] = [
    { x: 10, y: 30, width: 10, height: 20 },
    { x: 35, y: 30, width: 10, height: 20 },
  ]
  it('continues a row with the gap that it has', () => {
    const { dx, guides } = snapMove({ x: 58, y: 33, width: 11, height: 9 }, among([a, b]), 3, 'y')
    expect(dx).toBe(2)
    expect(guides).toEqual([
      { axis: 'y', at: 40, from: 20, to: 35 },
      { axis: 'y', at: 37.5, from: 45, to: 60 },
    ])
  })
  it('puts a thing before a row, and in the middle between two', () => {
    expect(snapMove({ x: -12, y: 33, width: 9, height: 9 }, among([a, b]), 3).dx).toBe(-2)
    expect(snapMove({ x: 23.5, y: 33, width: 9, height: 9 }, among([a, b]), 0.6).dx).toBe(-0.5)
  })
  it('sees only what stands beside it', () => {
    expect(snapMove({ x: 57, y: 60, width: 11, height: 9 }, among([a, b]), 2.6).dx).toBe(0)
  })
})

describe('the horizon', () => {
  it('is something that a foot, a middle or a top may stand on', () => {
    const snap = snapMove({ x: 61, y: 22, width: 3, height: 7 }, among([], 30), 3)
    expect(snap).toEqual({ dx: 0, dy: 1, guides: [{ axis: 'y', at: 30, from: 0, to: 100 }] })
  })
  it('holds nothing on an axis that is held', () => {
    expect(snapMove({ x: 61, y: 22, width: 3, height: 7 }, among([], 30), 3, 'y').dy).toBe(0)
  })
})

describe('snapResize', () => {
  it('moves only the edges that are dragged', () => {
    const { rect } = snapResize({ x: 10, y: 10, width: 87, height: 20 }, { x: 1, y: 0 }, [page], 5, false)
    expect(rect).toEqual({ x: 10, y: 10, width: 90, height: 20 })
  })
  it('keeps the aspect about the fixed corner', () => {
    const { rect } = snapResize({ x: 2, y: 20, width: 40, height: 20 }, { x: -1, y: -1 }, [page], 5, true)
    expect(rect).toEqual({ x: 0, y: 19, width: 42, height: 21 })
  })
  it('never turns a rectangle inside out', () => {
    const small = { x: 96, y: 10, width: 3, height: 3 }
    const { rect } = snapResize(small, { x: -1, y: 0 }, [page], 8, false)
    expect(rect.width).toBeGreaterThanOrEqual(1)
  })
})
