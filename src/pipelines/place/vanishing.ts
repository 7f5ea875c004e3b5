/**
 * The camera that a photo's straight edges agree with: where things are built, most of them are plumb, or level in one of two directions
 * that are square to each other, and meet in three vanishing points. A second opinion beside the scene network's.
 */
import { clamp } from '@/base/geometry'
import type { Segment } from '@/pipelines/place/segments'
import { philoxNormals } from '@/samplers/philox'

/** As the scene network has it: lengths in longer sides. */
export interface SeenCamera {
  /** How far the horizon lies above the photo's middle, measured across it. */
  horizon: number
  /** Radians, clockwise. */
  tilt: number
  focal: number
}

/** What is thought of the camera without its edges: normal, and independent; units as in SeenCamera. */
export interface CameraPrior {
  horizon: { mean: number; deviation: number }
  tilt: { mean: number; deviation: number }
  logFocal: { mean: number; deviation: number }
}

/** Sine of the angle off its vanishing point from which a segment says nothing. */
const REACH = Math.sin((4 * Math.PI) / 180)
/** A long segment counts no more than this, in longer sides. */
const LONG = 0.2
/** How much edges say that all agree, as a logarithm of odds; fewer say less, and so do those that agree hardly more than by chance. */
const STRENGTH = 30
const ENOUGH = { edges: 100, gain: 0.12 }
const FEWEST = 5
/** The longest; more take time and say nothing new. */
const MOST = 300

const DEGREE = Math.PI / 180
/** Steps of the grid about the prior, longer sides, radians, logarithm, radians; then about its best in smaller ones. */
const COARSE = { horizon: 0.03, tilt: 1 * DEGREE, focal: 0.19, heading: 3 * DEGREE }
const SHUFFLES = [1n, 2n, 3n]
/** Standard deviation, radians. */
const TURNED = 1.5 * DEGREE
/** How many steps the grid goes to either side. */
const SPANS = { horizon: 10, tilt: 3, focal: 3 }

/** The camera that is most probable by both. */
export function agreedCamera(edges: readonly Segment[], prior: CameraPrior): SeenCamera {
  const expected = {
    horizon: prior.horizon.mean,
    tilt: prior.tilt.mean,
    focal: Math.exp(prior.logFocal.mean),
  }
  if (edges.length < FEWEST) return expected
  const all = edgesOf(edges)
  const strength =
    STRENGTH * Math.min(1, edges.length / ENOUGH.edges) * clamp(gainOf(all, expected) / ENOUGH.gain, 0, 1)
  if (strength === 0) return expected
  let best = { camera: expected, value: -Infinity, heading: 0 }
  const search = (about: SeenCamera, by: number, spans: typeof SPANS, headings: readonly number[]) => {
    for (let f = -spans.focal; f <= spans.focal; f++)
      for (let h = -spans.horizon; h <= spans.horizon; h++)
        for (let t = -spans.tilt; t <= spans.tilt; t++) {
          const camera = {
            horizon: about.horizon + h * COARSE.horizon * by,
            tilt: about.tilt + t * COARSE.tilt * by,
            focal: about.focal * Math.exp(f * COARSE.focal * by),
          }
          const { agreement, heading } = agreementOf(all, camera, headings)
          const value = strength * agreement + likelihood(camera, prior)
          if (value > best.value) best = { camera, value, heading }
        }
  }
  search(expected, 1, SPANS, range(0, 90 * DEGREE, COARSE.heading))
  const { camera, heading } = best
  const near = range(heading - COARSE.heading, heading + COARSE.heading, COARSE.heading / 6)
  search(camera, 1 / 5, { horizon: 4, tilt: 4, focal: 2 }, near)
  return best.camera
}

/**
 * How much better edges agree than the same ones elsewhere in the picture and turned a little: blades, branches and waves are more or less
 * level or plumb as well, but not exactly, and where they lie makes no difference.
 */
function gainOf(all: Float64Array, about: SeenCamera): number {
  const headings = range(0, 90 * DEGREE, COARSE.heading)
  const most = (edges: Float64Array): number => {
    let most = 0
    for (const longer of [-0.3, 0, 0.3])
      for (let h = -SPANS.horizon; h <= SPANS.horizon; h++)
        for (const t of [-1, 0, 1]) {
          const camera = {
            horizon: about.horizon + h * COARSE.horizon,
            tilt: about.tilt + t * COARSE.tilt,
            focal: about.focal * Math.exp(longer),
          }
          most = Math.max(most, agreementOf(edges, camera, headings).agreement)
        }
    return most
  }
  const chance = SHUFFLES.map((seed) => most(disturbed(all, seed)))
  return most(all) - chance.reduce((sum, one) => sum + one, 0) / chance.length
}

/** The edges with their middles dealt out anew, and turned by TURNED. */
function disturbed(edges: Float64Array, seed: bigint): Float64Array {
  const count = edges.length / 5
  const drawn = philoxNormals(seed, 0, 2 * count)
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => drawn[a] - drawn[b])
  const out = edges.slice()
  order.forEach((from, to) => {
    const [x, y, dx, dy] = [edges[from * 5], edges[from * 5 + 1], edges[to * 5 + 2], edges[to * 5 + 3]]
    const [cos, sin] = [Math.cos(TURNED * drawn[count + to]), Math.sin(TURNED * drawn[count + to])]
    out.set([x, y, dx * cos - dy * sin, dx * sin + dy * cos], to * 5)
  })
  return out
}

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) }, (_, i) => from + i * step)

function likelihood({ horizon, tilt, focal }: SeenCamera, prior: CameraPrior): number {
  const off = (value: number, { mean, deviation }: { mean: number; deviation: number }) =>
    -0.5 * ((value - mean) / deviation) ** 2
  return off(horizon, prior.horizon) + off(tilt, prior.tilt) + off(Math.log(focal), prior.logFocal)
}

/** [segments, 5]: middle, direction, weight; the weights sum to 1 */
function edgesOf(edges: readonly Segment[]): Float64Array {
  const longest = edges.toSorted((a, b) => b.length - a.length).slice(0, MOST)
  const weights = longest.map(({ length }) => Math.min(length, LONG))
  const sum = weights.reduce((total, one) => total + one, 0)
  return Float64Array.from(longest.flatMap(({ x, y, dx, dy }, at) => [x, y, dx, dy, weights[at] / sum]))
}

/** Share of the edges that meet in the vanishing points of the best of `headings`, radians between the camera and one level direction. */
function agreementOf(edges: Float64Array, { horizon, tilt, focal }: SeenCamera, headings: readonly number[]) {
  const long = Math.hypot(horizon, focal)
  const [cos, sin] = [focal / long, horizon / long] // of the pitch, down
  const [level, turned] = [Math.cos(tilt), Math.sin(tilt)]
  /** A direction of the world (to the right, down, ahead) as the camera sees it. */
  const seen = (x: number, down: number, ahead: number): [number, number, number] => {
    const y = down * cos - ahead * sin
    return [focal * (level * x - turned * y), focal * (turned * x + level * y), down * sin + ahead * cos]
  }
  const count = edges.length / 5
  const plumb = new Float64Array(count)
  meeting(edges, seen(0, 1, 0), plumb)
  const [one, other] = [new Float64Array(count), new Float64Array(count)]
  let best = { agreement: -1, heading: 0 }
  for (const heading of headings) {
    const [s, c] = [Math.sin(heading), Math.cos(heading)]
    meeting(edges, seen(s, 0, c), one)
    meeting(edges, seen(c, 0, -s), other)
    let agreement = 0
    for (let i = 0; i < count; i++) agreement += edges[i * 5 + 4] * Math.max(plumb[i], one[i], other[i])
    if (agreement > best.agreement) best = { agreement, heading }
  }
  return best
}

/** How surely each edge points to a vanishing point (homogeneous), 0..1; Tukey's weight of the angle. */
function meeting(edges: Float64Array, [vx, vy, vz]: [number, number, number], out: Float64Array): void {
  for (let i = 0, at = 0; i < out.length; i++, at += 5) {
    const [ex, ey] = [vx - edges[at] * vz, vy - edges[at + 1] * vz]
    const cross = ex * edges[at + 3] - ey * edges[at + 2]
    const off = (cross * cross) / ((ex * ex + ey * ey) * REACH * REACH)
    out[i] = off < 1 ? (1 - off) ** 2 : 0
  }
}
