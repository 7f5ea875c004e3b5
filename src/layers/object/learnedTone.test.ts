import { readFileSync } from 'node:fs'

import * as v from 'valibot'
import { describe, expect, it } from 'vitest'

import type { PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import type { Raster } from '@/base/geometry'
import { learnedTone, toneAffine, toneViewOf } from '@/layers/object/learnedTone'
import { withTone } from '@/layers/object/tone'
import { toneNumbers } from '@/layers/object/toneNet'

const bytes = v.pipe(
  v.string(),
  v.transform((text) => Uint8Array.from(Buffer.from(text, 'base64'))),
)
const Cases = v.array(
  v.object({
    ...{ picture: bytes, alpha: bytes, inside: bytes, whole: bytes },
    numbers: v.array(v.number()),
    affine: v.array(v.number()),
  }),
)
const cases = v.parse(
  Cases,
  JSON.parse(readFileSync(new URL('../fixtures/tone.json', import.meta.url), 'utf8')),
)

const even = (grey: number, width: number, height = width): Raster => ({
  width,
  height,
  data: blankRaster(width, height).data.map((_, i) => (i % 4 === 3 ? 255 : grey)),
})
const placedAt = (x: number, y: number, image: Raster): PlacedRaster => {
  const rect = { x, y, width: image.width, height: image.height }
  return { rect, image, contentRect: rect }
}
/** What a grey of the object becomes, as encoded bytes of its middle pixel. */
const middleOf = ({ image: { data, width, height } }: PlacedRaster): number[] => {
  const at = ((height >> 1) * width + (width >> 1)) * 4
  return [...data.slice(at, at + 3)]
}

describe('the tone network', () => {
  it.each(cases)('says what PyTorch says', (known) => {
    const numbers = toneNumbers(known)
    known.numbers.forEach((value, k) => expect(numbers[k]).toBeCloseTo(value, 3))
    known.affine.forEach((value, k) => expect(toneAffine(numbers)[k]).toBeCloseTo(value, 3))
  })

  it('is shown the square about the object, cut by the photo, and all of the photo', () => {
    const photo = even(40, 200, 100)
    const { picture, alpha, inside, whole } = toneViewOf(placedAt(0, 20, even(200, 40)), photo)
    // The square reaches from -20 to 60, the object fills its middle.
    expect([alpha[32 * 64 + 32], alpha[32 * 64 + 12], alpha[12 * 64 + 32]]).toEqual([255, 0, 0])
    expect([inside[32 * 64 + 8], inside[32 * 64 + 20], inside[2 * 64 + 40]]).toEqual([0, 255, 255])
    expect([picture[3 * (32 * 64 + 32)], picture[3 * (32 * 64 + 60)]]).toEqual([200, 40])
    expect([whole[3 * (12 * 32 + 3)], whole[3 * (12 * 32 + 20)]]).toEqual([200, 40])
  })

  it('darkens what is bright in a dark place more than in a bright one, and hardly touches grey among grey', () => {
    const toned = (object: number, around: number) => {
      const placed = placedAt(60, 80, even(object, 60))
      return middleOf(withTone(placed, learnedTone(placed, even(around, 180)), 1))[1]
    }
    expect(toned(200, 40)).toBeLessThan(toned(200, 200) - 10)
    expect(Math.abs(toned(120, 120) - 120)).toBeLessThan(40)
  })

  it('leaves what cannot be seen as it is', () => {
    const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]
    expect([...learnedTone(placedAt(10, 10, blankRaster(30, 30)), even(90, 100)).affines]).toEqual(identity)
  })

  it('says less where less is seen, and nothing of what a transparent photo would be', () => {
    const change = (object: PlacedRaster, photo: Raster) =>
      Math.abs(learnedTone(object, photo).affines[5] - 1)
    const dark = even(30, 180)
    const object = placedAt(60, 80, even(220, 60))
    const speck = placedAt(60, 80, blankRaster(60, 60))
    speck.image.data.set([220, 220, 220, 255], 4000)
    expect(change(object, dark)).toBeGreaterThan(0.05)
    expect(change(speck, dark)).toBe(0)
    expect(change(object, blankRaster(180, 180))).toBe(0)
    // Behind a hole it is neither bright nor dark.
    const { picture, inside } = toneViewOf(object, blankRaster(180, 180))
    expect([picture[0], inside[0]]).toEqual([128, 0])
  })

  it('says nearly the same of a proxy as of the whole picture', () => {
    const photo = (size: number): Raster => {
      const raster = even(0, size)
      for (let i = 0; i < size * size; i++) {
        const at = Math.floor(i / size) / size
        raster.data.set([60 + 120 * at, 90 + 60 * at, 140 - 40 * at, 255], 4 * i)
      }
      return raster
    }
    const [small, large] = [200, 800].map((size) => {
      const object = placedAt(size * 0.4, size * 0.5, even(180, size * 0.3))
      return learnedTone(object, photo(size)).affines
    })
    small.forEach((value, k) => expect(value).toBeCloseTo(large[k], 1))
  })
})
