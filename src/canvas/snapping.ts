import type { Rect } from '@/base/geometry'

/** How close an edge must come before it snaps, css px; divide by the zoom for document px. */
export const SNAP_DISTANCE = 8

/** A line to draw while something snaps; all in background px. */
export interface Guide {
  axis: 'x' | 'y'
  /** Where the line stands on its axis. */
  at: number
  /** Its extent on the other axis. */
  from: number
  to: number
}

export interface Snap {
  /** What to add to the moving rectangle, background px. */
  dx: number
  dy: number
  guides: Guide[]
}

type Axis = 'x' | 'y'
const near = (r: Rect, axis: Axis) => (axis === 'x' ? r.x : r.y)
const extent = (r: Rect, axis: Axis) => (axis === 'x' ? r.width : r.height)
/** Both edges and the centre of a rectangle on one axis. */
const stops = (r: Rect, axis: Axis) => [0, 0.5, 1].map((part) => near(r, axis) + part * extent(r, axis))

interface Best {
  shift: number
  at: number
  target: Rect
}

function closest(moving: number[], targets: Rect[], axis: Axis, distance: number): Best | null {
  let best: Best | null = null
  for (const target of targets)
    for (const at of stops(target, axis))
      for (const stop of moving) {
        const shift = at - stop
        if (Math.abs(shift) <= distance && (best === null || Math.abs(shift) < Math.abs(best.shift)))
          best = { shift, at, target }
      }
  return best
}

function guide(axis: Axis, best: Best, moved: Rect): Guide {
  const other = axis === 'x' ? 'y' : 'x'
  const ends = [moved, best.target].flatMap((r) => [near(r, other), near(r, other) + extent(r, other)])
  return { axis, at: best.at, from: Math.min(...ends), to: Math.max(...ends) }
}

/**
 * Moves a rectangle by the least shift that aligns one of its edges or its centre with an edge or
 * the centre of a target, on each axis by itself. All in background px.
 */
export function snapMove(moving: Rect, targets: Rect[], distance: number): Snap {
  const x = closest(stops(moving, 'x'), targets, 'x', distance)
  const y = closest(stops(moving, 'y'), targets, 'y', distance)
  const moved = { ...moving, x: moving.x + (x?.shift ?? 0), y: moving.y + (y?.shift ?? 0) }
  const guides = [...(x ? [guide('x', x, moved)] : []), ...(y ? [guide('y', y, moved)] : [])]
  return { dx: x?.shift ?? 0, dy: y?.shift ?? 0, guides }
}

/** Which edges a resize moves: -1 the left or top edge, 1 the right or bottom edge, 0 none. */
export interface MovingEdges {
  x: -1 | 0 | 1
  y: -1 | 0 | 1
}

/**
 * Snaps the moving edges of a rectangle that is being resized; with `keepRatio` the closer axis
 * leads and the other follows about the fixed corner. All in background px.
 */
export function snapResize(
  rect: Rect,
  edges: MovingEdges,
  targets: Rect[],
  distance: number,
  keepRatio: boolean,
): { rect: Rect; guides: Guide[] } {
  const edgeAt = (axis: Axis, side: -1 | 0 | 1) => near(rect, axis) + (side > 0 ? extent(rect, axis) : 0)
  const x = edges.x === 0 ? null : closest([edgeAt('x', edges.x)], targets, 'x', distance)
  const y = edges.y === 0 ? null : closest([edgeAt('y', edges.y)], targets, 'y', distance)
  if (!x && !y) return { rect, guides: [] }
  let width = rect.width + (x ? x.shift * edges.x : 0)
  let height = rect.height + (y ? y.shift * edges.y : 0)
  const xLeads = x !== null && (y === null || Math.abs(x.shift) <= Math.abs(y.shift))
  if (keepRatio && edges.x !== 0 && edges.y !== 0) {
    const ratio = rect.width / rect.height
    if (xLeads) height = width / ratio
    else width = height * ratio
  }
  if (width < 1 || height < 1) return { rect, guides: [] }
  const snapped = {
    x: edges.x < 0 ? rect.x + rect.width - width : rect.x,
    y: edges.y < 0 ? rect.y + rect.height - height : rect.y,
    width,
    height,
  }
  const showX = x !== null && (!keepRatio || xLeads)
  const showY = y !== null && (!keepRatio || !xLeads)
  return {
    rect: snapped,
    guides: [...(showX ? [guide('x', x, snapped)] : []), ...(showY ? [guide('y', y, snapped)] : [])],
  }
}
