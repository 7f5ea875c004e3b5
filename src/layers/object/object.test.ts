import { describe, expect, it } from 'vitest'

import type { PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import { noise as random } from '@/assets/testImages'
import type { Raster, Rect } from '@/base/geometry'
import { toEncoded, toLinear } from '@/base/srgb'
import { withCleanEdge } from '@/layers/object/edge'
import { blurred, missingBlur, noisy, withGrain } from '@/layers/object/grain'
import { dressed } from '@/layers/object/look'
import { coarseRow, missingNoise, noiseOf, unitNoise } from '@/layers/object/noise'
import { blurOf } from '@/layers/object/sharpness'
import { tilesOf } from '@/layers/object/surroundings'
import { withTone, type ToneGrid } from '@/layers/object/tone'

type Colour = readonly [number, number, number, number]

const drawn = (width: number, height: number, colour: (x: number, y: number) => Colour): Raster => {
  const raster = blankRaster(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raster.data.set(colour(x, y), (y * width + x) * 4)
  return raster
}
const whole = ({ width, height }: Raster): Rect => ({ x: 0, y: 0, width, height })
const placedAt = (x: number, y: number, image: Raster): PlacedRaster => {
  const rect = { x, y, width: image.width, height: image.height }
  return { rect, image, contentRect: rect }
}

/** A ragged disc with a soft rim, its colours and its transparent pixels' bytes at random. */
function ragged(width: number, height: number): Raster {
  const uniform = random(width * 1000 + height)
  return drawn(width, height, (x, y) => {
    const far = Math.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) + 0.08 * uniform()
    const alpha = Math.min(255, Math.max(0, (0.45 - far) * 1200))
    return [255 * uniform(), 255 * uniform(), 255 * uniform(), Math.round(alpha)]
  })
}

/** Slanted steps between two greys under a Gaussian blur, with white noise. */
const steps = (size: number, sigma: number, noise = 0): Raster =>
  drawn(size, size, (x, y) => {
    let sum = 0
    for (let i = 0; i < 16; i++) {
      const along = (x + ((i % 4) + 0.5) / 4) * Math.cos(0.2) + (y + ((i >> 2) + 0.5) / 4) * Math.sin(0.2)
      const t = along % 80
      sum += 60 + 120 * (normalShare((t - 20) / sigma) - normalShare((t - 60) / sigma))
    }
    const grey = sum / 16 + noise * unitNoise(x, y, 5)
    return [grey, grey, grey, 255]
  })
/** Share of a normal distribution below z (logistic approximation, within 0.001). */
const normalShare = (z: number): number => 1 / (1 + Math.exp(-1.5976 * z - 0.07056 * z ** 3))

const NONE = { edge: 0, relight: 0, tone: 0, grain: 0, grass: 0 }
const PHOTO = steps(160, 1.5, 2)

const PLACE = { photo: PHOTO, lights: [] }

describe('the layers of an object', () => {
  it.each([
    [41, 57],
    [1, 1],
    [2, 3],
  ])(
    'keep its bits where their amounts are 0, and its alpha and what nobody sees otherwise: %i x %i',
    (w, h) => {
      const placed = placedAt(60, 50, ragged(w, h))
      expect(dressed(placed, { geometry: null, lift: 0 }, PLACE, NONE, 0)).toBe(placed)
      const after = dressed(placed, { geometry: null, lift: 0 }, PLACE, { ...NONE, edge: 1, tone: 1 }, 0)
      for (let at = 0; at < placed.image.data.length; at += 4) {
        expect(after.image.data[at + 3]).toBe(placed.image.data[at + 3])
        if (placed.image.data[at + 3] === 0)
          expect([...after.image.data.subarray(at, at + 3)]).toEqual([
            ...placed.image.data.subarray(at, at + 3),
          ])
      }
    },
  )
})

describe('edge', () => {
  /** A disc of this colour, cut out of a green wall with its mixed rim. */
  const fromGreen = (colour: readonly [number, number, number]): PlacedRaster =>
    placedAt(
      0,
      0,
      drawn(61, 61, (x, y) => {
        const alpha = Math.min(1, Math.max(0, (26 - Math.hypot(x - 30, y - 30)) / 4))
        const mixed = [20, 220, 40].map((green, c) => alpha * colour[c] + (1 - alpha) * green)
        return [mixed[0], mixed[1], mixed[2], 255 * alpha]
      }),
    )
  const worst = ({ image }: PlacedRaster, colour: readonly number[]): number => {
    let most = 0
    for (let at = 0; at < image.data.length; at += 4)
      if (image.data[at + 3] > 20)
        for (let c = 0; c < 3; c++) {
          const seen = (Math.abs(image.data[at + c] - colour[c]) * image.data[at + 3]) / 255
          most = Math.max(most, seen)
        }
    return most
  }

  it('takes the old background out of the rim, as far as it is asked to', () => {
    const colour = [180, 120, 90] as const
    const placed = fromGreen(colour)
    const [before, half, after] = [0, 0.5, 1].map((amount) => worst(withCleanEdge(placed, amount), colour))
    expect(before).toBeGreaterThan(35)
    expect(half).toBeLessThan(0.7 * before)
    expect(after).toBeLessThan(0.5 * before)
  })

  it('leaves fair hair before a dark coat fair: no background can have lit it', () => {
    // A dark body with a strand beside it, half covered and brighter than half of white.
    const placed = placedAt(
      0,
      0,
      drawn(40, 20, (x) => (x < 20 ? [30, 30, 30, 255] : x < 23 ? [220, 200, 150, 150] : [0, 0, 0, 0])),
    )
    const { image } = withCleanEdge(placed, 1)
    const at = (10 * 40 + 22) * 4
    expect(image.data[at]).toBeGreaterThan(160)
  })
})

describe('grain', () => {
  it.each([0.5, 0.8, 1.2, 2])('reads the blur of edges: %f px', (sigma) => {
    for (const noise of [0, 2]) {
      const picture = steps(170, sigma, noise)
      const read = blurOf(tilesOf(picture, whole(picture)))!
      expect(Math.abs(read - sigma) / sigma).toBeLessThan(0.15)
    }
  })

  it('reads the noise of what is even, fine and coarse, and none where nothing is', () => {
    const noise = (fine: number, coarse: number) => {
      const rows = Array.from({ length: 256 }, (_, y) => coarseRow(0, y, 256, 7))
      const picture = drawn(256, 256, (x, y) => {
        const grey = 40 + 0.7 * x + fine * unitNoise(x, y, 3) + coarse * rows[y][x]
        return [grey, grey, grey, 255]
      })
      return noiseOf(tilesOf(picture, whole(picture)))!
    }
    for (const value of noise(2, 0).fine) expect(Math.abs(value - 2)).toBeLessThan(0.5)
    const both = noise(2, 2)
    for (const value of both.fine) expect(Math.abs(value - 2)).toBeLessThan(0.6)
    for (const value of both.coarse) expect(Math.abs(value - 2)).toBeLessThan(0.8)
    expect(Math.max(...noise(0, 0).fine)).toBeLessThan(0.6)
    const empty = blankRaster(80, 80)
    expect(noiseOf(tilesOf(empty, whole(empty)))).toBeNull()
  })

  it('adds only what is missing, and nothing where an object is softer and noisier', () => {
    expect(missingNoise({ fine: [1, 3], coarse: [0, 0] }, { fine: [1.5, 2], coarse: [2, 0] })).toEqual({
      fine: [Math.sqrt(1.25), 0],
      coarse: [2, 0],
    })
    const sharp = placedAt(20, 20, steps(120, 0.4))
    const soft = placedAt(20, 20, steps(120, 2.2))
    expect(missingBlur(sharp, PHOTO)).toBeGreaterThan(1)
    expect(missingBlur(soft, PHOTO)).toBe(0)
    const even = drawn(90, 90, () => [120, 130, 140, 255])
    expect(missingBlur(placedAt(20, 20, even), PHOTO)).toBe(0)
    expect(missingBlur(sharp, even)).toBe(0)
    const noisier = placedAt(20, 20, steps(120, 2.2, 3.5))
    const unlike = withGrain(noisier, steps(160, 1.5), 1, 0).image.data.filter(
      (byte, at) => byte !== noisier.image.data[at],
    )
    expect(unlike.length).toBe(0)
  })

  it.each([
    { name: 'inside', x: 20, y: 20, w: 23, h: 17 },
    { name: 'cut by two borders', x: 0, y: 31, w: 19, h: 20 },
    { name: 'one pixel', x: 30, y: 30, w: 1, h: 1 },
  ])('blurs colour and alpha as the slow reference: $name', ({ x, y, w, h }) => {
    const picture = { width: 51, height: 51 }
    const placed = placedAt(x, y, ragged(w, h))
    const sigma = 1.3
    const ours = blurred(placed, sigma, picture)
    const radius = Math.ceil(3 * sigma)
    const pixel = (u: number, v: number, c: number): number => {
      const column = Math.min(50, Math.max(0, u)) - x
      const row = Math.min(50, Math.max(0, v)) - y
      if (column < 0 || row < 0 || column >= w || row >= h) return 0
      const at = (row * w + column) * 4
      return c === 3
        ? placed.image.data[at + 3]
        : (placed.image.data[at + c] * placed.image.data[at + 3]) / 255
    }
    for (let v = 0; v < ours.rect.height; v++)
      for (let u = 0; u < ours.rect.width; u++) {
        const sums = [0, 0, 0, 0]
        let total = 0
        for (let j = -radius; j <= radius; j++)
          for (let i = -radius; i <= radius; i++) {
            const weight = Math.exp(-(i * i + j * j) / (2 * sigma * sigma))
            total += weight
            for (let c = 0; c < 4; c++) sums[c] += weight * pixel(ours.rect.x + u + i, ours.rect.y + v + j, c)
          }
        const at = (v * ours.rect.width + u) * 4
        expect(Math.abs(ours.image.data[at + 3] - sums[3] / total)).toBeLessThan(0.51)
        for (let c = 0; c < 3; c++)
          if (sums[3] / total > 1)
            expect(Math.abs(ours.image.data[at + c] - (255 * sums[c]) / sums[3])).toBeLessThan(0.51)
      }
  })

  it('is the same noise in every part and at every time, of variance one', () => {
    const noise = { fine: [3, 3, 3, 3], coarse: [2, 2, 2, 2] }
    const grey = (width: number, height: number) => drawn(width, height, () => [120, 120, 120, 255])
    const all = noisy(placedAt(5, 9, grey(64, 64)), noise, 1, 2).image
    const part = noisy(placedAt(25, 19, grey(20, 10)), noise, 1, 2).image
    for (let y = 0; y < 10; y++)
      for (let x = 0; x < 20; x++)
        expect(part.data[(y * 20 + x) * 4]).toBe(all.data[((y + 10) * 64 + x + 20) * 4])
    const other = noisy(placedAt(5, 9, grey(64, 64)), noise, 1, 3).image
    expect(other.data.some((byte, at) => byte !== all.data[at])).toBe(true)
    const moments = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length }
    }
    for (const values of [
      Array.from({ length: 40000 }, (_, i) => unitNoise(i % 200, Math.floor(i / 200), 11)),
      Array.from({ length: 200 }, (_, y) => [...coarseRow(0, y, 200, 11)]).flat(),
    ]) {
      const { mean, variance } = moments(values)
      expect(Math.abs(mean)).toBeLessThan(0.03)
      expect(Math.abs(variance - 1)).toBeLessThan(0.05)
    }
  })
})

describe('tone', () => {
  it('is the affine of linear light between the cells around a pixel', () => {
    const uniform = random(4)
    const grid: ToneGrid = {
      columns: 3,
      rows: 2,
      affines: Float32Array.from(
        { length: 72 },
        (_, k) => (k % 5 === 0 && k % 12 < 11 ? 0.8 : 0) + 0.1 * uniform(),
      ),
    }
    const image = ragged(37, 29)
    const placed = { ...placedAt(-3, 4, image), contentRect: { x: -3.4, y: 3.7, width: 37.8, height: 29.5 } }
    const ours = withTone(placed, grid, 0.7).image
    const ease = (t: number) => t * t * (3 - 2 * t)
    for (let y = 0; y < 29; y++)
      for (let x = 0; x < 37; x++) {
        const at = (y * 37 + x) * 4
        if (image.data[at + 3] === 0) continue
        const column = Math.min(2, Math.max(0, ((x - 3 + 0.5 + 3.4) / 37.8) * 3 - 0.5))
        const row = Math.min(1, Math.max(0, ((y + 4 + 0.5 - 3.7) / 29.5) * 2 - 0.5))
        const linear = [0, 1, 2].map((c) => toLinear(image.data[at + c] / 255))
        for (let c = 0; c < 3; c++) {
          let toned = 0
          for (const [r, c0] of [0, 1].flatMap((r) => [0, 1, 2].map((c1) => [r, c1]))) {
            const weight =
              ease(Math.max(0, 1 - Math.abs(row - r))) * ease(Math.max(0, 1 - Math.abs(column - c0)))
            const affine = grid.affines.subarray((r * 3 + c0) * 12 + 4 * c)
            toned +=
              weight * (affine[0] * linear[0] + affine[1] * linear[1] + affine[2] * linear[2] + affine[3])
          }
          const mixed = Math.max(0, linear[c] + 0.7 * (toned - linear[c]))
          expect(Math.abs(ours.data[at + c] - Math.min(255, 255 * toEncoded(mixed)))).toBeLessThan(0.51)
        }
      }
  })
})
