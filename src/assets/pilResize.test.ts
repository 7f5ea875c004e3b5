import { describe, expect, it } from 'vitest'

import { pilBicubic, type Samples } from '@/assets/pilResize'

/** Bytes without a pattern that a filter could hide in. */
function noise(width: number, height: number, channels: number): Samples {
  const seed = width + height
  const data = Uint8ClampedArray.from(
    { length: width * height * channels },
    (_, i) => (i * 7919 + seed * 104729 + ((i * i) % 251) * 13) % 256,
  )
  return { width, height, channels, data }
}

/** FNV-1a. */
function hash(bytes: Uint8ClampedArray): number {
  let value = 0x811c9dc5
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193)
  return value >>> 0
}

/** From [width, height, channels] to [width, height]: hash and first samples of what Pillow 12.3 gives. */
const PILLOW: [from: [number, number, number], to: [number, number], hash: number, first: number[]][] = [
  [[7, 5, 1], [13, 9], 2565215916, [45, 38, 25, 30, 49, 74, 107, 165]],
  [[13, 9, 1], [5, 4], 1350000566, [102, 145, 109, 144, 153, 109, 162, 87]],
  [[20, 3, 3], [7, 3], 3192962934, [125, 122, 124, 193, 169, 112, 155, 164]],
  [[5, 31, 3], [11, 6], 2100718148, [202, 156, 115, 190, 151, 121, 151, 145]],
  [[64, 48, 3], [17, 100], 720083618, [122, 182, 146, 89, 81, 152, 79, 118]],
  [[1, 1, 1], [3, 2], 2392939621, [50, 50, 50, 50, 50, 50]],
  [[300, 2, 1], [7, 2], 3582171813, [133, 143, 124, 122, 124, 130, 138, 122]],
  [[16, 16, 3], [16, 16], 63091904, [32, 28, 50, 98, 172, 16, 142, 38]],
  [[97, 101, 3], [96, 32], 695265598, [95, 136, 87, 114, 203, 93, 84, 110]],
]

describe('bicubic as Pillow does it', () => {
  it.each(PILLOW)('%o to %o', ([width, height, channels], [toWidth, toHeight], want, first) => {
    const { data } = pilBicubic(noise(width, height, channels), toWidth, toHeight)
    expect([...data.subarray(0, first.length)]).toEqual(first)
    expect(data).toHaveLength(toWidth * toHeight * channels)
    expect(hash(data)).toBe(want)
  })

  it('keeps a flat picture flat', () => {
    const flat = { ...noise(9, 4, 3), data: new Uint8ClampedArray(9 * 4 * 3).fill(255) }
    expect(pilBicubic(flat, 31, 2).data.every((value) => value === 255)).toBe(true)
  })

  it.each([0, -1, 1.5, NaN])('refuses the side %d', (side) => {
    expect(() => pilBicubic(noise(4, 4, 1), side, 3)).toThrow('bad-image')
  })
})
