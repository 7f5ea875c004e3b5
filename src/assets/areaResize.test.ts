import { describe, expect, it } from 'vitest'

import { areaResize, roundHalfEven } from '@/assets/areaResize'
import type { Samples } from '@/assets/pilResize'

const mask = (width: number, height: number, values: number[]): Samples => ({
  width,
  height,
  channels: 1,
  data: Uint8ClampedArray.from(values),
})
const resize = (image: Samples, width: number, height: number) => [...areaResize(image, width, height).data]

describe('area resize', () => {
  it('averages whole blocks', () => {
    const image = mask(4, 2, [0, 10, 20, 30, 40, 50, 60, 71])
    expect(resize(image, 2, 1)).toEqual([25, 45]) // 25, 45.25
    expect(resize(image, 1, 2)).toEqual([15, 55]) // 15, 55.25
  })

  it('shares pixels that lie on a boundary', () => {
    // 3 -> 2: the middle one counts half for each: (0 + 50/2)/1.5, (50/2 + 200)/1.5.
    expect(resize(mask(3, 1, [0, 50, 200]), 2, 1)).toEqual([17, 150])
    // 5 -> 3 is 5/3 wide: [1, 2/3], [1/3, 1, 1/3], [2/3, 1] over 5/3.
    expect(resize(mask(5, 1, [30, 60, 90, 120, 150]), 3, 1)).toEqual([42, 90, 138])
    // Both axes: 3x3 -> 2x2, weights 1, .5 per axis over 2.25.
    expect(resize(mask(3, 3, [9, 0, 0, 0, 9, 0, 0, 0, 9]), 2, 2)).toEqual([5, 1, 1, 5])
  })

  it('mixes only the seam where it enlarges', () => {
    // 2 -> 4: every pixel twice. 2 -> 3: the middle one is half of each.
    expect(resize(mask(2, 1, [10, 90]), 4, 1)).toEqual([10, 10, 90, 90])
    expect(resize(mask(2, 1, [10, 90]), 3, 1)).toEqual([10, 50, 90])
    // One axis grows: the other is not averaged either. 8 -> 2 is 4 wide, with shares 1 - 1/4 of the second pixel.
    const image = mask(8, 1, [0, 100, 9, 9, 40, 60, 9, 9])
    expect(resize(image, 2, 3)).toEqual([75, 55, 75, 55, 75, 55])
  })

  it('keeps channels apart and flat pictures flat', () => {
    const image = { width: 2, height: 1, channels: 3, data: Uint8ClampedArray.of(0, 50, 100, 20, 70, 120) }
    expect(resize(image, 1, 1)).toEqual([10, 60, 110])
    const flat = mask(37, 29, new Array<number>(37 * 29).fill(201))
    for (const [width, height] of [
      [16, 16],
      [36, 28],
      [80, 16],
      [64, 64],
    ])
      expect(new Set(resize(flat, width, height))).toEqual(new Set([201]))
    expect(areaResize(image, 2, 1)).toBe(image)
    expect(() => areaResize(image, 0, 4)).toThrow('bad-image')
  })

  it('rounds ties to even', () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3])
    expect(resize(mask(2, 1, [1, 2]), 1, 1)).toEqual([2])
    expect(resize(mask(2, 1, [2, 3]), 1, 1)).toEqual([2])
  })
})
