/** Numbers on a grid over the picture, and how they are read at the picture's own pixels. */
import type { Rect } from '@/base/geometry'

/** Pixels of B at whose centres something is computed: `columns` x `rows` of side `step` px from (x, y). */
export interface PixelGrid {
  x: number
  y: number
  columns: number
  rows: number
  step: number
}

export interface GridMap {
  grid: PixelGrid
  /** [rows, columns] */
  values: Float32Array
}

/** A grid of whole pixels over a region, or of larger cells where there would be too many. */
export function gridOver({ x, y, width, height }: Rect, largest: number): PixelGrid {
  const step = Math.max(1, Math.max(width, height) / largest)
  return { x, y, columns: Math.ceil(width / step), rows: Math.ceil(height / step), step }
}

/**
 * A map's values at the centres of a row of pixels that begins at (x, y), between the grid's cells; beyond the grid
 * everything is 0.
 * @returns whether any of them may differ from 0
 */
export function readRow({ grid, values }: GridMap, x: number, y: number, line: Float32Array): boolean {
  const { columns, rows, step } = grid
  const row = (y + 0.5 - grid.y) / step - 0.5
  const r0 = Math.floor(row)
  if (r0 < -1 || r0 >= rows) return false
  const fy = row - r0
  const value = (r: number, c: number): number =>
    r < 0 || r >= rows || c < 0 || c >= columns ? 0 : values[r * columns + c]
  line.fill(0)
  const first = Math.max(0, Math.floor(grid.x - step - x))
  const last = Math.min(line.length - 1, Math.ceil(grid.x + (columns + 1) * step - x))
  for (let i = first; i <= last; i++) {
    const column = (x + i + 0.5 - grid.x) / step - 0.5
    const c0 = Math.floor(column)
    const fx = column - c0
    const upper = value(r0, c0) * (1 - fx) + value(r0, c0 + 1) * fx
    const lower = value(r0 + 1, c0) * (1 - fx) + value(r0 + 1, c0 + 1) * fx
    line[i] = upper * (1 - fy) + lower * fy
  }
  return true
}
