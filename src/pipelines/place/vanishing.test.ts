import { describe, expect, it } from 'vitest'

import type { Segment } from '@/pipelines/place/segments'
import { agreedCamera, type CameraPrior, type SeenCamera } from '@/pipelines/place/vanishing'

/** A generator of its own: numbers in 0..1 that are always the same. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  }
}

type Point = readonly [x: number, down: number, ahead: number]

/** How a camera sees a line of the world between two points of it; null where it is not before it. */
function seen({ horizon, tilt, focal }: SeenCamera, from: Point, to: Point): Segment | null {
  const pitch = Math.atan2(horizon, focal)
  const project = ([x, down, ahead]: Point) => {
    const depth = ahead * Math.cos(pitch) + down * Math.sin(pitch)
    const below = down * Math.cos(pitch) - ahead * Math.sin(pitch)
    if (depth < 0.1) return null
    const [u, v] = [(focal * x) / depth, (focal * below) / depth]
    return { x: u * Math.cos(tilt) - v * Math.sin(tilt), y: u * Math.sin(tilt) + v * Math.cos(tilt) }
  }
  const [a, b] = [project(from), project(to)]
  if (!a || !b) return null
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  return {
    x: (a.x + b.x) / 2,
    y: (a.y + b.y) / 2,
    dx: (b.x - a.x) / length,
    dy: (b.y - a.y) / length,
    length,
  }
}

/** Edges of boxes that stand square to each other, and some that are not. */
function built(camera: SeenCamera, turned: number, count: number, strays: number): Segment[] {
  const draw = numbers(7)
  const edges: Segment[] = []
  const axes = [
    [0, 1, 0],
    [Math.sin(turned), 0, Math.cos(turned)],
    [Math.cos(turned), 0, -Math.sin(turned)],
  ]
  while (edges.length < count) {
    const from: Point = [4 * draw() - 2, 2.5 * draw() - 1, 2 + 4 * draw()]
    const along = edges.length < strays ? [draw() - 0.5, draw() - 0.5, draw() - 0.5] : axes[edges.length % 3]
    const to: Point = [from[0] + along[0], from[1] + along[1], from[2] + along[2]]
    const edge = seen(camera, from, to)
    if (edge && edge.length > 0.03) edges.push(edge)
  }
  return edges
}

const PRIOR: CameraPrior = {
  horizon: { mean: 0.05, deviation: 0.08 },
  tilt: { mean: 0, deviation: 0.02 },
  logFocal: { mean: 0, deviation: 0.35 },
}
const expected = { horizon: 0.05, tilt: 0, focal: 1 }

describe('the camera that straight edges agree with', () => {
  it.each([
    { horizon: 0.05, tilt: 0, focal: 1 },
    { horizon: 0.16, tilt: 0.01, focal: 0.75 },
    { horizon: -0.08, tilt: -0.02, focal: 1.2 },
    { horizon: 0.21, tilt: 0.025, focal: 0.8 },
  ])('is found from boxes and half as many strays: $horizon, $tilt, $focal', (camera) => {
    const found = agreedCamera(built(camera, 0.4, 90, 30), PRIOR)
    expect(Math.abs(found.horizon - camera.horizon)).toBeLessThan(0.015)
    expect(Math.abs(found.tilt - camera.tilt)).toBeLessThan(0.006)
    expect(Math.abs(Math.log(found.focal / camera.focal))).toBeLessThan(0.12)
  })

  it('is as level as a wall that is seen straight on', () => {
    const camera = { horizon: 0, tilt: 0.02, focal: 1.1 }
    const draw = numbers(5)
    const wall = Array.from({ length: 150 }, (_, i) => {
      const [x, down] = [3 * draw() - 1.5, 2 * draw() - 1]
      const to: Point = i % 2 ? [x + 0.5, down, 3] : [x, down + 0.5, 3]
      return seen(camera, [x, down, 3], to) ?? expect.fail('behind')
    })
    const found = agreedCamera(wall, PRIOR)
    expect(Math.abs(found.tilt - camera.tilt)).toBeLessThan(0.004)
    expect(Math.abs(found.horizon)).toBeLessThan(0.03)
  })

  it('looks at the longest of thousands of edges', () => {
    const camera = { horizon: 0.16, tilt: 0.01, focal: 0.75 }
    const fine = built(expected, 1, 3000, 3000).map((edge) => ({ ...edge, length: 0.026 }))
    const found = agreedCamera(
      [...fine, ...built(camera, 0.4, 300, 60).map((edge) => ({ ...edge, length: 0.1 }))],
      PRIOR,
    )
    expect(Math.abs(found.horizon - camera.horizon)).toBeLessThan(0.015)
  })

  it('is the expected one where there is hardly an edge', () => {
    expect(agreedCamera([], PRIOR)).toEqual(expected)
    expect(agreedCamera(built(expected, 0, 4, 4), PRIOR)).toEqual(expected)
  })

  it('is nearly the expected one where all are level or plumb for another reason, as grass and trunks are', () => {
    const draw = numbers(11)
    const grass = Array.from({ length: 150 }, (_, i): Segment => {
      const turn = (i % 2) * (Math.PI / 2) + 0.3 * (draw() - 0.5)
      return { x: draw() - 0.5, y: draw() - 0.5, dx: Math.cos(turn), dy: Math.sin(turn), length: 0.04 }
    })
    const found = agreedCamera(grass, PRIOR)
    expect(Math.abs(found.horizon - expected.horizon)).toBeLessThan(0.01)
    expect(Math.abs(found.tilt)).toBeLessThan(0.003)
  })

  it('stays near the expected one where edges lie anywhere', () => {
    const found = agreedCamera(built(expected, 0, 120, 120), PRIOR)
    expect(Math.abs(found.horizon - expected.horizon)).toBeLessThan(0.02)
    expect(Math.abs(Math.log(found.focal))).toBeLessThan(0.1)
  })
})
