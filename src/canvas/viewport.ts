import { clamp, type Rect, type Size } from '@/base/geometry'

/** How the document is seen: `screen = document * zoom + (x, y)`. */
export interface Viewport {
  /** css px per background px. */
  zoom: number
  /** Where the background's top-left corner stands, css px from the canvas' top-left corner. */
  x: number
  y: number
}

export interface Point {
  x: number
  y: number
}

export const MIN_ZOOM = 0.02
export const MAX_ZOOM = 32

/** Zoom levels that the +/- buttons step through. */
const STOPS = [0.02, 0.05, 0.1, 0.25, 0.33, 0.5, 0.67, 0.75, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32]

/** css px in the canvas -> background px. */
export const toDocument = (view: Viewport, point: Point): Point => ({
  x: (point.x - view.x) / view.zoom,
  y: (point.y - view.y) / view.zoom,
})

/** Background px -> css px in the canvas. */
export const toScreen = (view: Viewport, point: Point): Point => ({
  x: point.x * view.zoom + view.x,
  y: point.y * view.zoom + view.y,
})

/** Room that a fitted picture leaves free, css px; the bars float over the lower edge. */
const MARGIN = { side: 28, top: 24, bottom: 74 }

/** The whole of `content`, centred in the part of `screen` that nothing floats over; enlarged at most twice. */
export function fitViewport(content: Size, screen: Size): Viewport {
  const room = {
    width: Math.max(1, screen.width - 2 * MARGIN.side),
    height: Math.max(1, screen.height - MARGIN.top - MARGIN.bottom),
  }
  const fit = Math.min(room.width / content.width, room.height / content.height, 2)
  const zoom = clamp(fit, MIN_ZOOM, MAX_ZOOM)
  const middle = centred(content, { width: screen.width, height: room.height }, zoom)
  return { ...middle, y: middle.y + MARGIN.top }
}

/** `content` centred in `screen` at a given zoom. */
export function centred(content: Size, screen: Size, zoom: number): Viewport {
  return {
    zoom,
    x: Math.round((screen.width - content.width * zoom) / 2),
    y: Math.round((screen.height - content.height * zoom) / 2),
  }
}

/** Changes the zoom while the document point under `anchor` (css px) stays where it is. */
export function zoomAt(view: Viewport, anchor: Point, zoom: number): Viewport {
  const next = clamp(zoom, MIN_ZOOM, MAX_ZOOM)
  const ratio = next / view.zoom
  return { zoom: next, x: anchor.x - (anchor.x - view.x) * ratio, y: anchor.y - (anchor.y - view.y) * ratio }
}

/** The next preset above (`+1`) or below (`-1`) a zoom. */
export function zoomStop(zoom: number, direction: 1 | -1): number {
  if (direction > 0) return STOPS.find((stop) => stop > zoom * 1.001) ?? MAX_ZOOM
  return STOPS.findLast((stop) => stop < zoom * 0.999) ?? MIN_ZOOM
}

/** Keeps at least `keep` css px of the content in sight, so that nobody loses the picture. */
export function keepInSight(view: Viewport, content: Size, screen: Size, keep = 60): Viewport {
  const width = content.width * view.zoom
  const height = content.height * view.zoom
  return {
    zoom: view.zoom,
    x: clamp(
      view.x,
      Math.min(keep, screen.width / 2) - width,
      screen.width - Math.min(keep, screen.width / 2),
    ),
    y: clamp(
      view.y,
      Math.min(keep, screen.height / 2) - height,
      screen.height - Math.min(keep, screen.height / 2),
    ),
  }
}

/** What part of the document is on the screen, background px. */
export function visibleRect(view: Viewport, screen: Size): Rect {
  return {
    x: -view.x / view.zoom,
    y: -view.y / view.zoom,
    width: screen.width / view.zoom,
    height: screen.height / view.zoom,
  }
}
