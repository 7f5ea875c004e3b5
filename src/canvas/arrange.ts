import type { Rect, Size } from '@/base/geometry'
import type { Point } from '@/canvas/viewport'

export const SIDES = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const
export type Side = (typeof SIDES)[number]

/** How far a rectangle must move so that a side or the middle of it lies on the picture's; background px. */
export function alignedBy({ x, y, width, height }: Rect, side: Side, picture: Size): Point {
  switch (side) {
    case 'left':
      return { x: -x, y: 0 }
    case 'centre':
      return { x: (picture.width - width) / 2 - x, y: 0 }
    case 'right':
      return { x: picture.width - width - x, y: 0 }
    case 'top':
      return { x: 0, y: -y }
    case 'middle':
      return { x: 0, y: (picture.height - height) / 2 - y }
    case 'bottom':
      return { x: 0, y: picture.height - height - y }
  }
}

/**
 * How far each of some rectangles must move along an axis so that the gaps between them, or their overlaps, are the same: the first
 * and the last stay. In the order given; all 0 for fewer than three. Background px.
 */
export function distributedBy(rects: readonly Rect[], axis: 'x' | 'y'): number[] {
  const near = (rect: Rect) => rect[axis]
  const extent = (rect: Rect) => (axis === 'x' ? rect.width : rect.height)
  const order = rects
    .map((_, i) => i)
    .sort((a, b) => near(rects[a]) + extent(rects[a]) / 2 - near(rects[b]) - extent(rects[b]) / 2)
  const shifts = rects.map(() => 0)
  if (rects.length < 3) return shifts
  const first = rects[order[0]]
  const last = rects[order[order.length - 1]]
  const filled = rects.reduce((sum, rect) => sum + extent(rect), 0)
  const gap = (near(last) + extent(last) - near(first) - filled) / (rects.length - 1)
  let at = near(first)
  for (const i of order) {
    shifts[i] = at - near(rects[i])
    at += extent(rects[i]) + gap
  }
  return shifts
}
