/**
 * A foreground as a body in the world: where its front and its back surface stand, told by *foot rows*: the row in which
 * the vertical line through a surface point meets the ground, in the cut-out's own picture.
 */
import type { Rect, Size } from '@/base/geometry'
import { clamp } from '@/base/geometry'

import { pointWithFoot, upright, type Camera } from './camera'

/** Where a cut-out's surfaces stand, as it lies in its box: mirrored, turned and stretched already. */
export interface CutoutFeet {
  /** Cells per side of the maps. */
  size: number
  /** The square that the maps cover, in units of the alpha box's longer side, from the box's top left corner. */
  square: { x: number; y: number; side: number }
  /**
   * Elevation of the front surface's feet above the box's bottom, in units of the longer side; negative where a foot lies
   * below the box. [size, size], row-major, at the cells' centres.
   */
  front: Float32Array
  /** The same of the back surface, which is never nearer: back >= front. [size, size] */
  back: Float32Array
  /** How surely a cell touches the ground, 0..1. [size, size] */
  contact: Float32Array
}

/** All that a network says of a cut-out's shape, and of the camera that it was seen with. */
export interface CutoutGeometry extends CutoutFeet {
  /** Unit normals in a camera that looks at the cut-out's middle: x right, y down, z into the picture. [3, size, size] */
  normals: Float32Array
  /** How far below the horizontal the cut-out's middle is seen, radians. */
  sight: number
  /** That camera's focal length, in units of the box's longer side. */
  focal: number
}

/** A foreground in B: its outline on a grid of its own, and the body behind it. */
export interface Volume {
  columns: number
  rows: number
  /** Share of each cell that the object covers, 0..1. [rows, columns] */
  coverage: Float32Array
  /**
   * World points of the cells' corners, front then back: x, y, z. Corners without an object beside them are not used.
   * [2, rows + 1, columns + 1, 3]
   */
  corners: Float32Array
  /** Highest point of each cell, in heights of the camera. [rows, columns] */
  top: Float32Array
}

/** The outline of a foreground on a small grid: how much of each cell it covers. */
export interface Outline {
  columns: number
  rows: number
  /** [rows, columns], 0..1 */
  coverage: Float32Array
}

/** Cells that the object covers less than this are not part of its body. */
export const LEAST_COVERAGE = 0.05

/**
 * @param box where the alpha box lies in B, px
 * @param lift how far the object hangs above the ground, in heights of the box
 */
export function volumeOf(
  camera: Camera,
  outline: Outline,
  geometry: CutoutFeet,
  box: Rect,
  lift = 0,
): Volume {
  const { columns, rows, coverage } = outline
  const feet = [geometry.front, geometry.back].map((map) => footRows(outline, geometry, map, box, lift))
  const corners = new Float32Array(2 * (rows + 1) * (columns + 1) * 3)
  let at = 0
  for (const surface of feet)
    for (let row = 0; row <= rows; row++)
      for (let column = 0; column <= columns; column++, at += 3) {
        const foot = cornerFoot(surface, outline, row, column)
        if (foot === null) continue
        const u = box.x + (column / columns) * box.width
        const v = box.y + (row / rows) * box.height
        // Feet are told in the picture's rows; with a tilted horizon they turn with it.
        const [uprightU, uprightV] = upright(camera, u, v)
        const point = pointWithFoot(camera, uprightU, uprightV, uprightV + (foot - v))
        corners[at] = point.x
        corners[at + 1] = point.y
        corners[at + 2] = point.z
      }
  return { columns, rows, coverage, corners, top: tops(outline, corners) }
}

/** Foot rows at the outline's cells, px of B. [rows, columns] */
function footRows(
  { columns, rows, coverage }: Outline,
  { size, square }: CutoutFeet,
  map: Float32Array,
  box: Rect,
  lift: number,
): Float32Array {
  const longer = Math.max(box.width, box.height)
  const bottom = box.y + box.height + lift * box.height
  const feet = new Float32Array(columns * rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (coverage[row * columns + column] < LEAST_COVERAGE) continue
      const x = (((column + 0.5) / columns) * box.width) / longer
      const y = (((row + 0.5) / rows) * box.height) / longer
      const toMap = size / square.side
      const elevation = bilinear(map, size, (x - square.x) * toMap - 0.5, (y - square.y) * toMap - 0.5)
      feet[row * columns + column] = bottom - elevation * longer
    }
  return feet
}

/** A map's value between its cells' centres; its border goes on outside. */
export function bilinear(map: Float32Array, size: number, x: number, y: number): number {
  const cx = clamp(x, 0, size - 1)
  const cy = clamp(y, 0, size - 1)
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)]
  const [x1, y1] = [Math.min(size - 1, x0 + 1), Math.min(size - 1, y0 + 1)]
  const [fx, fy] = [cx - x0, cy - y0]
  const top = map[y0 * size + x0] * (1 - fx) + map[y0 * size + x1] * fx
  const bottom = map[y1 * size + x0] * (1 - fx) + map[y1 * size + x1] * fx
  return top * (1 - fy) + bottom * fy
}

/** Mean foot row of the covered cells around a corner; null where there is none. */
function cornerFoot(feet: Float32Array, outline: Outline, row: number, column: number): number | null {
  const { columns, rows, coverage } = outline
  let sum = 0
  let count = 0
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row); y++)
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column); x++) {
      if (coverage[y * columns + x] < LEAST_COVERAGE) continue
      sum += feet[y * columns + x]
      count++
    }
  return count > 0 ? sum / count : null
}

function tops({ columns, rows, coverage }: Outline, corners: Float32Array): Float32Array {
  const top = new Float32Array(columns * rows)
  for (let cell = 0; cell < top.length; cell++) {
    if (coverage[cell] < LEAST_COVERAGE) continue
    for (const corner of cellCorners({ columns, rows }, cell))
      top[cell] = Math.max(top[cell], corners[corner * 3 + 1])
  }
  return top
}

/** The eight corners of a cell's body: front left top, right top, right bottom, left bottom, then the same of the back. */
export function cellCorners({ columns, rows }: Pick<Outline, 'columns' | 'rows'>, cell: number): number[] {
  const row = Math.floor(cell / columns)
  const first = row * (columns + 1) + (cell - row * columns)
  const face = [first, first + 1, first + columns + 2, first + columns + 1]
  const surface = (rows + 1) * (columns + 1)
  return [...face, ...face.map((corner) => corner + surface)]
}

/** How many cells an outline has whose longer side has `cells`. */
export function gridFor({ width, height }: Size, cells: number): { columns: number; rows: number } {
  const scale = cells / Math.max(width, height)
  return { columns: Math.max(1, Math.round(width * scale)), rows: Math.max(1, Math.round(height * scale)) }
}
