import { describe, expect, it } from 'vitest'

import type { Raster } from '@/base/geometry'
import { areaSize, composePrompt, prepareReference } from '@/pipelines/compose/referencePrep'

function plain(width: number, height: number, rgba: [number, number, number, number]): Raster {
  const data = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < data.length; i += 4) data.set(rgba, i)
  return { width, height, data }
}

describe('the size of a reference', () => {
  it.each([
    [1024, 1024, 512, 512, 512],
    [1000, 500, 512, 720, 352], // 724.07, 362.03
    [300, 400, 512, 432, 576], // 443.4, 591.2
    [1920, 1080, 576, 768, 432], // 768, 432
    [16, 16, 1024, 1024, 1024],
    [5000, 2, 256, 12800, 16],
  ])('%dx%d at %d is %dx%d', (width, height, size, wide, high) => {
    expect(areaSize({ width, height }, size)).toEqual({ width: wide, height: high })
  })
})

describe('a reference', () => {
  it.each(['subject', 'style', 'tryOn'] as const)('as %s lies on white', (role) => {
    const picture = plain(400, 300, [255, 0, 51, 255])
    for (let y = 0; y < 300; y++) for (let x = 200; x < 400; x++) picture.data[4 * (y * 400 + x) + 3] = 0
    const { width, height, pixels } = prepareReference(picture, role, null, 256)
    expect([width, height, pixels.length]).toEqual([288, 208, 3 * 288 * 208])
    const at = (c: number, x: number, y: number) => pixels[(c * height + y) * width + x]
    expect([at(0, 5, 100), at(1, 5, 100)]).toEqual([1, -1])
    expect(at(2, 5, 100)).toBeCloseTo(-0.6, 6)
    expect([at(0, 280, 100), at(1, 280, 100), at(2, 280, 100)]).toEqual([1, 1, 1])
  })

  it('as identity is the square around the face, white beyond the picture', () => {
    // Shrunk by two: the face is 100x200 at (0, 400), its square 200x200 from x = -50.
    const picture = plain(2048, 1500, [0, 0, 0, 255])
    const face = { x: 0, y: 800, width: 200, height: 400 }
    const { width, height, pixels } = prepareReference(picture, 'identity', face, 256)
    expect([width, height]).toEqual([512, 512])
    const row = pixels.subarray(256 * 512, 257 * 512)
    // 100 of 400 pixels lie outside: 128 of 512.
    expect([...row.subarray(0, 126)].every((value) => value === 1)).toBe(true)
    expect([...row.subarray(130)].every((value) => value === -1)).toBe(true)
    expect(prepareReference(picture, 'identity', null, 256)).toMatchObject({ width: 288, height: 208 })
  })

  it('of style puts its words before the prompt once', () => {
    expect(composePrompt('a cat', ['subject', 'tryOn'])).toBe('a cat')
    const styled = composePrompt('a cat', ['style'])
    expect(styled).toBe('generate a same style image. a cat')
    expect(composePrompt(styled, ['style'])).toBe(styled)
  })
})
