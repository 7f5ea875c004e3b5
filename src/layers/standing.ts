/** The geometry that is assumed of a cut-out which no network has seen. */
import { LEAST_COVERAGE, type CutoutFeet, type Outline } from './volume'

/** Cells per side of the maps. */
const SIZE = 64
/** Ground between the feet of front and back, as a share of the object's width: it is about as deep as wide, seen from above. */
const DEPTH = 0.22

/**
 * Something that stands on the lowest points of its outline: in every column the front's feet are on the lower side of the
 * outline's convex hull, a string pulled tight from below, which goes from foot to foot under a table and along the bottom
 * of a box. The back's feet are a little behind, nowhere higher than the object itself. What hangs stands on nothing: the
 * higher, the nearer all its front's feet are to the row below its lowest point.
 * @param aspect width of the alpha box over its height
 * @param near how near it is to the ground: 1 it stands, 0 it hangs free
 */
export function standingGeometry(outline: Outline, aspect: number, near = 1): CutoutFeet {
  const width = Math.min(1, aspect)
  const height = Math.min(1, 1 / aspect)
  const hull = lowerHull(outline, width, height)
  const front = new Float32Array(SIZE * SIZE)
  const back = new Float32Array(SIZE * SIZE)
  for (let row = 0; row < SIZE; row++)
    for (let column = 0; column < SIZE; column++) {
      const elevation = near * (height - hull((column + 0.5) / SIZE))
      front[row * SIZE + column] = elevation
      back[row * SIZE + column] = elevation + Math.min(DEPTH * width, Math.max(0, height - elevation))
    }
  const square = { x: 0, y: 0, side: 1 }
  return { size: SIZE, square, front, back, contact: new Float32Array(SIZE * SIZE) }
}

/** The lower side of the outline's convex hull: row of a column, both in units of the longer side. */
function lowerHull({ columns, rows, coverage }: Outline, width: number, height: number) {
  const hull: { x: number; y: number }[] = []
  for (let column = 0; column < columns; column++) {
    let last = rows - 1
    while (last >= 0 && coverage[last * columns + column] < Math.max(0.5, LEAST_COVERAGE)) last--
    if (last < 0) continue
    const point = { x: ((column + 0.5) / columns) * width, y: ((last + 1) / rows) * height }
    // Rows grow downward: the hull's lower side turns one way only.
    while (hull.length > 1 && !turnsUp(hull[hull.length - 2], hull[hull.length - 1], point)) hull.pop()
    hull.push(point)
  }
  return (x: number): number => {
    if (hull.length === 0) return height
    const next = hull.findIndex((point) => point.x >= x)
    if (next === -1) return hull[hull.length - 1].y
    if (next === 0) return hull[0].y
    const [a, b] = [hull[next - 1], hull[next]]
    return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x)
  }
}

interface Point {
  x: number
  y: number
}

const turnsUp = (a: Point, b: Point, c: Point): boolean =>
  (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) < 0
