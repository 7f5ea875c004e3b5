import { fitInBox, rotatedBounds, type Rect, type Size } from '@/base/geometry'
import type { Point } from '@/canvas/viewport'

/** How a foreground stands in the document: what the tools change and the document keeps. */
export interface Placement {
  /** Where the alpha bounding box goes, background px, before rotation. */
  box: Rect
  stretch: boolean
  /** Clockwise, about the centre of the placed rectangle. */
  rotationDegrees: number
  flipX: boolean
}

/** The rectangle that a foreground's visible content fills, background px, before rotation. */
export const placedRect = (content: Size, placement: Placement): Rect =>
  fitInBox(content, placement.box, placement.stretch)

/** Axis-aligned bounds of the placed and turned foreground, background px. */
export const placedBounds = (content: Size, placement: Placement): Rect =>
  rotatedBounds(placedRect(content, placement), placement.rotationDegrees)

/** How much a move may change a size. */
const LARGEST_CHANGE = 20

/**
 * The size that a foreground takes where it is moved along the ground: in proportion to how far its foot, the middle of its lower
 * edge, is below the horizon. Unchanged where the foot is at or above the horizon, before or after.
 * @param by how far it is moved, background px
 * @param horizon row of the horizon at a column, background px
 * @returns the placement at its old place: its foot stays
 */
export function onGround(
  content: Size,
  placement: Placement,
  by: Point,
  horizon: (column: number) => number,
): Placement {
  const { x, y, width, height } = placedBounds(content, placement)
  const foot = { x: x + width / 2, y: y + height }
  const before = foot.y - horizon(foot.x)
  const after = foot.y + by.y - horizon(foot.x + by.x)
  if (before <= 0 || after <= 0) return placement
  const scale = Math.min(LARGEST_CHANGE, Math.max(1 / LARGEST_CHANGE, after / before))
  const { box } = placement
  return {
    ...placement,
    box: {
      x: foot.x + (box.x - foot.x) * scale,
      y: foot.y + (box.y - foot.y) * scale,
      width: box.width * scale,
      height: box.height * scale,
    },
  }
}

/** A point of the background (background px) in the unit square of the placed foreground. */
export function toUnitSquare(point: Point, rect: Rect, placement: Placement): Point {
  const angle = (-placement.rotationDegrees * Math.PI) / 180
  const dx = point.x - (rect.x + rect.width / 2)
  const dy = point.y - (rect.y + rect.height / 2)
  const u = (dx * Math.cos(angle) - dy * Math.sin(angle)) / rect.width + 0.5
  const v = (dx * Math.sin(angle) + dy * Math.cos(angle)) / rect.height + 0.5
  return { x: placement.flipX ? 1 - u : u, y: v }
}

/** The rectangle between two corners, in the units of the corners. */
export const rectBetween = (a: Point, b: Point): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
})
