/** Strokes of a round brush on a mask. */
import { clamp, intersect, type Mask, type Rect } from '@/base/geometry'

import { inverted, resized } from '@/assets/mask'

/** One place of a brush on its way, cells. */
export interface BrushPoint {
  x: number
  y: number
  radius: number
}

/**
 * Draws the way from one point to the next into a stroke, in place. A cell keeps the most that the brush has ever covered
 * of it, so that going over a place twice does not harden its edge.
 * @param hardness share of the radius that is fully covered, 0..1
 * @returns the cells that may have changed; null where the way lies outside
 */
export function paintLine(stroke: Mask, from: BrushPoint, to: BrushPoint, hardness: number): Rect | null {
  const reach = Math.max(from.radius, to.radius) + 1
  const left = Math.floor(Math.min(from.x, to.x) - reach)
  const top = Math.floor(Math.min(from.y, to.y) - reach)
  const right = Math.ceil(Math.max(from.x, to.x) + reach)
  const bottom = Math.ceil(Math.max(from.y, to.y) + reach)
  const touched = intersect(
    { x: left, y: top, width: right - left, height: bottom - top },
    { x: 0, y: 0, width: stroke.width, height: stroke.height },
  )
  if (!touched) return null
  for (let y = touched.y; y < touched.y + touched.height; y++)
    for (let x = touched.x; x < touched.x + touched.width; x++) {
      const cell = y * stroke.width + x
      const covered = 255 * coverage(from, to, hardness, x + 0.5, y + 0.5)
      if (covered > stroke.values[cell]) stroke.values[cell] = covered
    }
  return touched
}

/** How much of a place the brush covers on its way, 0..1: all of its core, less and less towards its rim. */
function coverage(from: BrushPoint, to: BrushPoint, hardness: number, x: number, y: number): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 1 : clamp(((x - from.x) * dx + (y - from.y) * dy) / length, 0, 1)
  const radius = from.radius + (to.radius - from.radius) * along
  const [aside, below] = [x - from.x - along * dx, y - from.y - along * dy]
  const distance = Math.sqrt(aside * aside + below * below)
  // The hardest edge is still a cell wide: it has no stairs.
  const fall = Math.max(1, (1 - hardness) * radius)
  const share = clamp((radius + 0.5 - distance) / fall, 0, 1)
  return share * share * (3 - 2 * share)
}

/** A mask with a stroke put on it, or taken away from it, as another mask. */
export function withStroke(mask: Mask, stroke: Mask, erase: boolean): Mask {
  const { values } = resized(stroke, mask)
  return {
    ...mask,
    values: mask.values.map((value, cell) => strokeOver(value, values[cell], erase)),
  }
}

/** One cell of that, 0..255. */
export const strokeOver = (value: number, stroke: number, erase: boolean): number =>
  erase ? Math.round((value * (255 - stroke)) / 255) : Math.max(value, stroke)

/** What two masks cover one after the other, of the first one's size. */
export const bothOf = (mask: Mask, other: Mask): Mask => inverted(withStroke(inverted(mask), other, true))
