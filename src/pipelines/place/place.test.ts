import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compositeOver, placeForeground } from '@/assets/paste'
import type { Raster } from '@/base/geometry'
import { applyMaps } from '@/pipelines/place/applyMaps'
import { cropAround, miniScene } from '@/pipelines/place/miniScene'
import { miniSigmas } from '@/pipelines/place/place'
import { smoothChroma } from '@/pipelines/place/smoothChroma'

function raster(
  width: number,
  height: number,
  pixel: (x: number, y: number) => [number, number, number, number],
): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(pixel(x, y), 4 * (y * width + x))
  return { width, height, data }
}

const background = raster(200, 120, (x, y) => [x, y, (x * y) % 256, 255])
const disc = raster(40, 40, (x, y) => [200, 40, 40, Math.hypot(x - 19.5, y - 19.5) < 18 ? 255 : 0])
const placement = {
  box: { x: 90, y: 40, width: 40, height: 40 },
  stretch: false,
  rotationDegrees: 0,
  flipX: false,
}
const SIZE = 32

function scene(box = placement.box) {
  const placed = placeForeground(disc, { ...placement, box }, background)
  const composite = compositeOver(background, placed)
  const words = new Int32Array(16)
  return {
    placed,
    composite,
    ...miniScene(background, composite, disc, { ...placement, box }, placed, words, SIZE),
  }
}

const maps = (gain: number, offset: number) => ({
  gain: new Float32Array(3 * SIZE * SIZE).fill(gain),
  offset: new Float32Array(3 * SIZE * SIZE).fill(offset),
})

describe('the crop', () => {
  it('holds the object and lies inside the picture where it fits', () => {
    const side = fc.integer({ min: 10, max: 4000 })
    fc.assert(
      fc.property(
        side,
        side,
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (width, height, u, v) => {
          const box = { x: u * width, y: v * height, width: width * 0.1, height: height * 0.1 }
          const crop = cropAround(box, { width, height })
          expect(crop.width).toBe(crop.height)
          expect(crop.x).toBeLessThanOrEqual(box.x + 1e-6)
          expect(crop.x + crop.width).toBeGreaterThanOrEqual(box.x + box.width - 1e-6)
          expect(crop.y).toBeLessThanOrEqual(box.y + 1e-6)
          expect(crop.y + crop.height).toBeGreaterThanOrEqual(box.y + box.height - 1e-6)
          if (crop.width <= Math.min(width, height)) {
            expect(crop.x).toBeGreaterThanOrEqual(-1e-6)
            expect(crop.x + crop.width).toBeLessThanOrEqual(width + 1e-6)
          }
        },
      ),
    )
  })
})

describe("Mini's scene", () => {
  it('maps the foreground canvas onto the object in the crop', () => {
    const { scene: seen, crop, placed } = scene()
    const { a, d, tx, ty } = seen.affine
    const perPixel = SIZE / crop.width
    // The object fills 0.9 of its canvas, centred: its left edge is at 0.05 S.
    expect(a * 0.05 * SIZE + tx).toBeCloseTo((placed.contentRect.x - crop.x) * perPixel, 3)
    expect(d * 0.95 * SIZE + ty).toBeCloseTo(
      (placed.contentRect.y + placed.contentRect.height - crop.y) * perPixel,
      3,
    )
    expect(seen.foreground[0]).toBe(1) // white around the object
    expect(seen.foreground[3 * SIZE * SIZE]).toBe(-1) // where alpha is 0
    expect(seen.foreground[3 * SIZE * SIZE + (SIZE / 2) * SIZE + SIZE / 2]).toBe(1)
  })
})

describe('applying the maps', () => {
  it('changes nothing where they are 0', () => {
    const { composite, placed, crop, scene: seen } = scene()
    expect(applyMaps(composite, placed, crop, maps(0, 0), seen.alpha, SIZE).data).toEqual(composite.data)
  })

  it('changes nothing outside the crop, and alpha nowhere', () => {
    const { composite, placed, crop, scene: seen } = scene()
    const result = applyMaps(composite, placed, crop, maps(-0.5, 0.01), seen.alpha, SIZE)
    let changed = 0
    for (let y = 0; y < 120; y++)
      for (let x = 0; x < 200; x++)
        for (let c = 0; c < 4; c++) {
          const i = 4 * (y * 200 + x) + c
          const inside =
            x >= Math.floor(crop.x) &&
            x < Math.ceil(crop.x + crop.width) &&
            y >= Math.floor(crop.y) &&
            y < Math.ceil(crop.y + crop.height)
          if (!inside || c === 3) expect(result.data[i]).toBe(composite.data[i])
          else if (result.data[i] !== composite.data[i]) changed++
        }
    expect(changed).toBeGreaterThan(1000)
  })

  it('leaves no edge where the crop ends inside the picture', () => {
    const { composite, placed, crop, scene: seen } = scene()
    const result = applyMaps(composite, placed, crop, maps(0, 0.3), seen.alpha, SIZE)
    const at = (x: number, y: number) => 4 * (y * 200 + x) + 2
    const y = Math.round(crop.y + crop.height / 2)
    const left = Math.ceil(crop.x)
    const jump = result.data[at(left, y)] - composite.data[at(left, y)]
    expect(Math.abs(jump)).toBeLessThan(12) // of the 76 inside
    const inside = at(left + Math.round(crop.width * 0.1), y)
    expect(result.data[inside]).toBeGreaterThan(composite.data[inside])
  })

  it('lets no light of the object spill over its outline', () => {
    const { composite, placed, crop, scene: seen } = scene()
    const lit = maps(0, 0)
    // Only samples well inside the object are brightened.
    seen.alpha.forEach((alpha, i) => {
      if (alpha > 0.99) for (let c = 0; c < 3; c++) lit.offset[c * SIZE * SIZE + i] = 0.5
    })
    const result = applyMaps(composite, placed, crop, lit, seen.alpha, SIZE)
    const at = (x: number, y: number) => 4 * (y * 200 + x) + 1
    expect(result.data[at(110, 60)] - composite.data[at(110, 60)]).toBeGreaterThan(110) // object's middle
    const beside = at(88, 60) // 4 px left of the disc
    expect(Math.abs(result.data[beside] - composite.data[beside])).toBeLessThan(12)
  })
})

describe('smoothing the colour of light', () => {
  const area = SIZE * SIZE
  const alpha = Float32Array.from({ length: area }, (_, i) => (i % SIZE < SIZE / 2 ? 1 : 0))

  it('keeps grey light to the bit of its rounding, however sharp', () => {
    const light = maps(0, 0)
    light.gain.forEach((_, i) => (light.gain[i] = Math.sin((i % area) * 12.9)))
    const before = light.gain.slice()
    smoothChroma(light, alpha, SIZE)
    light.gain.forEach((value, i) => expect(value).toBeCloseTo(before[i], 5))
  })

  it('evens out colour on each side of the outline, and carries none across', () => {
    const light = maps(0, 0)
    for (let i = 0; i < area; i++) {
      light.offset[i] = alpha[i] * (0.3 + 0.2 * ((i % 2) - 0.5)) // red, uneven, on the object alone
    }
    smoothChroma(light, alpha, SIZE)
    const chroma = (i: number) => light.offset[i] - light.offset[area + i]
    expect(chroma(10 * SIZE + 5)).toBeCloseTo(0.3, 1)
    expect(Math.abs(chroma(10 * SIZE + 5) - chroma(10 * SIZE + 6))).toBeLessThan(0.02)
    expect(chroma(10 * SIZE + SIZE / 2 + 1)).toBe(0)
  })
})

it('starts at the strength and ends at 0', () => {
  expect(miniSigmas(4, 0.8)).toEqual([0.8, 0.6000000000000001, 0.4, 0.2, 0])
})
