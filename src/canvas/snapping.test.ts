import { describe, expect, it } from 'vitest'

import { snapMove, snapResize } from '@/canvas/snapping'

const page = { x: 0, y: 0, width: 100, height: 80 }

describe('snapMove', () => {
  it('aligns the nearest edge or centre on each axis by itself', () => {
    const snap = snapMove({ x: 38, y: 57, width: 20, height: 20 }, [page], 5)
    expect(snap).toMatchObject({ dx: 2, dy: 3 })
    expect(snap.guides).toEqual([
      { axis: 'x', at: 50, from: 0, to: 80 },
      { axis: 'y', at: 80, from: 0, to: 100 },
    ])
  })
  it('leaves what is farther than the distance alone', () => {
    expect(snapMove({ x: 20, y: 20, width: 10, height: 10 }, [page], 4)).toEqual({ dx: 0, dy: 0, guides: [] })
  })
  it('prefers the closest of several targets', () => {
    const other = { x: 33, y: 200, width: 10, height: 10 }
    expect(snapMove({ x: 32, y: 30, width: 7, height: 7 }, [page, other], 8).dx).toBe(1)
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
