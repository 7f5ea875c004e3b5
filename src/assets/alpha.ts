import type { Raster, Rect } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { cropRaster } from '@/assets/raster'

/** Alpha from which a pixel counts as something. */
const VISIBLE = 8
/** Cells along the longer side in which regions are found; smaller pictures have a cell per pixel. */
const CELLS = 512
/** A region is dust when it weighs less than this share of the heaviest one. */
const DUST_SHARE = 1 / 1000

/** What is visible of a picture, in two parts. */
export interface Content {
  /** Smallest rectangle (integer pixels) around all that matters; null where nothing is visible. */
  bounds: Rect | null
  /** Rectangles around specks that do not, heaviest first. */
  dust: Rect[]
}

/**
 * Tells what matters in a picture from the dust that cut-out tools leave. Visible pixels (alpha 8 and more) that touch,
 * corners too, are a region; on pictures above 512 px, touching is told by cells of a few pixels, so that a gap of less
 * than a cell does not part anything. A region weighs the sum of its squared alphas: faint smears count little. Regions
 * under a thousandth of the heaviest are dust; a scatter of equals has none. Dust inside the bounds of what matters
 * stays visible, and is still dust.
 */
export function contentOf(r: Raster): Content {
  const { cells, columns, rows, size } = weigh(r)
  const regions = regionsOf(cells, columns, rows)
  const heaviest = regions.reduce((most, { weight }) => Math.max(most, weight), 0)
  const matters = regions.filter(({ weight }) => weight >= heaviest * DUST_SHARE)
  const dust = regions.filter(({ weight }) => weight < heaviest * DUST_SHARE)
  const exact = ({ left, top, right, bottom }: Extent): Rect =>
    tight(r, left * size, top * size, Math.min(r.width, right * size), Math.min(r.height, bottom * size))
  if (matters.length === 0) return { bounds: null, dust: [] }
  const all = matters.reduce((a, b) => ({
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
    weight: a.weight + b.weight,
  }))
  return {
    // The cells' union may hold dust at its rim, within a cell of what matters: no harm.
    bounds: exact(all),
    dust: dust.sort((a, b) => b.weight - a.weight).map(exact),
  }
}

/** `contentOf(r).bounds`. */
export const contentBounds = (r: Raster): Rect | null => contentOf(r).bounds

/** A copy without its dust, which becomes fully transparent; `r` itself where there is none. */
export function withoutDust(r: Raster): Raster {
  const { cells, columns, rows, size } = weigh(r)
  const labels = new Int32Array(columns * rows)
  const regions = regionsOf(cells, columns, rows, labels)
  const heaviest = regions.reduce((most, { weight }) => Math.max(most, weight), 0)
  const isDust = regions.map(({ weight }) => weight < heaviest * DUST_SHARE)
  if (!isDust.includes(true)) return r
  const out = { ...r, data: new Uint8ClampedArray(r.data) }
  for (let y = 0; y < r.height; y++) {
    beat()
    const row = Math.floor(y / size) * columns
    for (let x = 0; x < r.width; x++) {
      const label = labels[row + Math.floor(x / size)]
      if (label > 0 && isDust[label - 1]) out.data.fill(0, (y * r.width + x) * 4, (y * r.width + x) * 4 + 4)
    }
  }
  return out
}

interface Extent {
  /** Cells; right and bottom are exclusive. */
  left: number
  top: number
  right: number
  bottom: number
  weight: number
}

/** Sums of squared alphas of visible pixels, per cell of `size` px. */
function weigh(r: Raster): { cells: Float64Array; columns: number; rows: number; size: number } {
  const size = Math.max(1, Math.ceil(Math.max(r.width, r.height) / CELLS))
  const [columns, rows] = [Math.ceil(r.width / size), Math.ceil(r.height / size)]
  const cells = new Float64Array(columns * rows)
  for (let y = 0; y < r.height; y++) {
    beat()
    const row = Math.floor(y / size) * columns
    for (let x = 0, i = y * r.width * 4 + 3; x < r.width; x++, i += 4) {
      const alpha = r.data[i]
      if (alpha >= VISIBLE) cells[row + Math.floor(x / size)] += alpha * alpha
    }
  }
  return { cells, columns, rows, size }
}

/** Connected cells (eight neighbours); `labels` takes each cell's region, from 1. */
function regionsOf(
  cells: Float64Array,
  columns: number,
  rows: number,
  labels = new Int32Array(columns * rows),
): Extent[] {
  const regions: Extent[] = []
  const stack: number[] = []
  for (let start = 0; start < cells.length; start++) {
    if (cells[start] === 0 || labels[start] > 0) continue
    const region: Extent = { left: columns, top: rows, right: 0, bottom: 0, weight: 0 }
    regions.push(region)
    labels[start] = regions.length
    stack.push(start)
    for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
      const x = cell % columns
      const y = (cell - x) / columns
      region.weight += cells[cell]
      region.left = Math.min(region.left, x)
      region.right = Math.max(region.right, x + 1)
      region.top = Math.min(region.top, y)
      region.bottom = Math.max(region.bottom, y + 1)
      for (let v = Math.max(0, y - 1); v <= Math.min(rows - 1, y + 1); v++)
        for (let u = Math.max(0, x - 1); u <= Math.min(columns - 1, x + 1); u++) {
          const next = v * columns + u
          if (cells[next] === 0 || labels[next] > 0) continue
          labels[next] = regions.length
          stack.push(next)
        }
    }
  }
  return regions
}

/** The smallest rectangle around the visible pixels within [left, right) x [top, bottom), where there are some. */
function tight(r: Raster, left: number, top: number, right: number, bottom: number, least = VISIBLE): Rect {
  const has = (x: number, y: number): boolean => r.data[(y * r.width + x) * 4 + 3] >= least
  const rowHas = (y: number): boolean => {
    for (let x = left; x < right; x++) if (has(x, y)) return true
    return false
  }
  const columnHas = (x: number): boolean => {
    for (let y = top; y < bottom; y++) if (has(x, y)) return true
    return false
  }
  while (top < bottom - 1 && !rowHas(top)) top++
  while (bottom - 1 > top && !rowHas(bottom - 1)) bottom--
  while (left < right - 1 && !columnHas(left)) left++
  while (right - 1 > left && !columnHas(right - 1)) right--
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The smallest rectangle around all that is not fully transparent, the faintest too; null where everything is. */
export function coveredRect(r: Raster): Rect | null {
  const rect = tight(r, 0, 0, r.width, r.height, 1)
  const only = (rect.y * r.width + rect.x) * 4 + 3
  return rect.width * rect.height > 1 || r.data[only] > 0 ? rect : null
}

/** True where every pixel has alpha 255. */
export function isOpaque(r: Raster): boolean {
  const { data } = r
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}

/** What `trimToContent` keeps of a picture in which something is visible; else all of it. */
export const contentRect = (r: Raster): Rect =>
  (isOpaque(r) ? null : contentBounds(r)) ?? { x: 0, y: 0, width: r.width, height: r.height }

/** The part of `r` inside its content bounds, or null where nothing is visible. Pixels are copied unchanged. */
export function trimToContent(r: Raster): Raster | null {
  if (isOpaque(r)) return r
  const bounds = contentBounds(r)
  if (!bounds) return null
  if (bounds.width === r.width && bounds.height === r.height) return r
  return cropRaster(r, bounds)
}
