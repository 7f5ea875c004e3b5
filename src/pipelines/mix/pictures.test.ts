import { describe, expect, it } from 'vitest'

import { pilBicubic } from '@/assets/pilResize'
import type { Raster } from '@/base/geometry'
import { apartness, meanOf } from '@/pipelines/mix/apart'
import { cropOf, squeezed } from '@/pipelines/mix/crops'
import { mixture } from '@/pipelines/mix/mixture'
import { nearestPixels } from '@/pipelines/mix/objects'
import { partsOf } from '@/pipelines/mix/parts'
import { slerp } from '@/pipelines/mix/slerp'
import { unit } from '@/pipelines/shared/features'
import { onWhite } from '@/pipelines/shared/samples'

function raster(width: number, height: number, pixel: (x: number, y: number) => number[]): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(pixel(x, y), 4 * (y * width + x))
  return { width, height, data }
}
const waves = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(0.7371 * i + 1.913 * seed))

describe('a mixture of tokens', () => {
  const width = 6
  const three = [1, 2, 3].map((seed) => waves(4 * width, seed))
  const shares = [0.5, 0.2, 0.3]

  it.each(['released', 'true', 'whole'] as const)('of three does not depend on their order, %s', (mode) => {
    const one = mixture(three, shares, width, mode).tokens
    const other = mixture([three[2], three[0], three[1]], [0.3, 0.5, 0.2], width, mode).tokens
    one.forEach((value, i) => expect(other[i]).toBeCloseTo(value, 5))
  })

  it('of three of which one has all is that one, and two alike count as one', () => {
    const all = mixture(three, [0, 1, 0], width, 'true').tokens
    all.forEach((value, i) => expect(value).toBeCloseTo(three[1][i], 5))
    const units = three.map((one) => unit(one))
    const twice = mixture([units[0], units[0], units[1]], [0.3, 0.3, 0.4], 4 * width, 'whole').tokens
    const pair = slerp(units[0], units[1], 4 * width, 0.4, 'whole').tokens
    twice.forEach((value, i) => expect(value).toBeCloseTo(pair[i], 5))
  })

  it('of two is the authors’, to the bit', () => {
    const [a, b] = three
    expect(mixture([a, b], [0.6, 0.4], width, 'released')).toEqual(slerp(a, b, width, 0.4, 'released'))
  })

  it('goes around tokens without a direction', () => {
    const zero = new Float32Array(width)
    const { tokens, turned } = mixture([zero, three[0].slice(0, width), zero], [0.5, 0.5, 0], width, 'true')
    expect(turned).toBe(0)
    expect(tokens[1]).toBeCloseTo(three[0][1] / 2, 6)
  })
})

describe('what of a picture is scored', () => {
  const nobody = () => Promise.resolve({ width: 4, height: 4, values: new Uint8Array(16) })
  const plain = { mean: [0, 0, 0], deviation: [1, 1, 1] }

  it('is its outline, what is found in it, or all', async () => {
    const cut = raster(40, 30, (x, y) => [9, 9, 9, x >= 10 && x < 30 && y >= 6 && y < 27 ? 255 : 0])
    expect(await cropOf(cut, nobody)).toEqual({
      rect: { x: 10, y: 6, width: 20, height: 21 },
      from: 'outline',
    })
    const photo = raster(50, 30, () => [9, 9, 9, 255])
    expect(await cropOf(photo, nobody)).toEqual({
      rect: { x: 0, y: 0, width: 50, height: 30 },
      from: 'whole',
    })
    const values = Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 1 || i % 4 === 2 ? 200 : 90))
    const found = await cropOf(photo, () => Promise.resolve({ width: 4, height: 4, values }))
    // 12.5 and 37.5, cut.
    expect(found).toEqual({ rect: { x: 12, y: 0, width: 25, height: 30 }, from: 'found' })
  })

  it.each([
    [37, 23, 14],
    [9, 60, 21],
  ])('of %d x %d is squeezed as Pillow does, but for rounding', (width, height, side) => {
    // Far from black and white: Pillow clamps between its two passes.
    const picture = raster(width, height, (x, y) => [
      Math.round(128 + 60 * Math.sin(0.7 * x + 0.3 * y)),
      90 + ((x * y) % 40),
      100 + y,
      255,
    ])
    const ours = squeezed(picture, { x: 0, y: 0, width, height }, side, plain)
    const pillow = pilBicubic(onWhite(picture), side, side)
    for (let c = 0; c < 3; c++)
      for (let pixel = 0; pixel < side * side; pixel++) {
        const value = Math.min(255, Math.max(0, 255 * ours[c * side * side + pixel]))
        expect(Math.abs(value - pillow.data[3 * pixel + c])).toBeLessThan(1.6)
      }
  })

  it('comes from pixels that are taken as they are', () => {
    const picture = raster(5, 3, (x, y) => [x, y, 0, 255])
    const { data } = nearestPixels(picture, 4)
    expect([0, 1, 2, 3].map((x) => data[4 * x])).toEqual([0, 1, 3, 4])
    expect([0, 1, 2, 3].map((y) => data[16 * y + 1])).toEqual([0, 1, 1, 2])
  })
})

describe('objects side by side', () => {
  const width = 8
  const [first, second] = [1, 9].map((seed) => unit(waves(width, seed)))
  const side = 6
  const patches = (isFirst: (row: number, column: number) => number) =>
    Float32Array.from({ length: side * side * width }, (_, at) => {
      const [cell, c] = [Math.floor(at / width), at % width]
      const share = isFirst(Math.floor(cell / side), cell % side)
      return share * first[c] + (1 - share) * second[c]
    })
  const apart = (isFirst: (row: number, column: number) => number) =>
    apartness(patches(isFirst), side, [first, second])

  it('are told from one object that has both, and from one of the two alone', () => {
    const beside = apart((_, column) => (column < 3 ? 1 : 0))
    expect(beside).toBeGreaterThan(0.3)
    expect(apart((row) => (row < 3 ? 0 : 1))).toBeCloseTo(beside, 5)
    expect(apart(() => 0.5)).toBeCloseTo(0, 6)
    expect(apart((row, column) => (row + column) % 2)).toBeCloseTo(0, 6)
    expect(apart(() => 1)).toBeCloseTo(0, 6)
    // The score alone sees both in each.
    const seen = (of: Float32Array) => unit(meanOf(of, side, width, () => true))
    const [one, two] = [patches(() => 0.5), patches((_, column) => (column < 3 ? 1 : 0))].map(seen)
    one.forEach((value, c) => expect(value).toBeCloseTo(two[c], 5))
  })
})

describe('places that one object has alone', () => {
  const grid = { rows: 4, columns: 4 }
  const tokens = [waves(6, 1), waves(6, 2)]
  const half = { x: 0, y: 0, width: 0.5, height: 1 }

  it('are blurred by one token, and count together at most once', () => {
    const [only, ...none] = partsOf([{ object: 1, box: half }], tokens, grid)
    expect(none).toEqual([])
    expect(only.tokens).toBe(tokens[1])
    const row = [...only.weights.subarray(4, 8)].map((weight) => Number(weight.toFixed(4)))
    expect(row).toEqual([1, 0.6667, 0.3333, 0])
    const both = partsOf(
      [
        { object: 0, box: half },
        { object: 1, box: { ...half, width: 1 } },
      ],
      tokens,
      grid,
    )
    both[0].weights.forEach((weight, at) =>
      expect(weight + both[1].weights[at]).toBeLessThanOrEqual(1 + 1e-6),
    )
    expect(both[0].weights[4]).toBeCloseTo(0.5, 6)
  })

  it('are none where none is drawn', () => expect(partsOf([], tokens, grid)).toEqual([]))
})
