import * as fc from 'fast-check'
import { decode as referenceDecode, encode as referenceEncode } from 'fast-png'
import { zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'

import { hashRaster } from '@/assets/hash'
import { decodePng, encodePng } from '@/assets/png'
import { readPngText } from '@/assets/pngText'
import { crc32, encodeChunk, encodeSignature, readChunks } from '@/assets/pngChunks'
import { encodeTextChunk } from '@/assets/pngText'
import { at, randomRaster } from '@/assets/testImages'

const join = (...parts: Uint8Array[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((p) => [...p]))
const code = async (run: () => unknown): Promise<string> => {
  try {
    await run()
  } catch (error) {
    if (error instanceof InlayError) return error.problem.code
    throw error
  }
  return 'no error'
}
function header(width: number, height: number, depth: number, type: number, interlace = 0): Uint8Array {
  const data = new Uint8Array(13)
  const view = new DataView(data.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  data.set([depth, type, 0, 0, interlace], 8)
  return encodeChunk('IHDR', data)
}
const end = encodeChunk('IEND', new Uint8Array(0))
const pixels = (rows: number[][]): Uint8Array => encodeChunk('IDAT', zlibSync(Uint8Array.from(rows.flat())))

describe('encodePng', () => {
  it('gives every pixel back, whatever the size and alpha', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.boolean(),
        async (width, height, seed, opaque) => {
          const r = randomRaster(width, height, seed, opaque)
          expect(await decodePng(await encodePng(r))).toEqual(r)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is read the same by another decoder', async () => {
    for (const opaque of [true, false]) {
      const r = randomRaster(37, 29, 5, opaque)
      const other = referenceDecode(await encodePng(r), { checkCrc: true })
      expect([other.width, other.height, other.channels]).toEqual([37, 29, opaque ? 3 : 4])
      for (let i = 0; i < 37 * 29; i++)
        for (let c = 0; c < other.channels; c++)
          expect(other.data[i * other.channels + c]).toBe(r.data[i * 4 + c])
    }
  })

  it('splits large pictures into chunks that decode', async () => {
    const r = randomRaster(240, 200, 3)
    const bytes = await encodePng(r)
    expect(readChunks(bytes).filter(({ type }) => type === 'IDAT').length).toBeGreaterThan(2)
    expect(await hashRaster(await decodePng(bytes))).toBe(await hashRaster(r))
  })
})

describe('decodePng', () => {
  it('agrees with another encoder on colour types, 16 bits and Adam7', async () => {
    const next = randomRaster(64, 64, 9).data
    for (const channels of [1, 2, 3, 4] as const)
      for (const depth of [8, 16] as const)
        for (const interlace of ['null', 'Adam7'] as const) {
          const [width, height] = [13, 11]
          const length = width * height * channels
          const data =
            depth === 8
              ? Uint8Array.from(next.subarray(0, length))
              : Uint16Array.from({ length }, (_, i) => next[i] * 257 - (next[i] > 128 ? 100 : 0))
          const r = await decodePng(
            new Uint8Array(referenceEncode({ width, height, channels, depth, data }, { interlace })),
          )
          for (let i = 0; i < width * height; i++) {
            const samples = [...data.subarray(i * channels, (i + 1) * channels)].map((value) =>
              depth === 16 ? Math.round((value * 255) / 65535) : value,
            )
            const grey = channels < 3
            const expected = grey ? [samples[0], samples[0], samples[0]] : samples.slice(0, 3)
            expected.push(channels % 2 === 0 ? samples[channels - 1] : 255)
            expect(at(r, i % width, Math.floor(i / width))).toEqual(expected)
          }
        }
  })

  it('reads palettes with transparency, packed', async () => {
    const palette = encodeChunk('PLTE', Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255))
    const alpha = encodeChunk('tRNS', Uint8Array.of(0, 128))
    const file = join(encodeSignature(), header(3, 1, 2, 3), palette, alpha, pixels([[0, 0b00011000]]), end)
    const r = await decodePng(file)
    expect([at(r, 0, 0), at(r, 1, 0), at(r, 2, 0)]).toEqual([
      [255, 0, 0, 0],
      [0, 255, 0, 128],
      [0, 0, 255, 255],
    ])
    const outside = join(encodeSignature(), header(1, 1, 2, 3), palette, pixels([[0, 0b11000000]]), end)
    expect(at(await decodePng(outside), 0, 0)).toEqual([0, 0, 255, 255])
  })

  it('makes the key colour of tRNS transparent', async () => {
    const grey = join(
      encodeSignature(),
      header(4, 1, 1, 0),
      encodeChunk('tRNS', Uint8Array.of(0, 1)),
      pixels([[0, 0b01010000]]),
      end,
    )
    expect(at(await decodePng(grey), 0, 0)).toEqual([0, 0, 0, 255])
    expect(at(await decodePng(grey), 1, 0)).toEqual([255, 255, 255, 0])
    const rgb = join(
      encodeSignature(),
      header(2, 1, 8, 2),
      encodeChunk('tRNS', Uint8Array.of(0, 9, 0, 8, 0, 7)),
      pixels([[0, 9, 8, 7, 9, 8, 6]]),
      end,
    )
    expect(at(await decodePng(rgb), 0, 0)).toEqual([9, 8, 7, 0])
    expect(at(await decodePng(rgb), 1, 0)).toEqual([9, 8, 6, 255])
  })

  it('says what is wrong with a bad file', async () => {
    const good = await encodePng(randomRaster(40, 40, 1))
    expect(await code(() => decodePng(good.slice(0, 300)))).toBe('bad-image')
    expect(await code(() => decodePng(good.slice(0, 20)))).toBe('bad-image')
    expect(await code(() => decodePng(Uint8Array.of(1, 2, 3)))).toBe('bad-image')
    const empty = join(encodeSignature(), header(0, 0, 8, 6), pixels([]), end)
    expect(await code(() => decodePng(empty))).toBe('bad-image')
    const odd = join(encodeSignature(), header(1, 1, 3, 6), pixels([[0, 1, 2, 3, 4]]), end)
    expect(await code(() => decodePng(odd))).toBe('bad-image')
    const filter = join(encodeSignature(), header(1, 1, 8, 6), pixels([[9, 1, 2, 3, 4]]), end)
    expect(await code(() => decodePng(filter))).toBe('bad-image')
  })

  it('cuts off what inflates to more than the header says', async () => {
    const bomb = encodeChunk('IDAT', zlibSync(new Uint8Array(5_000_000)))
    const r = await decodePng(join(encodeSignature(), header(2, 2, 8, 6), bomb, end))
    expect(r.data.length).toBe(16)
  })

  it('survives any damage with a picture or a bad-image error', async () => {
    const good = await encodePng(randomRaster(16, 16, 2), { Title: 'x' })
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (position, value) => {
        const bytes = good.slice()
        bytes[position] = value
        // A header that claims a huge picture is the business of decodeImage, which looks before it decodes.
        if (position >= 16 && position < 24) return
        expect(['no error', 'bad-image']).toContain(await code(() => decodePng(bytes)))
      }),
      { numRuns: 150 },
    )
  })
})

describe('text chunks', () => {
  it('carry any text', async () => {
    const text = { Title: 'Gänse, 鵝 🦢 \n second line', 'inlay-recipe': '{"a":1}' }
    const bytes = await encodePng(randomRaster(3, 3, 1), text)
    expect(readPngText(bytes)).toEqual(text)
  })

  it('reads tEXt, zTXt and compressed iTXt, the first of a keyword', async () => {
    const utf8 = new TextEncoder()
    const base = [encodeSignature(), header(1, 1, 8, 6), pixels([[0, 1, 2, 3, 4]])]
    const file = join(
      ...base,
      encodeChunk('tEXt', Uint8Array.of(...utf8.encode('A\0caf'), 0xe9)),
      encodeChunk('zTXt', join(utf8.encode('B\0\0'), zlibSync(utf8.encode('deflated')))),
      encodeChunk('iTXt', join(utf8.encode('C\0\x01\0de\0Titel\0'), zlibSync(utf8.encode('zusammen ü')))),
      encodeTextChunk('A', 'second'),
      end,
    )
    expect(readPngText(file)).toEqual({ A: 'café', B: 'deflated', C: 'zusammen ü' })
  })

  it('leaves out broken, huge and bomb entries', async () => {
    const utf8 = new TextEncoder()
    const wrongCrc = encodeTextChunk('crc', 'text')
    wrongCrc[wrongCrc.length - 1] ^= 1
    const file = join(
      encodeSignature(),
      header(1, 1, 8, 6),
      wrongCrc,
      encodeChunk('zTXt', join(utf8.encode('bomb\0\0'), zlibSync(new Uint8Array(8 << 20)))),
      encodeChunk('iTXt', utf8.encode('short\0\0')),
      encodeChunk('iTXt', Uint8Array.of(...utf8.encode('utf8\0\0\0\0\0'), 0xff, 0xfe)),
      encodeChunk('tEXt', utf8.encode('no keyword end')),
      encodeTextChunk('__proto__', 'own'),
      encodeTextChunk('ok', 'fine'),
      end,
    )
    const text = readPngText(file)
    expect(Object.keys(text)).toEqual(['__proto__', 'ok'])
    expect(text.ok).toBe('fine')
  })

  it('knows its checksum', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
    expect(() => encodeTextChunk('', 'x')).toThrow(RangeError)
  })
})
