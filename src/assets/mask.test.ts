import { describe, expect, it } from 'vitest'

import {
  blankMask,
  boundsOf,
  inverted,
  isEven,
  keptThrough,
  maskOf,
  maskSizeOf,
  rasterOf,
} from '@/assets/mask'
import { samplePlane } from '@/assets/matte'
import { compositeOver } from '@/assets/paste'
import { randomRaster } from '@/assets/testImages'
import type { Mask, Raster } from '@/base/geometry'

const random = (width: number, height: number): Mask => {
  const { data } = randomRaster(width, height, 7)
  return { width, height, values: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]) }
}

/** Whatever its size, cell by cell as a plane of numbers is read, and mixed premultiplied in f64. */
function reference(mask: Mask, above: Raster, below: Raster): number[] {
  const plane = { ...mask, values: Float32Array.from(mask.values) }
  return Array.from(below.data, (_, at) => {
    const pixel = Math.floor(at / 4)
    const x = ((pixel % below.width) + 0.5) / below.width
    const y = (Math.floor(pixel / below.width) + 0.5) / below.height
    const share = samplePlane(plane, x, y) / 255
    const [own, other] = [above.data[4 * pixel + 3] * share, below.data[4 * pixel + 3] * (1 - share)]
    const c = at % 4
    if (c === 3) return own + other
    return own + other > 0 ? (above.data[at] * own + below.data[at] * other) / (own + other) : Number.NaN
  })
}

describe('a picture that is kept through a mask', () => {
  it.each([
    [1, 1, 9, 7],
    [5, 3, 31, 17],
    [17, 31, 17, 31],
    [23, 40, 9, 13],
    [1, 8, 3, 50],
  ])('of %i x %i cells is the mean of both, %i x %i px', (columns, rows, width, height) => {
    const mask = random(columns, rows)
    const [above, below] = [randomRaster(width, height, 1), randomRaster(width, height, 2)]
    const { data } = keptThrough(mask, above, below)
    const wrong = reference(mask, above, below).filter((value, at) => Math.abs(data[at] - value) > 0.51)
    expect(wrong).toHaveLength(0)
  })

  it('keeps the bits of both where the mask is even, transparent ones too', () => {
    const [above, below] = [randomRaster(21, 13, 3), randomRaster(21, 13, 4)]
    expect(keptThrough(blankMask({ width: 3, height: 2 }, 255), above, below)).toEqual(above)
    expect(keptThrough(blankMask({ width: 3, height: 2 }), above, below)).toEqual(below)
  })

  it('mixes as a foreground of that alpha lies over an opaque picture', () => {
    const [above, below] = [randomRaster(21, 13, 3, true), randomRaster(21, 13, 4, true)]
    const mask = random(21, 13)
    const image = {
      ...above,
      data: above.data.map((byte, at) => (at % 4 === 3 ? mask.values[at >> 2] : byte)),
    }
    const rect = { x: 0, y: 0, width: 21, height: 13 }
    const over = compositeOver(below, { rect, image, contentRect: rect })
    const worst = keptThrough(mask, above, below).data.reduce(
      (most, byte, at) => Math.max(most, Math.abs(byte - over.data[at])),
      0,
    )
    expect(worst).toBeLessThanOrEqual(1)
  })
})

describe('a mask', () => {
  it('comes back from its picture, and twice inverted', () => {
    const mask = random(13, 9)
    expect(maskOf(rasterOf(mask))).toEqual(mask)
    expect(inverted(inverted(mask))).toEqual(mask)
    expect(isEven(inverted(blankMask(mask, 255)), 0)).toBe(true)
    expect(isEven(mask, 0)).toBe(false)
  })

  it('has the size of its picture, or less', () => {
    expect(maskSizeOf({ width: 640, height: 481 })).toEqual({ width: 640, height: 481 })
    expect(maskSizeOf({ width: 4000, height: 3000 })).toEqual({ width: 1024, height: 768 })
    expect(maskSizeOf({ width: 3, height: 9000 })).toEqual({ width: 1, height: 1024 })
  })

  it('knows where something is painted', () => {
    const mask = blankMask({ width: 11, height: 7 })
    expect(boundsOf(mask)).toBeNull()
    mask.values[2 * 11 + 3] = 1
    mask.values[5 * 11 + 9] = 255
    expect(boundsOf(mask)).toEqual({ x: 3, y: 2, width: 7, height: 4 })
  })
})
