/**
 * The definition of a cast shadow, slow and in f64: for every pixel the point of the receiving plane that is seen in it,
 * for every sample and every cell the hull of the cell's shadow *on that plane*. For tests.
 */
import { depthOf, rayOf, upright, type Camera, type Point3 } from './camera'
import { thresholdOf } from './cast'
import type { PixelGrid } from './gridMap'
import type { Slope } from './light'
import { cellCorners, LEAST_COVERAGE, type Volume } from './volume'

type Point = readonly [x: number, z: number]

/** Share of samples that the bodies hide from each pixel of the grid, 0..1. [rows, columns] */
export function hiddenReference(
  camera: Camera,
  volumes: readonly Volume[],
  slopes: readonly Slope[],
  grid: PixelGrid,
  plane = 0,
): Float64Array {
  const share = new Float64Array(grid.rows * grid.columns)
  const hulls = slopes.map((slope, sample) =>
    volumes.flatMap((volume) => cellHulls(volume, slope, plane, thresholdOf(sample, slopes.length))),
  )
  for (let row = 0; row < grid.rows; row++)
    for (let column = 0; column < grid.columns; column++) {
      const point = planePoint(camera, grid, column, row, plane)
      if (!point) continue
      const hidden = hulls.filter((cells) => cells.some((hull) => contains(hull, point))).length
      share[row * grid.columns + column] = hidden / slopes.length
    }
  return share
}

/** The point of a level plane that is seen in a pixel's centre; null where it is not seen. */
function planePoint(
  camera: Camera,
  grid: PixelGrid,
  column: number,
  row: number,
  plane: number,
): Point | null {
  const [u, v] = upright(camera, grid.x + (column + 0.5) * grid.step, grid.y + (row + 0.5) * grid.step)
  const ray = rayOf(camera, u, v)
  const t = (plane - 1) / ray.y
  if (!(t > 0) || depthOf(camera, plane, t * ray.z) <= 0) return null
  return [t * ray.x, t * ray.z]
}

function cellHulls(volume: Volume, slope: Slope, plane: number, least: number): Hull[] {
  const hulls: Hull[] = []
  for (const [cell, coverage] of volume.coverage.entries()) {
    if (coverage < Math.max(least, LEAST_COVERAGE) || volume.top[cell] <= plane) continue
    const points = cellCorners(volume, cell).map((corner): Point => {
      const [x, y, z] = volume.corners.subarray(3 * corner, 3 * corner + 3)
      const above = Math.max(0, y - plane)
      return [x - above * slope.x, z - above * slope.z]
    })
    hulls.push(hullOf(points))
  }
  return hulls
}

const turn = ([ax, az]: Point, [bx, bz]: Point, [cx, cz]: Point): number =>
  (bx - ax) * (cz - az) - (bz - az) * (cx - ax)

/** Andrew's monotone chain. */
function hullOf(points: readonly Point[]): Hull {
  const sorted = [...points].sort(([ax, az], [bx, bz]) => ax - bx || az - bz)
  const chain = (ordered: readonly Point[]): Point[] => {
    const hull: Point[] = []
    for (const point of ordered) {
      while (hull.length > 1 && turn(hull[hull.length - 2], hull[hull.length - 1], point) <= 0) hull.pop()
      hull.push(point)
    }
    return hull.slice(0, -1)
  }
  const [xs, zs] = [points.map(([x]) => x), points.map(([, z]) => z)]
  return {
    points: [...chain(sorted), ...chain([...sorted].reverse())],
    low: [Math.min(...xs), Math.min(...zs)],
    high: [Math.max(...xs), Math.max(...zs)],
  }
}

/** A convex hull, counter-clockwise, and the box around it, by which most points are told apart at once. */
interface Hull {
  points: Point[]
  low: Point
  high: Point
}

function contains({ points, low, high }: Hull, point: Point): boolean {
  if (points.length < 3) return false
  if (point[0] < low[0] || point[0] > high[0] || point[1] < low[1] || point[1] > high[1]) return false
  return points.every((corner, index) => turn(corner, points[(index + 1) % points.length], point) >= 0)
}

/**
 * The definition of a mirror image: of all pieces of the front surface, two triangles a cell, whose image at -y covers a
 * pixel, the height of the one that is nearest to the camera; 0 where there is none. [rows, columns]
 */
export function mirrorReference(camera: Camera, volume: Volume, grid: PixelGrid): Float64Array {
  const heights = new Float64Array(grid.rows * grid.columns)
  const triangles = [...volume.coverage.entries()]
    .filter(([, coverage]) => coverage >= LEAST_COVERAGE)
    .flatMap(([cell]) => {
      const [a, b, c, d] = cellCorners(volume, cell)
        .slice(0, 4)
        .map((corner) => {
          const [x, y, z] = volume.corners.subarray(3 * corner, 3 * corner + 3)
          return { x, y: -y, z }
        })
      return [
        [a, b, c],
        [a, c, d],
      ]
    })
  for (let pixel = 0; pixel < heights.length; pixel++) {
    const [u, v] = upright(
      camera,
      grid.x + ((pixel % grid.columns) + 0.5) * grid.step,
      grid.y + (Math.floor(pixel / grid.columns) + 0.5) * grid.step,
    )
    const ray = rayOf(camera, u, v)
    let nearest = Infinity
    for (const [a, b, c] of triangles) {
      const t = rayMeets(ray, a, b, c)
      if (t === null || t >= nearest) continue
      nearest = t
      heights[pixel] = -(1 + t * ray.y)
    }
  }
  return heights
}

/** How far along a ray from the camera at (0, 1, 0) it meets a triangle (Möller and Trumbore); null where it does not. */
function rayMeets(ray: Point3, a: Point3, b: Point3, c: Point3): number | null {
  const [e, f] = [minus(b, a), minus(c, a)]
  const p = cross(ray, f)
  const determinant = dot(e, p)
  if (Math.abs(determinant) < 1e-15) return null
  const from = minus({ x: 0, y: 1, z: 0 }, a)
  const s = dot(from, p) / determinant
  const q = cross(from, e)
  const w = dot(ray, q) / determinant
  if (s < 0 || w < 0 || s + w > 1) return null
  return dot(f, q) / determinant
}

const minus = (a: Point3, b: Point3): Point3 => ({ x: a.x - b.x, y: a.y - b.y, z: a.z - b.z })
const dot = (a: Point3, b: Point3): number => a.x * b.x + a.y * b.y + a.z * b.z
const cross = (a: Point3, b: Point3): Point3 => ({
  x: a.y * b.z - a.z * b.y,
  y: a.z * b.x - a.x * b.z,
  z: a.x * b.y - a.y * b.x,
})
