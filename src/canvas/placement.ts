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
