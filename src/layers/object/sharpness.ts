/** How blurred a picture is, told by its sharpest edges. */
import { quantile, type Tile } from './surroundings'

/** The blur that edges are measured through, which quietens noise, and the one they are blurred by again, px. */
const THROUGH = 0.7
const AGAIN = 1
/** Steeper than this, bytes a pixel, is an edge, once blurred. */
const STEEP = 6
/** The sharpest share of edges is in focus; fewer say nothing. */
const IN_FOCUS = 0.25
const LEAST_EDGES = 40
const MARGIN = 5

/**
 * Standard deviation of the blur of the sharpest edges, px, by how much their gradient falls when they are blurred
 * again (Zhuo and Sim 2011); null where there are too few edges.
 */
export function blurOf(tiles: Iterable<Tile>): number | null {
  const found: number[] = []
  for (const tile of tiles) edgesOf(tile, found)
  return quantile(found, IN_FOCUS, LEAST_EDGES)
}

function edgesOf(tile: Tile, found: number[]): void {
  const { width, height } = tile
  const once = gaussian(tile, THROUGH)
  const twice = gaussian(tile, Math.hypot(THROUGH, AGAIN))
  for (let y = MARGIN; y < height - MARGIN; y++)
    for (let x = MARGIN; x < width - MARGIN; x++) {
      const at = y * width + x
      const gx = once[at + 1] - once[at - 1]
      const gy = once[at + width] - once[at - width]
      const steepness = Math.hypot(gx, gy) / 2
      // NaN beside what shines through is no edge either.
      if (!(steepness > STEEP)) continue
      const across = Math.abs(gx) > Math.abs(gy) ? 1 : width
      if (slope(once, at - across, width) > steepness || slope(once, at + across, width) >= steepness)
        continue
      const ratio = steepness / slope(twice, at, width)
      if (!(ratio > 1)) continue
      // The gradient of a step is as high as its blur is narrow.
      found.push(Math.sqrt(Math.max(0, AGAIN ** 2 / (ratio ** 2 - 1) - THROUGH ** 2 - DIFFERENCES)))
    }
}

/** Variance that pixels and their central differences add to an edge's blur, px squared. */
const DIFFERENCES = 1 / 12 + 1 / 3

const slope = (map: Float32Array, at: number, width: number): number =>
  Math.hypot(map[at + 1] - map[at - 1], map[at + width] - map[at - width]) / 2

/** A tile's luma blurred; its margin, and what lies beside something that shines through, is NaN. */
function gaussian({ luma, width, height }: Tile, sigma: number): Float32Array {
  const weights = gaussianWeights(sigma)
  const radius = weights.length >> 1
  const rows = new Float32Array(luma.length).fill(NaN)
  const out = new Float32Array(luma.length).fill(NaN)
  for (let y = 0; y < height; y++)
    for (let x = radius; x < width - radius; x++) {
      let sum = 0
      for (let k = -radius; k <= radius; k++) sum += weights[k + radius] * luma[y * width + x + k]
      rows[y * width + x] = sum
    }
  for (let y = radius; y < height - radius; y++)
    for (let x = radius; x < width - radius; x++) {
      let sum = 0
      for (let k = -radius; k <= radius; k++) sum += weights[k + radius] * rows[(y + k) * width + x]
      out[y * width + x] = sum
    }
  return out
}

/** Weights of a Gaussian at whole pixels, out to three deviations, sum 1. */
export function gaussianWeights(sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(3 * sigma))
  const weights = Float32Array.from({ length: 2 * radius + 1 }, (_, k) =>
    Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)),
  )
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
