/** Straight edges of a photo: regions of pixels whose gradients turn the same way, after the line segment detector of von Gioi et al. */
import type { Raster } from '@/base/geometry'

/** Lengths in longer sides of the picture that it was found in. */
export interface Segment {
  /** Its middle, from that of the picture. */
  x: number
  y: number
  /** Unit vector along it. */
  dx: number
  dy: number
  length: number
}

/** Gradients of fewer 255ths a pixel have no direction to speak of. */
const LEAST_GRADIENT = 3
/** Pixels of a region turn within this of its mean. */
const TOLERANCE = Math.PI / 8
/** In longer sides. */
const LEAST_LENGTH = 0.025
/** Times its width. */
const LEAST_SLENDER = 1.5
const LEVELS = 1024

/**
 * @param photo about 512 px long: what is finer is texture
 * @returns segments of at least LEAST_LENGTH
 */
export function straightEdges(photo: Raster): Segment[] {
  const { width, height } = photo
  const { size, angle } = gradients(photo)
  const taken = new Uint8Array(width * height)
  const found: Segment[] = []
  for (const start of strongestFirst(size)) {
    if (taken[start]) continue
    const region = grown(start, angle, taken, width, height)
    const segment = fitted(region, size, width, height)
    if (segment) found.push(segment)
  }
  return found
}

/** Of encoded luma, between four opaque pixels: its size in 255ths, and the direction of the edge; NaN where there is none. */
function gradients({ data, width, height }: Raster) {
  const luma = (x: number, y: number): number => {
    const at = (y * width + x) * 4
    return 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]
  }
  const size = new Float32Array(width * height)
  const angle = new Float32Array(width * height).fill(NaN)
  for (let y = 0; y < height - 1; y++)
    for (let x = 0; x < width - 1; x++) {
      const at = y * width + x
      // Where a picture ends within its frame there is no edge of a thing.
      if ([at, at + 1, at + width, at + width + 1].some((pixel) => data[pixel * 4 + 3] < 255)) continue
      const [a, b, c, d] = [luma(x, y), luma(x + 1, y), luma(x, y + 1), luma(x + 1, y + 1)]
      const [across, down] = [(b + d - a - c) / 2, (c + d - a - b) / 2]
      size[at] = Math.hypot(across, down)
      if (size[at] > LEAST_GRADIENT) angle[at] = Math.atan2(across, -down)
    }
  return { size, angle }
}

/** Indices of pixels that have a direction, in order of their gradient as far as that matters. */
function strongestFirst(size: Float32Array): Int32Array {
  const level = (value: number): number => LEVELS - 1 - Math.min(LEVELS - 1, Math.floor(value * 4))
  const starts = new Int32Array(LEVELS + 1)
  for (const value of size) if (value > LEAST_GRADIENT) starts[level(value) + 1]++
  for (let i = 0; i < LEVELS; i++) starts[i + 1] += starts[i]
  const order = new Int32Array(starts[LEVELS])
  size.forEach((value, at) => {
    if (value > LEAST_GRADIENT) order[starts[level(value)]++] = at
  })
  return order
}

/** Pixels about `start` that are connected and turn as their mean does; marks them as taken. */
function grown(
  start: number,
  angle: Float32Array,
  taken: Uint8Array,
  width: number,
  height: number,
): number[] {
  const region = [start]
  taken[start] = 1
  let mean = angle[start]
  let [cos, sin] = [Math.cos(mean), Math.sin(mean)]
  for (let next = 0; next < region.length; next++) {
    const [column, row] = [region[next] % width, Math.floor(region[next] / width)]
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++)
      for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
        const at = y * width + x
        // NaN is never near.
        if (taken[at] || !(apart(angle[at], mean) < TOLERANCE)) continue
        taken[at] = 1
        region.push(at)
        cos += Math.cos(angle[at])
        sin += Math.sin(angle[at])
        mean = Math.atan2(sin, cos)
      }
  }
  return region
}

function apart(a: number, b: number): number {
  const off = Math.abs(a - b)
  return off > Math.PI ? 2 * Math.PI - off : off
}

/** The line through a region's pixels, heavier where the gradient is large; null where they are no line. */
function fitted(region: number[], size: Float32Array, width: number, height: number): Segment | null {
  const longer = Math.max(width, height)
  if (region.length < LEAST_LENGTH * longer) return null
  let [sum, mx, my] = [0, 0, 0]
  for (const at of region) {
    sum += size[at]
    mx += size[at] * (at % width)
    my += size[at] * Math.floor(at / width)
  }
  mx /= sum
  my /= sum
  let [xx, yy, xy] = [0, 0, 0]
  for (const at of region) {
    const [x, y] = [(at % width) - mx, Math.floor(at / width) - my]
    xx += size[at] * x * x
    yy += size[at] * y * y
    xy += size[at] * x * y
  }
  const turn = 0.5 * Math.atan2(2 * xy, xx - yy)
  const [dx, dy] = [Math.cos(turn), Math.sin(turn)]
  let [from, to, wide] = [0, 0, 0]
  for (const at of region) {
    const [x, y] = [(at % width) - mx, Math.floor(at / width) - my]
    const along = x * dx + y * dy
    from = Math.min(from, along)
    to = Math.max(to, along)
    wide = Math.max(wide, Math.abs(x * dy - y * dx))
  }
  const length = (to - from) / longer
  if (length < LEAST_LENGTH || to - from < LEAST_SLENDER * (2 * wide)) return null
  const middle = (from + to) / 2
  return {
    // A gradient lies in the middle of its four pixels.
    x: (mx + middle * dx + 1 - width / 2) / longer,
    y: (my + middle * dy + 1 - height / 2) / longer,
    dx,
    dy,
    length,
  }
}
