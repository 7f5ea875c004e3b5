import { describe, expect, it } from 'vitest'

import { paint } from '@/assets/testImages'
import { poseKey, poseOf, type Pose } from '@/layers/pose'
import { CutoutGeometries } from '@/pipelines/place/cutoutGeometry'
import { cutoutView, inBox, type CutoutView } from '@/pipelines/place/cutoutView'
import type { GeometryMaps } from '@/nets/geometry'

const UPRIGHT: Pose = { flipX: false, rotationDegrees: 0, aspect: null }
const AREA = 128 * 128

/** Opaque but for a clear border, red on the left and blue on the right. */
const panel = (width: number, height: number) =>
  paint(width + 8, height + 8, (x, y) => {
    const inside = x >= 4 && y >= 4 && x < width + 4 && y < height + 4
    return [x < width / 2 + 4 ? 255 : 0, 0, x < width / 2 + 4 ? 0 : 255, inside ? 255 : 0]
  })

/** Rows or columns of the crop that something is seen in: first and last. */
function seen({ input }: CutoutView, axis: 'x' | 'y'): [number, number] {
  const at: number[] = []
  for (let i = 0; i < AREA; i++)
    if (input[3 * AREA + i] > 0) at.push(axis === 'x' ? i % 128 : Math.floor(i / 128))
  return [Math.min(...at), Math.max(...at)]
}

const at = ({ input }: CutoutView, channel: number, x: number, y: number) =>
  input[channel * AREA + y * 128 + x]

function said(of: Partial<GeometryMaps> = {}): GeometryMaps {
  const cells = 64 * 64
  return {
    front: new Float32Array(cells),
    gap: new Float32Array(cells).fill(0.25),
    contact: new Float32Array(cells),
    normals: new Float32Array(3 * cells).fill(-1),
    sight: 0.2,
    focal: 2,
    ...of,
  }
}

describe('what the geometry network is shown', () => {
  it('is the cut-out in the middle, its longer side seven eighths of the crop', () => {
    const view = cutoutView(panel(300, 150), UPRIGHT)
    expect(seen(view, 'x')).toEqual([8, 119])
    expect(seen(view, 'y')).toEqual([36, 91])
    expect(view.visible).toEqual({ x: 16, y: 72, width: 224, height: 112 })
    // Elevation above the box's bottom and place across, less a half and from the middle.
    expect(at(view, 4, 64, 91)).toBeCloseTo(0.5 / 112 - 0.5, 5)
    expect(at(view, 5, 119, 64)).toBeCloseTo(0.5 - 0.5 / 112, 5)
  })

  it('is mirrored, stretched and turned', () => {
    const raster = panel(300, 150)
    expect(at(cutoutView(raster, UPRIGHT), 0, 30, 64)).toBeCloseTo(1, 2)
    expect(at(cutoutView(raster, { ...UPRIGHT, flipX: true }), 0, 30, 64)).toBeCloseTo(-1, 2)
    expect(seen(cutoutView(raster, { ...UPRIGHT, aspect: 1 }), 'y')).toEqual([8, 119])
    // What is turned is measured to the pixel first.
    const turned = cutoutView(raster, { ...UPRIGHT, rotationDegrees: 90 })
    for (const [axis, ends] of [['y', [8, 119]] as const, ['x', [36, 91]] as const])
      seen(turned, axis).forEach((end, i) => expect(Math.abs(end - ends[i])).toBeLessThanOrEqual(1))
  })

  it('is what can be seen of something turned, not the corners of its box', () => {
    const disc = paint(200, 200, (x, y) => [9, 9, 9, Math.hypot(x - 99.5, y - 99.5) < 99 ? 255 : 0])
    const view = cutoutView(disc, { ...UPRIGHT, rotationDegrees: 45 })
    const [first, last] = seen(view, 'y')
    expect(Math.abs(first - 8)).toBeLessThanOrEqual(1)
    expect(Math.abs(last - 119)).toBeLessThanOrEqual(1)
    expect(view.box.height / view.visible.height).toBeCloseTo(Math.SQRT2, 1)
  })
})

describe("the network's word in the terms of the box", () => {
  it('is in longer sides of an upright box', () => {
    const shape = inBox(said(), cutoutView(panel(300, 150), UPRIGHT))
    expect(shape.square.side).toBeCloseTo(8 / 7, 6)
    expect(shape.square.x).toBeCloseTo(-1 / 14, 6)
    expect(shape.square.y).toBeCloseTo(-72 / 224, 6)
    expect(shape.front[32 * 64 + 32]).toBeCloseTo(0, 6)
    expect(shape.back[32 * 64 + 32]).toBeCloseTo(0.25, 6)
    expect(shape).toMatchObject({ size: 64, sight: 0.2, focal: 2 })
  })

  it('counts from the bottom of the whole box where something is turned', () => {
    const disc = paint(200, 200, (x, y) => [9, 9, 9, Math.hypot(x - 99.5, y - 99.5) < 99 ? 255 : 0])
    const shape = inBox(said(), cutoutView(disc, { ...UPRIGHT, rotationDegrees: 45 }))
    // A disc in the middle of a box of 1.41 of its diameter.
    expect(shape.front[32 * 64 + 32]).toBeCloseTo((1 - Math.SQRT1_2) / 2, 1)
    expect(shape.back[32 * 64 + 32] - shape.front[32 * 64 + 32]).toBeCloseTo(0.25 * Math.SQRT1_2, 1)
    expect(shape.focal).toBeCloseTo(2 * Math.SQRT1_2, 1)
  })

  it('puts what surely touches the ground into its own row, and nothing lower than it was said', () => {
    const view = cutoutView(panel(150, 150), UPRIGHT)
    const sure = inBox(said({ contact: new Float32Array(64 * 64).fill(1) }), view)
    // Row 50 of 64 is seen (60 - 50.5) / 56 above the bottom of a box that ends in row 60.
    expect(sure.front[50 * 64 + 32]).toBeCloseTo(9.5 / 56, 5)
    const high = said({
      contact: new Float32Array(64 * 64).fill(1),
      front: new Float32Array(64 * 64).fill(0.9),
    })
    expect(inBox(high, view).front[50 * 64 + 32]).toBeCloseTo(0.9, 5)
  })

  it('has nothing of what was said beside the cut-out', () => {
    const view = cutoutView(panel(150, 150), UPRIGHT)
    const front = new Float32Array(64 * 64).map((_, cell) => (view.coverage[cell] > 0 ? 0.1 : 99))
    const shape = inBox(said({ front }), view)
    expect(shape.front[2 * 64 + 32]).toBeCloseTo(0.1, 6)
    expect(shape.front[3 * 64 + 3]).toBeCloseTo(0.1, 6)
  })
})

describe('shapes that were told', () => {
  it('are kept by picture and pose: moving and scaling ask nobody again', async () => {
    let asked = 0
    const shapes = new CutoutGeometries({
      predict: () => Promise.resolve((asked++, said())),
      dispose: () => undefined,
    })
    const asset = { hash: 'a'.repeat(64), name: 'panel', width: 108, height: 58 }
    const box = { x: 0, y: 0, width: 40, height: 20 }
    const still = { asset, box, stretch: false, rotationDegrees: 0, flipX: false }
    const first = await shapes.of(still, panel(100, 50))
    expect(await shapes.of({ ...still, box: { x: 9, y: 9, width: 80, height: 90 } }, panel(100, 50))).toBe(
      first,
    )
    expect(asked).toBe(1)
    await shapes.of({ ...still, flipX: true }, panel(100, 50))
    await shapes.of({ ...still, rotationDegrees: 12 }, panel(100, 50))
    await shapes.of({ ...still, stretch: true, box: { ...box, height: 40 } }, panel(100, 50))
    expect(asked).toBe(4)
  })

  it('are named by what can be seen of a pose', () => {
    const of = (rotationDegrees: number, width = 40, stretch = true) =>
      poseKey('h', poseOf({ box: { x: 0, y: 0, width, height: 30 }, stretch, rotationDegrees, flipX: false }))
    expect(of(-30)).toBe(of(330))
    expect(of(359.99)).toBe(of(0))
    expect(of(0, 40.001)).toBe(of(0))
    expect(of(0, 41)).not.toBe(of(0))
    expect(of(0, 41, false)).toBe(of(0, 40, false))
  })
})
