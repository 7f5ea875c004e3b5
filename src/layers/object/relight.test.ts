import { describe, expect, it } from 'vitest'

import type { PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import { toEncoded, toLinear } from '@/base/srgb'
import { directionOf } from '@/layers/light'
import { leastSquares } from '@/layers/object/ownLight'
import { withRelight, worldNormals } from '@/layers/object/relight'
import type { SceneLight } from '@/layers/scene'
import type { CutoutGeometry } from '@/layers/volume'

const SIDE = 61
const SIGHT = 0.3

/** Normal of a ball in its own camera at a point of its box, 0..1; null beside it. */
function ballNormal(u: number, v: number): [x: number, down: number, into: number] | null {
  const [x, y] = [2 * u - 1, 2 * v - 1]
  const rest = 1 - x * x - y * y
  return rest > 0 ? [x, y, -Math.sqrt(rest)] : null
}

/** What a network would say of a ball. */
const ball = (size = 64): CutoutGeometry => {
  const area = size * size
  const normals = new Float32Array(3 * area)
  for (let cell = 0; cell < area; cell++) {
    const normal = ballNormal(((cell % size) + 0.5) / size, (Math.floor(cell / size) + 0.5) / size)
    for (const [k, value] of (normal ?? [0, 0, -1]).entries()) normals[k * area + cell] = value
  }
  const flat = () => new Float32Array(area)
  const square = { x: 0, y: 0, side: 1 }
  return { size, square, front: flat(), back: flat(), contact: flat(), normals, sight: SIGHT, focal: 2 }
}

const light = (azimuthDegrees: number, elevationDegrees: number): SceneLight => ({
  azimuthDegrees,
  elevationDegrees,
  discDegrees: 10,
  share: [0.7, 0.7, 0.7],
})

/** The spec's shading of a world normal. */
function shading({ x, y, z }: { x: number; y: number; z: number }, lit: SceneLight): number {
  const d = directionOf(lit)
  return 0.3 + 0.7 * Math.max(0, x * d.x + y * d.y + z * d.z)
}

const toWorld = ([x, down, into]: readonly number[]) => ({
  x,
  y: -down * Math.cos(SIGHT) - into * Math.sin(SIGHT),
  z: -down * Math.sin(SIGHT) + into * Math.cos(SIGHT),
})

/** A ball of a striped colour in a light, with random bytes where nobody sees them. */
function litBall(lit: SceneLight | null, width = SIDE, left = 0): PlacedRaster {
  const image = blankRaster(width, SIDE)
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < width; x++) {
      const normal = ballNormal((left + x + 0.5) / SIDE, (y + 0.5) / SIDE)
      const paint = (x + y) % 4 < 2 ? 0.35 : 0.25
      const grey = normal ? 255 * toEncoded(paint * (lit ? shading(toWorld(normal), lit) : 1)) : 77
      image.data.set([grey, grey, grey, normal ? 255 : 0], (y * width + x) * 4)
    }
  const box = { x: 30 - left, y: 40, width: SIDE, height: SIDE }
  return { rect: { x: 30, y: 40, width, height: SIDE }, image, contentRect: box }
}

/** Mean of the absolute difference of logarithms, in stops, once both are as bright on the whole. */
function unlike(ours: PlacedRaster, truth: PlacedRaster): number {
  const stops: number[] = []
  for (let at = 0; at < ours.image.data.length; at += 4)
    if (ours.image.data[at + 3] > 0)
      stops.push(Math.log2(toLinear(ours.image.data[at] / 255) / toLinear(truth.image.data[at] / 255)))
  const mean = stops.reduce((sum, value) => sum + value, 0) / stops.length
  return stops.reduce((sum, value) => sum + Math.abs(value - mean), 0) / stops.length
}

describe('relight', () => {
  const [left, right] = [light(200, 40), light(340, 40)]

  it('turns normals from the cut-out’s own camera into the world', () => {
    // The camera looks down: what faces it faces up a little, too.
    const geometry = { ...ball(1), normals: Float32Array.of(0, 0, -1) }
    const [x, y, z] = worldNormals(geometry)
    expect(x).toBe(0)
    expect(y).toBeCloseTo(Math.sin(SIGHT), 6)
    expect(z).toBeCloseTo(-Math.cos(SIGHT), 6)
  })

  it('finds the light that a thing was taken in, whatever is painted on it', () => {
    const normals = worldNormals(ball())
    const coverage = Float32Array.from({ length: 4096 }, (_, cell) =>
      ballNormal(((cell % 64) + 0.5) / 64, (Math.floor(cell / 64) + 0.5) / 64) ? 1 : 0,
    )
    const luminance = coverage.map((_, cell) => {
      const [x, y, z] = normals.subarray(3 * cell, 3 * cell + 3)
      return (cell % 11 === 0 ? 0.02 : 0.4) * (1 + 0.5 * x + 0.2 * y - 0.1 * z)
    })
    const own = leastSquares(luminance, normals, coverage)!
    const towards = [own(1, 0, 0) - own(-1, 0, 0), own(0, 1, 0) - own(0, -1, 0), own(0, 0, 1) - own(0, 0, -1)]
    for (const [k, truth] of [1, 0.4, -0.2].entries()) expect(Math.abs(towards[k] - truth)).toBeLessThan(0.25)
    expect(leastSquares(luminance, normals, new Float32Array(4096))).toBeNull()
  })

  it.each([
    { name: 'whole', width: SIDE, from: 0 },
    { name: 'cut by the left border', width: SIDE - 20, from: 20 },
  ])('lights a thing from where the scene is lit: $name', ({ width, from }) => {
    const placed = litBall(left, width, from)
    const truth = litBall(right, width, from)
    const after = withRelight(placed, ball(), [right], 1)
    expect(unlike(placed, truth)).toBeGreaterThan(0.4)
    expect(unlike(after, truth)).toBeLessThan(0.5 * unlike(placed, truth))
    const half = unlike(withRelight(placed, ball(), [right], 0.5), truth)
    expect(half).toBeGreaterThan(unlike(after, truth))
    expect(half).toBeLessThan(unlike(placed, truth))
    for (let at = 0; at < placed.image.data.length; at += 4) {
      expect(after.image.data[at + 3]).toBe(placed.image.data[at + 3])
      if (placed.image.data[at + 3] === 0) expect(after.image.data[at]).toBe(77)
    }
  })

  it('keeps what is lit like that already, its detail, and its bits without a shape or at 0', () => {
    const placed = litBall(right)
    expect(unlike(withRelight(placed, ball(), [right], 1), placed)).toBeLessThan(0.25)
    expect(withRelight(placed, null, [right], 1)).toBe(placed)
    expect(withRelight(placed, ball(), [right], 0)).toBe(placed)
    // The stripes' contrast at the middle, free of the slope that light has there.
    const contrast = ({ image }: PlacedRaster) => {
      const at = (x: number) => toLinear(image.data[(30 * SIDE + x) * 4] / 255)
      return at(32) ** 2 / (at(30) * at(34))
    }
    const other = withRelight(placed, ball(), [left], 1)
    expect(contrast(other) / contrast(placed)).toBeCloseTo(1, 1)
  })

  it('takes light of any colour, straight above and none at all', () => {
    const placed = litBall(left)
    for (const lights of [[], [light(0, 90)], [{ ...right, share: [1, 0.5, 0] as const }]]) {
      const { image } = withRelight(placed, ball(), lights, 1)
      expect(image.data.some((byte, at) => byte !== placed.image.data[at])).toBe(true)
    }
  })
})
