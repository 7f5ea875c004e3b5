/**
 * Shadows of foregrounds on other foregrounds: a point of the receiver's front surface at height y lies on the level plane
 * at y, and is hidden where that plane is. Planes are few; what lies between two is mixed of both.
 */
import type { Rect } from '@/base/geometry'
import { clamp } from '@/base/geometry'

import { blur } from './blur'
import type { Camera } from './camera'
import { castBits, hiddenShare, wordsFor } from './cast'
import type { PixelGrid } from './gridMap'
import type { Slope } from './light'
import type { Volume } from './volume'

/** Planes from the ground to the receiver's top. */
const PLANES = 12
/** Blur that hides the planes and the map's grid, as a share of the receiver's longer side. */
const PLANE_BLUR = 1 / 120

/**
 * Share of a light's samples that `casters` hide from the front of `receiver`. [rows, columns]
 * @param box of the receiver in B, px
 */
export function hiddenOn(
  camera: Camera,
  receiver: Volume,
  box: Rect,
  casters: readonly Volume[],
  slopes: readonly Slope[],
  grid: PixelGrid,
): Float32Array {
  const area = grid.rows * grid.columns
  const heights = heightsOf(receiver, box, grid)
  const top = heights.reduce((most, height) => Math.max(most, height), 0)
  const out = new Float32Array(area)
  if (top === 0) return out
  const gap = top / (PLANES - 1)
  for (let plane = 0; plane < PLANES; plane++) {
    const weightOf = (pixel: number): number => 1 - Math.abs(heights[pixel] / gap - plane)
    const rows = rowsWhere(grid, (pixel) => weightOf(pixel) > 0)
    if (!rows) continue
    const strip = { ...grid, y: grid.y + rows.from * grid.step, rows: rows.to - rows.from }
    const hidden = hiddenAt(camera, casters, slopes, strip, plane * gap)
    if (!hidden) continue
    const first = rows.from * grid.columns
    for (const [index, share] of hidden.entries()) {
      const weight = weightOf(first + index)
      if (weight > 0) out[first + index] += weight * share
    }
  }
  blur(out, grid.columns, grid.rows, (Math.max(box.width, box.height) * PLANE_BLUR) / grid.step)
  return out
}

/** The rows from the first to past the last that have such a pixel; null where there is none. */
function rowsWhere(
  { columns, rows }: PixelGrid,
  wanted: (pixel: number) => boolean,
): { from: number; to: number } | null {
  let from = rows
  let to = 0
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      if (wanted(row * columns + column)) {
        from = Math.min(from, row)
        to = row + 1
        break
      }
  return to > 0 ? { from, to } : null
}

function hiddenAt(
  camera: Camera,
  casters: readonly Volume[],
  slopes: readonly Slope[],
  grid: PixelGrid,
  plane: number,
): Float32Array | null {
  const bits = new Uint32Array(wordsFor(slopes.length) * grid.rows * grid.columns)
  for (const volume of casters) castBits(camera, volume, slopes, grid, bits, plane)
  return bits.some((word) => word !== 0) ? hiddenShare(bits, slopes.length, grid.rows * grid.columns) : null
}

/** Height of the front surface in each pixel, in heights of the camera; 0 beside the object. [rows, columns] */
function heightsOf({ columns, rows, corners }: Volume, box: Rect, grid: PixelGrid): Float32Array {
  const heights = new Float32Array(grid.rows * grid.columns)
  const height = (row: number, column: number): number => corners[(row * (columns + 1) + column) * 3 + 1]
  for (let y = 0; y < grid.rows; y++)
    for (let x = 0; x < grid.columns; x++) {
      const column = ((grid.x + (x + 0.5) * grid.step - box.x) / box.width) * columns
      const row = ((grid.y + (y + 0.5) * grid.step - box.y) / box.height) * rows
      if (!(column >= 0 && row >= 0 && column <= columns && row <= rows)) continue
      const c = clamp(Math.floor(column), 0, columns - 1)
      const r = clamp(Math.floor(row), 0, rows - 1)
      const [fx, fy] = [column - c, row - r]
      const upper = height(r, c) * (1 - fx) + height(r, c + 1) * fx
      const lower = height(r + 1, c) * (1 - fx) + height(r + 1, c + 1) * fx
      heights[y * grid.columns + x] = upper * (1 - fy) + lower * fy
    }
  return heights
}
