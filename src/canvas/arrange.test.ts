import { describe, expect, it } from 'vitest'

import { alignedBy, distributedBy, SIDES } from '@/canvas/arrange'

const picture = { width: 200, height: 100 }
const rect = { x: 30, y: 20, width: 40, height: 30 }

describe('arranging', () => {
  it('aligns each side and the middles with those of the picture', () => {
    expect(SIDES.map((side) => alignedBy(rect, side, picture))).toEqual([
      { x: -30, y: 0 },
      { x: 50, y: 0 },
      { x: 130, y: 0 },
      { x: 0, y: -20 },
      { x: 0, y: 15 },
      { x: 0, y: 50 },
    ])
  })
  it('makes gaps even between the outermost, whatever the order', () => {
    const row = [
      { ...rect, x: 150, width: 50 },
      { ...rect, x: 0, width: 20 },
      { ...rect, x: 25, width: 30 },
    ]
    // 200 px hold 100 px of things and two gaps of 50.
    expect(distributedBy(row, 'x')).toEqual([0, 0, 45])
  })
  it('makes overlaps even where there is no room', () => {
    const heap = [0, 1, 20].map((y) => ({ ...rect, y }))
    expect(distributedBy(heap, 'y')).toEqual([0, 9, 0])
  })
  it('leaves two alone', () => {
    expect(distributedBy([rect, rect], 'x')).toEqual([0, 0])
  })
})
