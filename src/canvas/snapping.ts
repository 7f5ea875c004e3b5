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
const far = (r: Rect, axis: Axis) => near(r, axis) + extent(r, axis)
const otherOf = (axis: Axis): Axis => (axis === 'x' ? 'y' : 'x')
/** Both edges and the centre of a rectangle on one axis. */
const stops = (r: Rect, axis: Axis) => [0, 0.5, 1].map((part) => near(r, axis) + part * extent(r, axis))

/** A shift that aligns something on one axis. */
interface Best {
  shift: number
  /** What shows it, once the rectangle has moved. */
  guides(moved: Rect): Guide[]
}

function closest(moving: number[], targets: Rect[], axis: Axis, distance: number): Best | null {
  let best: Best | null = null
  for (const target of targets)
    for (const at of stops(target, axis))
      for (const stop of moving) {
        const shift = at - stop
        if (Math.abs(shift) <= distance && (best === null || Math.abs(shift) < Math.abs(best.shift)))
          best = { shift, guides: (moved) => [alignment(axis, at, target, moved)] }
      }
  return best
}

function alignment(axis: Axis, at: number, target: Rect, moved: Rect): Guide {
  const other = otherOf(axis)
  const ends = [moved, target].flatMap((r) => [near(r, other), far(r, other)])
  return { axis, at, from: Math.min(...ends), to: Math.max(...ends) }
}

/** Whether two rectangles stand side by side along an axis: they overlap on the other one. */
const beside = (a: Rect, b: Rect, axis: Axis) => {
  const other = otherOf(axis)
  return near(a, other) < far(b, other) && near(b, other) < far(a, other)
}

/** A line across the gap between two rectangles along an axis, where both are on the other one. */
function across(axis: Axis, before: Rect, after: Rect): Guide {
  const other = otherOf(axis)
  const at =
    (Math.max(near(before, other), near(after, other)) + Math.min(far(before, other), far(after, other))) / 2
  return { axis: other, at, from: far(before, axis), to: near(after, axis) }
}

/**
 * The least shift that leaves a rectangle as far from a neighbour as that is from the next one, or in the middle between two.
 * Neighbours stand side by side, and so do all three; null where nothing comes near enough.
 */
function evenGap(moving: Rect, others: Rect[], axis: Axis, distance: number): Best | null {
  const row = others.filter((other) => beside(other, moving, axis))
  let best: Best | null = null
  const offer = (at: number, guides: Best['guides']) => {
    const shift = at - near(moving, axis)
    if (Math.abs(shift) <= distance && (best === null || Math.abs(shift) < Math.abs(best.shift)))
      best = { shift, guides }
  }
  for (const a of row)
    for (const b of row) {
      const gap = near(b, axis) - far(a, axis)
      if (gap <= 0 || !beside(a, b, axis)) continue
      offer(far(b, axis) + gap, (moved) => [across(axis, a, b), across(axis, b, moved)])
      offer(near(a, axis) - gap - extent(moving, axis), (moved) => [
        across(axis, moved, a),
        across(axis, a, b),
      ])
      if (gap > extent(moving, axis))
        offer(far(a, axis) + (gap - extent(moving, axis)) / 2, (moved) => [
          across(axis, a, moved),
          across(axis, moved, b),
        ])
    }
  return best
}

const closer = (a: Best | null, b: Best | null) =>
  a && (b === null || Math.abs(a.shift) <= Math.abs(b.shift)) ? a : b

/** What a moving foreground may snap to, background px. */
export interface SnapTargets {
  /** Edges and centres of these: the background, the other foregrounds. */
  rects: Rect[]
  /** Where gaps may be even: the other foregrounds. */
  others: Rect[]
  /** Row of the horizon; null where it is not level or not known. */
  horizon: number | null
}

/** The horizon as something to align with: no higher than a line, as wide as the picture. */
const horizonOf = ({ rects, horizon }: SnapTargets): Rect[] =>
  horizon === null ? [] : [{ x: rects[0].x, y: horizon, width: rects[0].width, height: 0 }]

/**
 * Moves a rectangle by the least shift that aligns one of its edges or its centre with an edge or the centre of a target or with the
 * horizon, or that makes gaps even, on each axis by itself. All in background px.
 * @param held the axis on which nothing moves
 */
export function snapMove(
  moving: Rect,
  targets: SnapTargets,
  distance: number,
  held: Axis | null = null,
): Snap {
  const on = (axis: Axis, lines: Rect[]) =>
    axis === held
      ? null
      : closer(
          closest(stops(moving, axis), lines, axis, distance),
          evenGap(moving, targets.others, axis, distance),
        )
  const x = on('x', targets.rects)
  const y = on('y', [...targets.rects, ...horizonOf(targets)])
  const moved = { ...moving, x: moving.x + (x?.shift ?? 0), y: moving.y + (y?.shift ?? 0) }
  return { dx: x?.shift ?? 0, dy: y?.shift ?? 0, guides: [x, y].flatMap((best) => best?.guides(moved) ?? []) }
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
    guides: [...(showX ? x.guides(snapped) : []), ...(showY ? y.guides(snapped) : [])],
  }
}
