/** Tone: a smooth affine of linear colour, one per cell of a coarse grid over the object's box. */
import type { PlacedRaster } from '@/assets/paste'
import { clamp, type Raster } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { LINEAR, quicklyEncoded } from '@/base/srgb'

/** Affines of linear colour at the cells' middles, spread over an object's box. */
export interface ToneGrid {
  columns: number
  rows: number
  /** Each row maps red, green, blue, 1 to one channel. [rows, columns, 3, 4] */
  affines: Float32Array
}

/** Numbers of an affine. */
const AFFINE = 12

/** An object in another tone: `amount` of the way from its own; its alpha stays. */
export function withTone(placed: PlacedRaster, grid: ToneGrid, amount: number): PlacedRaster {
  if (amount <= 0) return placed
  const { rect, image, contentRect } = placed
  const out: Raster = { ...image, data: image.data.slice() }
  const { data, width, height } = out
  const affine = grid.affines.slice(0, AFFINE)
  const even = grid.columns * grid.rows === 1
  for (let y = 0; y < height; y++) {
    beat()
    const row = ((rect.y + y + 0.5 - contentRect.y) / contentRect.height) * grid.rows - 0.5
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      if (data[at + 3] === 0) continue
      const column = ((rect.x + x + 0.5 - contentRect.x) / contentRect.width) * grid.columns - 0.5
      if (!even) affineAt(grid, column, row, affine)
      const [r, g, b] = [LINEAR[data[at]], LINEAR[data[at + 1]], LINEAR[data[at + 2]]]
      for (let c = 0; c < 3; c++) {
        const own = LINEAR[data[at + c]]
        const toned = affine[4 * c] * r + affine[4 * c + 1] * g + affine[4 * c + 2] * b + affine[4 * c + 3]
        data[at + c] = 255 * quicklyEncoded(Math.max(0, own + amount * (toned - own)))
      }
    }
  }
  return { ...placed, image: out }
}

/** The affine between cells' middles; slopes are level at them, so that no grid is seen, and the outer ones go on. */
function affineAt({ columns, rows, affines }: ToneGrid, column: number, row: number, into: Float32Array) {
  const [x, y] = [clamp(column, 0, columns - 1), clamp(row, 0, rows - 1)]
  const [x0, y0] = [Math.floor(x), Math.floor(y)]
  const [x1, y1] = [Math.min(columns - 1, x0 + 1), Math.min(rows - 1, y0 + 1)]
  const [fx, fy] = [smooth(x - x0), smooth(y - y0)]
  for (let k = 0; k < AFFINE; k++) {
    const value = (r: number, c: number) => affines[(r * columns + c) * AFFINE + k]
    const upper = value(y0, x0) + (value(y0, x1) - value(y0, x0)) * fx
    const lower = value(y1, x0) + (value(y1, x1) - value(y1, x0)) * fx
    into[k] = upper + (lower - upper) * fy
  }
}

const smooth = (t: number): number => t * t * (3 - 2 * t)
