import { decode as referenceDecode, encode as referenceEncode } from 'fast-png'
import { describe, expect, it } from 'vitest'

import { decodeDeep } from '@/assets/decode'
import { changeDeep, deepPng } from '@/assets/deep'
import { decodePng, encodePng } from '@/assets/png'
import { encodeChunk, encodeSignature, readChunks } from '@/assets/pngChunks'
import { decodePngDeep } from '@/assets/pngDecode'
import { readPngText } from '@/assets/pngText'
import { noise, randomRaster } from '@/assets/testImages'
import type { DeepRaster } from '@/base/geometry'

/** Random samples; with `opaque` alpha is full throughout. */
function randomDeep(width: number, height: number, opaque = false): DeepRaster {
  const next = noise(width)
  const data = Uint16Array.from({ length: width * height * 4 }, (_, i) =>
    opaque && i % 4 === 3 ? 65535 : next() * 65536,
  )
  return { width, height, data }
}
const eight = ({ width, height, data }: DeepRaster) => ({
  width,
  height,
  data: Uint8ClampedArray.from(data, (value) => Math.round((value * 255) / 65535)),
})
const problem = (error: unknown) => String(error)

describe('a PNG of 16 bits a channel', () => {
  it.each([true, false])('gives every bit back, to another decoder too; opaque: %s', async (opaque) => {
    const deep = randomDeep(37, 29, opaque)
    const file = await encodePng(deep, { Title: 'fine' })
    expect(await decodePngDeep(file)).toEqual(deep)
    expect(await decodePng(file)).toEqual(eight(deep))
    expect(readPngText(file)).toEqual({ Title: 'fine' })
    const other = referenceDecode(file, { checkCrc: true })
    expect([other.depth, other.channels]).toEqual([16, opaque ? 3 : 4])
    const expected = [...deep.data].filter((_, i) => !opaque || i % 4 !== 3)
    expect([...other.data]).toEqual(expected)
  })

  it('is read in every colour type, Adam7 too', async () => {
    const { data: samples } = randomDeep(40, 40)
    for (const channels of [1, 2, 3, 4] as const)
      for (const interlace of ['null', 'Adam7'] as const) {
        const [width, height] = [13, 11]
        const data = samples.slice(0, width * height * channels)
        const file = referenceEncode({ width, height, channels, depth: 16, data }, { interlace })
        const deep = await decodePngDeep(new Uint8Array(file))
        for (let i = 0; i < width * height; i++) {
          const own = [...data.subarray(i * channels, (i + 1) * channels)]
          const colours = channels < 3 ? [own[0], own[0], own[0]] : own.slice(0, 3)
          const alpha = channels % 2 === 0 ? own[channels - 1] : 65535
          expect([...deep.data.subarray(i * 4, i * 4 + 4)]).toEqual([...colours, alpha])
        }
      }
  })

  it('of 8 bits, or cut short, is refused', async () => {
    expect(await decodePngDeep(await encodePng(randomRaster(3, 3, 1))).catch(problem)).toMatch(/damaged/)
    const whole = await encodePng(randomDeep(40, 40))
    expect(await decodePngDeep(whole.slice(0, 4000)).catch(problem)).toMatch(/ends too early|damaged/)
  })
})

describe('deepPng', () => {
  it('keeps 16 bits under the picture that the studio works with, and under no other', async () => {
    const deep = randomDeep(21, 17)
    const file = await encodePng(deep)
    const kept = await deepPng(file, eight(deep))
    expect(kept && (await decodePngDeep(kept))).toEqual(deep)
    const other = eight(deep)
    other.data[40] ^= 1
    expect(await deepPng(file, other)).toBeNull()
  })

  it('turns it upright', async () => {
    const [head, ...rest] = readChunks(await encodePng(randomDeep(3, 2)))
    // EXIF, big endian, one entry: orientation 6.
    const exif = Uint8Array.of(
      77,
      77,
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      1,
      18,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      6,
      0,
      0,
      0,
      0,
      0,
      0,
    )
    const chunks = [head, { type: 'eXIf', data: exif }, ...rest].map(({ type, data }) =>
      encodeChunk(type, data),
    )
    const turned = await decodeDeep(
      Uint8Array.from([encodeSignature(), ...chunks].flatMap((part) => [...part])),
    )
    const { data } = randomDeep(3, 2)
    expect([turned.width, turned.height]).toEqual([2, 3])
    // What was at the lower left is at the upper left.
    expect([...turned.data.subarray(0, 4)]).toEqual([...data.subarray(12, 16)])
    expect([...turned.data.subarray(4, 8)]).toEqual([...data.subarray(0, 4)])
  })
})

describe('changeDeep', () => {
  it('leaves every bit where nothing changed, and rounds to the change where something did', () => {
    const before = randomDeep(50, 40)
    const after = eight(before)
    const changed = randomRaster(50, 40, 3).data
    for (let i = 0; i < after.data.length; i += 3) after.data[i] = changed[i]
    const deep = { ...before, data: before.data.slice() }
    changeDeep(deep, after)
    expect(eight(deep)).toEqual(after)
    const was = eight(before).data
    let kept = 0
    for (const [i, value] of deep.data.entries())
      if (after.data[i] === was[i]) {
        expect(value).toBe(before.data[i])
        kept++
      }
    expect(kept).toBeGreaterThan(5000)
  })

  it('moves shades as they are, without steps', () => {
    const ramp = Uint16Array.from({ length: 400 }, (_, i) => 20000 + 40 * i)
    const deep = { width: 100, height: 1, data: ramp.slice() }
    const darker = eight(deep)
    for (let i = 0; i < darker.data.length; i++) darker.data[i] -= 20
    changeDeep(deep, darker)
    expect(deep.data).toEqual(ramp.map((value) => value - 20 * 257))
  })
})
