import { describe, expect, it } from 'vitest'

import { cicpSpace } from '@/assets/colour/cicp'
import { readIcc } from '@/assets/colour/icc'
import type { ColourSpace } from '@/assets/colour/space'
import {
  ADOBE_COLORANTS,
  curv,
  makeIcc,
  P3_COLORANTS,
  para,
  SRGB_PARA,
  table,
  type ProfileParts,
} from '@/assets/colour/testProfiles'
import { conversionToSrgb } from '@/assets/colour/toSrgb'
import { quicklyEncoded, toEncoded } from '@/base/srgb'

const COLOURS = [
  [179, 64, 51],
  [255, 0, 0],
  [0, 255, 0],
  [10, 200, 120],
  [128, 128, 128],
  [250, 240, 30],
]
/** By independent arithmetic in 64 bits (numpy, from chromaticities), before rounding. */
const EXPECTED = {
  p3: [
    [194.188, 52.102, 42.322],
    [255, 0, 0],
    [0, 255, 0],
    [0, 203.686, 111.601],
    [128, 128, 128],
    [252.177, 239.567, 0],
  ],
  adobe: [
    [206.87, 61.773, 46.816],
    [255, 0, 0],
    [0, 255, 0],
    [0, 201.307, 115.673],
    [129.03, 129.03, 129.03],
    [253.891, 240.462, 0],
  ],
  bt2020: [
    [227.485, 45.674, 59.949],
    [255, 0, 0],
    [0, 255, 0],
    [0, 217.039, 122.869],
    [139.812, 139.812, 139.812],
    [255, 241.365, 0],
  ],
}

function converted(space: ColourSpace, colours = COLOURS): number[][] {
  const toSrgb = conversionToSrgb(space)
  const data = Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 77]))
  toSrgb?.convert8(data, 0, colours.length, 1)
  return colours.map((_, i) => [...data.subarray(i * 4, i * 4 + 3)])
}
function spaceOf(parts: ProfileParts): ColourSpace {
  const profile = readIcc(makeIcc(parts))
  if (profile.kind !== 'space') throw new Error(profile.kind)
  return profile.space
}
const rounded = (colours: number[][]): number[][] => colours.map((colour) => colour.map(Math.round))
const srgb = (x: number): number => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)

describe('profiles', () => {
  it('of three colorants give the colours that they mean', () => {
    const p3 = { name: 'Display P3', colorants: P3_COLORANTS }
    expect(spaceOf({ ...p3, curve: SRGB_PARA }).name).toBe('Display P3')
    expect(spaceOf({ ...p3, version: 2, curve: SRGB_PARA }).name).toBe('Display P3')
    for (const curve of [SRGB_PARA, table(4096, srgb)])
      expect(converted(spaceOf({ ...p3, curve }))).toEqual(rounded(EXPECTED.p3))
    for (const curve of [para(0, 563 / 256), curv(563)])
      expect(converted(spaceOf({ colorants: ADOBE_COLORANTS, curve, version: 2 }))).toEqual(
        rounded(EXPECTED.adobe),
      )
  })

  it('may have any of the parametric curves', () => {
    const at = (curve: number[], value: number): number => spaceOf({ curve }).curves[0](value)
    expect(at(para(1, 2, 0.8, 0.2), 0.5)).toBeCloseTo(0.36, 4)
    expect(at(para(1, 2, 2, -0.5), 0.1)).toBe(0)
    expect(at(para(2, 2, 0.8, 0.1, 0.05), 0.5)).toBeCloseTo(0.3, 4)
    expect(at(para(2, 2, 2, -0.5, 0.05), 0.1)).toBeCloseTo(0.05, 4)
    expect(at(para(3, 2, 0.9, 0.1, 0.3, 0.2), 0.1)).toBeCloseTo(0.03, 4)
    expect(at(para(4, 2, 0.8, 0.1, 0.3, 0.2, 0.01, 0.02), 0.5)).toBeCloseTo(0.26, 4)
    expect(at(para(4, 2, 0.8, 0.1, 0.3, 0.2, 0.01, 0.02), 0.1)).toBeCloseTo(0.05, 4)
    expect(at(curv(), 0.3)).toBeCloseTo(0.3, 6)
    expect(at(curv(0, 65535), 0.3)).toBeCloseTo(0.3, 6)
  })

  it('of grey are curves', () => {
    const profile = readIcc(makeIcc({ colours: 'GRAY', curve: curv(Math.round(1.8 * 256)) }))
    if (profile.kind !== 'space') throw new Error(profile.kind)
    expect(profile.grey).toBe(true)
    expect(converted(profile.space, [[128, 128, 128]])).toEqual([[146, 146, 146]])
  })

  it('that mean sRGB leave every bit as it is', () => {
    for (const curve of [SRGB_PARA, table(1024, srgb), table(256, srgb)])
      expect(conversionToSrgb(spaceOf({ curve }))).toBeNull()
    expect(conversionToSrgb(spaceOf({ curve: para(0, 2.2) }))).not.toBeNull()
  })

  it('of other kinds are named, and broken ones are broken', () => {
    const lut = { ...{ curve: SRGB_PARA, name: 'A printer' }, more: { A2B0: [1, 2, 3, 4] } }
    expect(readIcc(makeIcc(lut))).toEqual({ kind: 'other', name: 'A printer' })
    expect(readIcc(makeIcc({ curve: SRGB_PARA, colours: 'CMYK', name: 'Ink' }))).toEqual({
      kind: 'other',
      name: 'Ink',
    })
    const good = makeIcc({ curve: table(64, srgb) })
    expect(readIcc(new Uint8Array(0)).kind).toBe('broken')
    expect(readIcc(makeIcc({ curve: [1, 2, 3] })).kind).toBe('broken')
    for (let length = 0; length < good.length; length += 7)
      expect(['broken', 'space']).toContain(readIcc(good.subarray(0, length)).kind)
  })
})

describe('code points', () => {
  const at = (primaries: number, transfer: number): ColourSpace => {
    const space = cicpSpace({ primaries, transfer })
    if (!space) throw new Error('unknown')
    return space
  }

  it('give the colours that they mean', () => {
    expect(converted(at(12, 13))).toEqual(rounded(EXPECTED.p3))
    expect(converted(at(9, 1))).toEqual(rounded(EXPECTED.bt2020))
    expect(conversionToSrgb(at(1, 13))).toBeNull()
  })

  it('of HDR are none of ours', () => {
    expect([cicpSpace({ primaries: 9, transfer: 16 }), cicpSpace({ primaries: 9, transfer: 18 })]).toEqual([
      null,
      null,
    ])
    expect(cicpSpace({ primaries: 200, transfer: 13 })).toBeNull()
  })

  it('convert 16 bits before they are rounded', () => {
    const out = new Uint8ClampedArray(4)
    const toSrgb = conversionToSrgb(at(12, 13))
    toSrgb?.write16(45900, 16500, 13000, out, 0)
    expect([...out]).toEqual([194, 52, 42, 0])
    toSrgb?.write16(700, 300, 100, out, 0)
    expect([...out]).toEqual([3, 1, 0, 0])
  })

  it('read the curve from a table within half a level of 16 bits, where it bends too', () => {
    let farthest = 0
    for (let i = 0; i <= 400_000; i++) {
      const linear = i < 200_000 ? i / 200_000 : 0.003 + (i - 200_000) / 1e9
      farthest = Math.max(farthest, Math.abs(quicklyEncoded(linear) - toEncoded(linear)) * 65535)
    }
    expect(farthest).toBeLessThan(0.5)
  })

  it('convert 16 bits to 16 that round to those 8', () => {
    const toSrgb = conversionToSrgb(at(12, 13))
    const [out, deep] = [new Uint8ClampedArray(4), new Uint16Array(4)]
    for (let i = 0; i < 20000; i++) {
      const colour = [(i * 7919) & 65535, (i * 104729) & 65535, (i * 31) & 65535] as const
      toSrgb?.write16(...colour, out, 0)
      toSrgb?.write16Deep(...colour, deep, 0)
      expect([...deep].map((value) => Math.round(value / 257))).toEqual([...out])
    }
    // Between two levels of 8 bits.
    toSrgb?.write16Deep(45900, 16500, 13000, deep, 0)
    expect(
      [...deep].map((value) => value / 257).every((value, c) => Math.abs(value - [194, 52, 42, 0][c]) < 0.5),
    ).toBe(true)
    expect(deep.slice(0, 3).some((value) => value % 257 !== 0)).toBe(true)
  })

  it('are rounded to the nearest level, and keep alpha and gaps', () => {
    const space = at(12, 13)
    const toSrgb = conversionToSrgb(space)
    const m = space.toLinearSrgb
    const encode = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)
    for (let i = 0; i < 4096; i++) {
      const colour = [i & 255, (i * 37) & 255, (i * 101) & 255]
      const data = Uint8ClampedArray.from([1, 2, 3, 4, ...colour, 9, 5, 6, 7, 8])
      toSrgb?.convert8(data, 1, 1, 1)
      const [r, g, b] = colour.map((value) => srgb(value / 255))
      const expected = [0, 3, 6].map((k) =>
        Math.round(encode(Math.min(1, Math.max(0, m[k] * r + m[k + 1] * g + m[k + 2] * b))) * 255),
      )
      expect([...data]).toEqual([1, 2, 3, 4, ...expected, 9, 5, 6, 7, 8])
    }
  })
})
