/**
 * Which samples of a light a body hides from the pixels of a level surface: one bit a sample, so that what several cells
 * hide of the same sample counts once, in whatever order they come.
 *
 * Everything between a body's front and back shades. A cell's shadow is the hull of its eight corners' shadows;
 * neighbours share corners, so that no light leaks between them.
 */
import type { Rect, Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { depthOf, tilted, type Camera } from './camera'
import type { PixelGrid } from './gridMap'
import type { Slope } from './light'
import { cellCorners, LEAST_COVERAGE, type Volume } from './volume'

/** Pairs of a cell's corners that are joined by an edge, one after the other; see `cellCorners`. */
const FRONT = Uint8Array.of(0, 1, 1, 2, 2, 3, 3, 0)
const BACK = Uint8Array.of(4, 5, 5, 6, 6, 7, 7, 4)
const SIDES = Uint8Array.of(0, 4, 1, 5, 2, 6, 3, 7)
const WHOLE = Uint8Array.of(...FRONT, ...BACK, ...SIDES)

/** Shadows are cut off this near to the camera's plane, in heights of the camera; there they are far below the picture. */
export const NEAR = 0.05

/** Words of 32 samples. */
export const wordsFor = (samples: number): number => Math.ceil(samples / 32)

/**
 * How far apart, in pixels of the grid, neighbouring samples of a light draw the same edge: what the shadow must be blurred by
 * so that no single sample shows. Its sum and the count of what was added. [rows, columns]
 */
export interface Spread {
  sum: Float32Array
  count: Float32Array
}

/** Parts of a body by their height, in heights of the camera: above `over`, up to `upTo`. */
export interface Band {
  over: number
  upTo: number
}

/**
 * Adds what `volume` hides to `bits`.
 * @param plane height of the level surface that receives the shadow, in heights of the camera; 0 is the ground. Parts of
 * the body below it cast nothing
 * @param bits [words, rows, columns]; sample k is bit k % 32 of word k / 32
 * @param spread adds up, over all that falls on a pixel, how far apart neighbouring samples draw the same edge
 * @param band the parts of the body that cast; null: all
 */
export function castBits(
  camera: Camera,
  volume: Volume,
  slopes: readonly Slope[],
  grid: PixelGrid,
  bits: Uint32Array,
  plane = 0,
  spread: Spread | null = null,
  band: Band | null = null,
): void {
  const area = grid.rows * grid.columns
  const thresholds = slopes.map((_, sample) => thresholdOf(sample, slopes.length))
  const between = (spreadOf(slopes) * camera.focal) / Math.sqrt(slopes.length) / grid.step
  forEachShadow(
    camera,
    volume,
    slopes,
    grid,
    plane,
    band,
    (sample, { coverage, height, distance }, spans) => {
      if (coverage < thresholds[sample]) return
      const bit = 1 << (sample & 31)
      const word = (sample >> 5) * area
      const pixels = (between * height) / distance
      for (let row = spans.first; row <= spans.last; row++) {
        const end = row * grid.columns + spans.end(row, grid.columns)
        for (let at = row * grid.columns + spans.start(row); at < end; at++) {
          bits[word + at] |= bit
          if (!spread) continue
          spread.sum[at] += pixels
          spread.count[at]++
        }
      }
    },
  )
}

/** The whole pixels of a picture that shadows may reach; null where they reach none. */
export function shadowRegion(
  camera: Camera,
  volumes: readonly Volume[],
  slopes: readonly Slope[],
  picture: Size,
): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  const pixels = { x: 0, y: 0, columns: picture.width, rows: picture.height, step: 1 }
  for (const volume of volumes) {
    const used = cornersOf(casters(camera, volume, 0))
    const shadow = new ShadowPoints(camera, volume, used, pixels, 0)
    for (const slope of slopes) {
      shadow.move(slope)
      for (const corner of used) {
        const [column, row] = shadow.at(corner)
        left = Math.min(left, column)
        right = Math.max(right, column)
        top = Math.min(top, row)
        bottom = Math.max(bottom, row)
      }
    }
  }
  const x = Math.max(0, Math.floor(left) - 2)
  const y = Math.max(0, Math.floor(top) - 2)
  const width = Math.min(picture.width, Math.ceil(right) + 3) - x
  const height = Math.min(picture.height, Math.ceil(bottom) + 3) - y
  return width > 0 && height > 0 ? { x, y, width, height } : null
}

/** Diameter of a light's slopes: how far a point one unit high throws the two sides of its penumbra apart. */
function spreadOf(slopes: readonly Slope[]): number {
  const middle = slopes.reduce((sum, { x, z }) => ({ x: sum.x + x, z: sum.z + z }), { x: 0, z: 0 })
  const [x, z] = [middle.x / slopes.length, middle.z / slopes.length]
  return 2 * Math.max(0, ...slopes.map((slope) => Math.hypot(slope.x - x, slope.z - z)))
}

/** Calls `visit` for every cell that can cast a shadow and every sample, with what the shadow covers. */
function forEachShadow(
  camera: Camera,
  volume: Volume,
  slopes: readonly Slope[],
  grid: PixelGrid,
  plane: number,
  band: Band | null,
  visit: (sample: number, caster: Caster, spans: Spans) => void,
): void {
  const cells = casters(camera, volume, plane).filter(
    ({ height }) => !band || (height > band.over && height <= band.upTo),
  )
  if (cells.length === 0) return
  const shadow = new ShadowPoints(camera, volume, cornersOf(cells), grid, plane)
  const spans = new Spans(grid.rows)
  for (const [sample, slope] of slopes.entries()) {
    beat()
    shadow.move(slope)
    for (const caster of cells) {
      spans.clear()
      const { corners, edges } = caster
      for (let edge = 0; edge < edges.length; edge += 2)
        shadow.edge(corners[edges[edge]], corners[edges[edge + 1]], spans)
      visit(sample, caster, spans)
    }
  }
}

/** Share of hidden samples, 0..1. [rows, columns] */
export function hiddenShare(bits: Uint32Array, samples: number, area: number): Float32Array {
  const share = new Float32Array(area)
  for (let word = 0; word < wordsFor(samples); word++)
    for (let pixel = 0; pixel < area; pixel++) share[pixel] += ones(bits[word * area + pixel])
  for (let pixel = 0; pixel < area; pixel++) share[pixel] /= samples
  return share
}

/**
 * A cell that is covered in part hides a part of the samples: those whose threshold its coverage reaches. Thresholds are
 * spread over 0..1 in an order that has nothing to do with the samples' places.
 */
export const thresholdOf = (sample: number, samples: number): number =>
  LEAST_COVERAGE + (1 - LEAST_COVERAGE) * (((sample * 0.7548776662466927) % 1) * (1 - 1 / (4 * samples)))

/** A convex piece of a body. */
interface Caster {
  /** Of its cell. */
  corners: number[]
  /** Pairs of them. */
  edges: Uint8Array
  coverage: number
  /** Of its highest point, in heights of the camera. */
  height: number
  /** Of its first corner from the camera, along the camera's axis. */
  distance: number
}

/**
 * What light must pass to reach the plane. A body's shadow is that of its surface: cells at the outline cast whole, with
 * the walls between front and back, the others only by their two faces, which is far less to draw.
 */
function casters(camera: Camera, volume: Volume, plane: number): Caster[] {
  const found: Caster[] = []
  for (const [cell, coverage] of volume.coverage.entries()) {
    const height = volume.top[cell]
    if (coverage < LEAST_COVERAGE || height <= plane) continue
    const corners = cellCorners(volume, cell)
    const z = volume.corners[3 * corners[0] + 2]
    const distance = Math.max(NEAR, depthOf(camera, 0, z))
    for (const edges of isInside(volume, cell, plane) ? [FRONT, BACK] : [WHOLE])
      found.push({ corners, edges, coverage, height, distance })
  }
  return found
}

const cornersOf = (cells: readonly Caster[]): Uint32Array =>
  Uint32Array.from(new Set(cells.flatMap(({ corners }) => corners)))

/** Whether all four neighbours of a cell are covered whole and cast too. */
function isInside({ columns, rows, coverage, top }: Volume, cell: number, plane: number): boolean {
  const column = cell % columns
  const row = Math.floor(cell / columns)
  if (column === 0 || row === 0 || column === columns - 1 || row === rows - 1) return false
  return [cell - 1, cell + 1, cell - columns, cell + columns].every(
    (other) => coverage[other] > 0.999 && top[other] > plane,
  )
}

/** Shadows of the corners that a body's casters use, for one sample, in the grid's pixels. */
class ShadowPoints {
  private readonly camera: Camera
  private readonly volume: Volume
  private readonly used: Uint32Array
  private readonly grid: PixelGrid
  private readonly plane: number
  /** On the plane: x, z. Then in the grid: column, row (pixel centres at whole numbers), where they are far enough. */
  private readonly x: Float64Array
  private readonly z: Float64Array
  private readonly column: Float64Array
  private readonly row: Float64Array
  private readonly depth: Float64Array

  constructor(camera: Camera, volume: Volume, used: Uint32Array, grid: PixelGrid, plane: number) {
    this.camera = camera
    this.volume = volume
    this.used = used
    this.grid = grid
    this.plane = plane
    const count = volume.corners.length / 3
    this.x = new Float64Array(count)
    this.z = new Float64Array(count)
    this.column = new Float64Array(count)
    this.row = new Float64Array(count)
    this.depth = new Float64Array(count)
  }

  move(slope: Slope): void {
    const { corners } = this.volume
    for (const corner of this.used) {
      const above = Math.max(0, corners[3 * corner + 1] - this.plane)
      this.x[corner] = corners[3 * corner] - above * slope.x
      this.z[corner] = corners[3 * corner + 2] - above * slope.z
      this.depth[corner] = depthOf(this.camera, this.plane, this.z[corner])
      if (this.depth[corner] < NEAR) continue
      const [column, row] = this.place(this.x[corner], this.z[corner])
      this.column[corner] = column
      this.row[corner] = row
    }
  }

  /** Where a corner's shadow lies; what is behind the camera, at its plane. */
  at(corner: number): [column: number, row: number] {
    if (this.depth[corner] >= NEAR) return [this.column[corner], this.row[corner]]
    const [x, z] = [this.x[corner], this.z[corner]]
    // The point of the camera's plane below it, moved just into view.
    return this.place(x, z + (NEAR - this.depth[corner]) / this.camera.cos)
  }

  /** Widens the spans by the edge between two corners' shadows. */
  edge(a: number, b: number, span: Spans): void {
    const { depth, column, row } = this
    if (depth[a] >= NEAR && depth[b] >= NEAR) {
      if (row[a] < row[b]) span.line(column[a], row[a], column[b], row[b])
      else span.line(column[b], row[b], column[a], row[a])
      return
    }
    if (depth[a] < NEAR && depth[b] < NEAR) return
    const [front, behind] = depth[a] >= NEAR ? [a, b] : [b, a]
    const share = (depth[front] - NEAR) / (depth[front] - depth[behind])
    const x = this.x[front] + share * (this.x[behind] - this.x[front])
    const z = this.z[front] + share * (this.z[behind] - this.z[front])
    const [cutColumn, cutRow] = this.place(x, z)
    if (row[front] < cutRow) span.line(column[front], row[front], cutColumn, cutRow)
    else span.line(cutColumn, cutRow, column[front], row[front])
  }

  private place(x: number, z: number): [column: number, row: number] {
    const { camera, plane, grid } = this
    const depth = depthOf(camera, plane, z)
    const [u, v] = tilted(
      camera,
      camera.cx + (camera.focal * x) / depth,
      camera.cy + (camera.focal * ((1 - plane) * camera.cos - z * camera.sin)) / depth,
    )
    return [(u - grid.x) / grid.step - 0.5, (v - grid.y) / grid.step - 0.5]
  }
}

/** The columns that a shape covers in each row. */
class Spans {
  readonly from: Float64Array
  readonly to: Float64Array
  readonly rows: number
  first = 0
  last = -1

  constructor(rows: number) {
    this.rows = rows
    this.from = new Float64Array(rows)
    this.to = new Float64Array(rows)
    this.clear()
  }

  clear(): void {
    this.first = this.rows
    this.last = -1
  }

  /** First column of a row, of those whose centres lie inside. */
  start(row: number): number {
    return Math.max(0, Math.ceil(this.from[row]))
  }

  /** The column after the last. */
  end(row: number, columns: number): number {
    return Math.min(columns, Math.floor(this.to[row]) + 1)
  }

  /** Widens the shape by an edge whose first end is the upper one. */
  line(x0: number, y0: number, x1: number, y1: number): void {
    const top = Math.max(0, Math.ceil(y0))
    const bottom = Math.min(this.rows - 1, Math.floor(y1))
    if (top > bottom) return
    this.reach(top, bottom)
    const slope = y1 > y0 ? (x1 - x0) / (y1 - y0) : 0
    for (let y = top; y <= bottom; y++) {
      const x = x0 + slope * (y - y0)
      if (x < this.from[y]) this.from[y] = x
      if (x > this.to[y]) this.to[y] = x
    }
    // A level edge on a row of pixels covers all of it.
    if (y1 === y0) {
      this.from[top] = Math.min(this.from[top], x1)
      this.to[top] = Math.max(this.to[top], x1)
    }
  }

  /** Rows that were not part of the shape until now begin empty. */
  private reach(top: number, bottom: number): void {
    if (this.last < this.first) {
      this.empty(top, bottom)
      this.first = top
      this.last = bottom
      return
    }
    if (top < this.first) {
      this.empty(top, this.first - 1)
      this.first = top
    }
    if (bottom > this.last) {
      this.empty(this.last + 1, bottom)
      this.last = bottom
    }
  }

  private empty(top: number, bottom: number): void {
    // Most shapes have a few rows: a loop is faster than fill.
    for (let row = top; row <= bottom; row++) {
      this.from[row] = Infinity
      this.to[row] = -Infinity
    }
  }
}

/** Number of ones in 32 bits. */
function ones(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
