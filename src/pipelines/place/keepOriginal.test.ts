import { describe, expect, it } from 'vitest'

import { pilBicubic, type Samples } from '@/assets/pilResize'
import type { Raster } from '@/base/geometry'
import { onWhite } from '@/pipelines/shared/samples'
import { keepOriginal } from '@/pipelines/place/keepOriginal'

const SIDE = 64

/** A picture with detail that no 64x64 version of it can hold. */
function checkered(width: number, height: number): Raster {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let i = 0; i < width * height; i++) {
    const value = 120 + 40 * ((i + Math.floor(i / width)) % 2)
    data.set([value, value - 20, 90, 200], 4 * i)
  }
  return { width, height, data }
}

const opaque = (raster: Raster): Raster => ({
  ...raster,
  data: raster.data.map((value, i) => (i % 4 === 3 ? 255 : value)),
})
const emptyMask = (): Samples => ({
  width: SIDE,
  height: SIDE,
  channels: 1,
  data: new Uint8ClampedArray(SIDE * SIDE),
})

/** Where `inside`, every channel plus `by`. */
function altered(base: Samples, by: number, inside: (x: number, y: number) => boolean): Samples {
  const data = base.data.map((value, i) => {
    const pixel = Math.floor(i / 3)
    return inside(pixel % SIDE, Math.floor(pixel / SIDE)) ? value + by : value
  })
  return { ...base, data }
}

const box = (x: number, y: number) => x >= 20 && x < 44 && y >= 20 && y < 44

describe('compositing over the original', () => {
  const original = checkered(256, 192)
  const reconstruction = pilBicubic(onWhite(opaque(original)), SIDE, SIDE)
  /** The result's pixel in the middle of a bucket pixel, and the original's there. */
  const at = (raster: Raster, x: number, y: number) => {
    const index = 4 * (Math.floor(3 * (y + 0.5)) * 256 + Math.floor(4 * (x + 0.5)))
    return [...raster.data.subarray(index, index + 4)]
  }

  it('keeps every bit where nothing changed, and where nothing visible did', () => {
    expect(keepOriginal(original, reconstruction, reconstruction, emptyMask())).toEqual(original)
    const drifted = altered(reconstruction, 3, () => true)
    expect(keepOriginal(original, drifted, reconstruction, emptyMask())).toEqual(original)
  })

  it('adds a shadow to the sharp picture', () => {
    const shadow = altered(reconstruction, -20, box)
    const result = keepOriginal(original, shadow, reconstruction, emptyMask())
    for (const [x, y] of [
      [30, 30],
      [31, 33],
    ]) {
      const [red, green, blue, alpha] = at(original, x, y)
      expect(at(result, x, y)).toEqual([red - 20, green - 20, blue - 20, alpha])
    }
    expect(at(result, 5, 5)).toEqual(at(original, 5, 5))
    // No step anywhere along the seam: pixels of equal phase differ as the shadow itself does.
    for (let x = 2; x < 256; x++) {
      const index = 4 * (96 * 256 + x)
      expect(Math.abs(result.data[index] - result.data[index - 8])).toBeLessThan(15)
    }
  })

  it('takes the object from the model, even where it looks as before', () => {
    const object = emptyMask()
    for (let i = 0; i < SIDE * SIDE; i++) if (box(i % SIDE, Math.floor(i / SIDE))) object.data[i] = 255
    const generated = altered(reconstruction, 2, box)
    const result = keepOriginal(original, generated, reconstruction, object)
    const index = 3 * (30 * SIDE + 30)
    expect(at(result, 30, 30).slice(0, 3)).toEqual([...generated.data.subarray(index, index + 3)])
    expect(at(result, 30, 30)[0]).not.toBe(at(original, 30, 30)[0] + 2)
    expect(at(result, 5, 5)).toEqual(at(original, 5, 5))
  })

  it('replaces where there is something else now', () => {
    const generated = altered(reconstruction, 100, box)
    const result = keepOriginal(original, generated, reconstruction, emptyMask())
    const index = 3 * (30 * SIDE + 30)
    expect(at(result, 30, 30).slice(0, 3)).toEqual([...generated.data.subarray(index, index + 3)])
  })
})
