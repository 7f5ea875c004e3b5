import { zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'

import type { ProfileParts } from '@/assets/colour/testProfiles'
import {
  ADOBE_COLORANTS,
  curv,
  makeIcc,
  P3_COLORANTS,
  para,
  SRGB_PARA,
  table,
} from '@/assets/colour/testProfiles'
import { decodeImage, type Decoded } from '@/assets/decode'
import { encodePng } from '@/assets/png'
import { encodeChunk, encodeSignature } from '@/assets/pngChunks'
import { join, pngHeader } from '@/assets/testDamage'
import { avif } from '@/assets/testFiles'
import { jpegSegments } from '@/assets/sniff'
import { at, fromBase64, paint } from '@/assets/testImages'

type Bytes = Uint8Array<ArrayBuffer>

const SIDE = 16
const picture = paint(SIDE, SIDE, (x, y) => [x * 17, y * 17, (x * y) % 256, 255])
const dull = paint(SIDE, SIDE, () => [179, 64, 51, 255])
const decode = (bytes: Bytes): Promise<Decoded> => decodeImage(new Blob([bytes]), 'test')

/** What the browser itself makes of a file's colours. */
async function shown(bytes: Bytes): Promise<Uint8ClampedArray> {
  const bitmap = await createImageBitmap(new Blob([bytes]))
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  if (!context) throw new Error('no canvas')
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data
}
function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]))
  return most
}

/** A PNG with chunks before its pixels. */
async function png(r: typeof picture, ...chunks: Bytes[]): Promise<Bytes> {
  const good = await encodePng(r)
  return join(good.slice(0, 33), ...chunks, good.slice(33))
}
const iccp = (profile: Bytes): Bytes =>
  encodeChunk('iCCP', join(Uint8Array.of(0x74, 0, 0), zlibSync(profile)))
const P3 = makeIcc({ name: 'Display P3', colorants: P3_COLORANTS, curve: SRGB_PARA })
const gama = (value: number): Bytes =>
  encodeChunk('gAMA', Uint8Array.of(0, value >> 16, (value >> 8) & 255, value & 255))
const chrm = (...values: number[]): Bytes => {
  const data = new Uint8Array(32)
  values.forEach((value, i) => new DataView(data.buffer).setUint32(i * 4, value))
  return encodeChunk('cHRM', data)
}
const P3_CHRM = chrm(31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
const cicp = (primaries: number, transfer: number): Bytes =>
  encodeChunk('cICP', Uint8Array.of(primaries, transfer, 0, 1))

async function encoded(mime: string): Promise<Bytes> {
  const canvas = new OffscreenCanvas(32, 32)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = 'rgb(179, 64, 51)'
  context.fillRect(0, 0, 32, 32)
  return new Uint8Array(await (await canvas.convertToBlob({ type: mime, quality: 1 })).arrayBuffer())
}

describe('a PNG', () => {
  it('in Display P3 keeps its colours', async () => {
    const { raster, notes } = await decode(await png(dull, iccp(P3)))
    expect(at(raster, 3, 3)).toEqual([194, 52, 42, 255])
    expect(notes).toEqual(['Its colours were converted from Display P3 to sRGB.'])
  })

  it('agrees with the browser over kinds of profiles', async () => {
    const kinds: ProfileParts[] = [
      { colorants: P3_COLORANTS, curve: SRGB_PARA },
      { colorants: ADOBE_COLORANTS, curve: curv(563), version: 2 },
      { colorants: ADOBE_COLORANTS, curve: para(0, 1.8) },
      { colorants: P3_COLORANTS, curve: table(64, (x) => x ** 2.2), version: 2 },
      { curve: para(3, 2, 0.9, 0.1, 0.3, 0.2) },
      { curve: para(4, 2.2, 0.9, 0.05, 0.3, 0.1, 0.02, 0.01) },
      { curve: curv() },
    ]
    for (const parts of kinds) {
      const file = await png(picture, iccp(makeIcc(parts)))
      const { raster } = await decode(file)
      // The browser computes in fewer bits.
      expect(worst(raster.data, await shown(file)), JSON.stringify(parts).slice(0, 80)).toBeLessThanOrEqual(2)
      expect(worst(raster.data, picture.data)).toBeGreaterThan(5)
    }
  })

  it('obeys its chunks by their precedence', async () => {
    const results: [string, Bytes[], number[]][] = [
      ['cICP before all', [cicp(12, 13), iccp(makeIcc({ curve: curv() })), gama(100_000)], [194, 52, 42]],
      ['iCCP before gAMA', [iccp(P3), gama(100_000)], [194, 52, 42]],
      ['sRGB before gAMA', [encodeChunk('sRGB', Uint8Array.of(0)), gama(100_000), P3_CHRM], [179, 64, 51]],
      ['gAMA with cHRM', [gama(100_000), P3_CHRM], [232, 132, 119]],
      ['gAMA', [gama(100_000)], [218, 137, 124]],
      ['cHRM alone says nothing', [P3_CHRM], [179, 64, 51]],
    ]
    for (const [what, chunks, expected] of results) {
      const file = await png(dull, ...chunks)
      const { raster } = await decode(file)
      const browser = [...(await shown(file)).subarray(0, 4)]
      expect(at(raster, 0, 0), what).toEqual([...expected, 255])
      expect(worst(at(raster, 0, 0), browser), what).toBeLessThanOrEqual(1)
    }
  })

  it('of 16 bits is converted before it is rounded, greys by their own profile', async () => {
    const row = (...samples: number[]): Bytes =>
      Uint8Array.from([0, ...samples.flatMap((v) => [v >> 8, v & 255])])
    const wide = join(
      encodeSignature(),
      pngHeader(2, 1, 16, 2),
      iccp(P3),
      encodeChunk('IDAT', zlibSync(row(45900, 16500, 13000, 700, 300, 100))),
      encodeChunk('IEND', new Uint8Array(0)),
    )
    const { raster } = await decode(wide)
    expect([at(raster, 0, 0), at(raster, 1, 0)]).toEqual([
      [194, 52, 42, 255],
      [3, 1, 0, 255],
    ])
    const grey = (profile: Bytes): Bytes =>
      join(
        encodeSignature(),
        pngHeader(1, 1, 8, 0),
        iccp(profile),
        encodeChunk('IDAT', zlibSync(Uint8Array.of(0, 128))),
        encodeChunk('IEND', new Uint8Array(0)),
      )
    const gamma = makeIcc({ colours: 'GRAY', curve: curv(461) })
    expect(at((await decode(grey(gamma))).raster, 0, 0)).toEqual([146, 146, 146, 255])
    // A profile of colours says nothing about a grey picture.
    const odd = await decode(grey(P3))
    expect([at(odd.raster, 0, 0), odd.notes]).toEqual([
      [128, 128, 128, 255],
      ['Its colour profile cannot be read; its colours were taken as sRGB.'],
    ])
  })

  it('with a profile that we do not compute is converted by the browser, which is said', async () => {
    const hdr = await png(picture, cicp(9, 16))
    const { raster, notes } = await decode(hdr)
    expect(notes).toEqual(['Its colours were converted from its own (CICP) to sRGB by the browser.'])
    expect(worst(raster.data, await shown(hdr))).toBeLessThanOrEqual(1)
  })

  it('in sRGB, named or not, keeps every bit without a word', async () => {
    const named = [encodeChunk('sRGB', Uint8Array.of(0)), iccp(makeIcc({ curve: SRGB_PARA })), cicp(1, 13)]
    for (const chunks of [[], ...named.map((chunk) => [chunk])]) {
      const { raster, notes } = await decode(await png(picture, ...chunks))
      expect([worst(raster.data, picture.data), notes]).toEqual([0, []])
    }
  })
})

describe('other formats', () => {
  it('a JPEG keeps its colours, its profile in pieces', async () => {
    const canvas = await encoded('image/jpeg')
    // Canvases write a profile of their own.
    const own = [...jpegSegments(canvas)].find(({ marker }) => marker === 0xe2)
    const plain = own ? join(canvas.slice(0, own.body - 4), canvas.slice(own.end)) : canvas
    const piece = (index: number, data: Bytes): Bytes => {
      const body = join(new TextEncoder().encode('ICC_PROFILE\0'), Uint8Array.of(index, 2), data)
      const length = body.length + 2
      return join(Uint8Array.of(0xff, 0xe2, length >> 8, length & 255), body)
    }
    const tagged = join(
      plain.slice(0, 2),
      piece(2, P3.slice(200)),
      piece(1, P3.slice(0, 200)),
      plain.slice(2),
    )
    const { raster, notes } = await decode(tagged)
    expect(notes).toEqual(['Its colours were converted from Display P3 to sRGB.'])
    expect(worst(at(raster, 9, 9), [194, 52, 42, 255])).toBeLessThanOrEqual(2)
    const half = await decode(join(plain.slice(0, 2), piece(1, P3.slice(0, 200)), plain.slice(2)))
    expect(half.notes[0]).toMatch(/cannot be read/)
    expect(worst(at(half.raster, 9, 9), [179, 64, 51, 255])).toBeLessThanOrEqual(2)
  })

  it('a WebP keeps its colours', async () => {
    const plain = await encoded('image/webp')
    const chunk = (type: string, data: Bytes): Bytes =>
      join(
        new TextEncoder().encode(type),
        new Uint8Array(Uint32Array.of(data.length).buffer),
        data,
        new Uint8Array(data.length % 2),
      )
    const body = join(
      new TextEncoder().encode('WEBP'),
      chunk('VP8X', Uint8Array.of(0x20, 0, 0, 0, 31, 0, 0, 31, 0, 0)),
      chunk('ICCP', P3),
      plain.slice(String.fromCharCode(...plain.slice(12, 16)) === 'VP8X' ? 30 : 12),
    )
    const { raster, notes } = await decode(chunk('RIFF', body))
    expect(notes).toEqual(['Its colours were converted from Display P3 to sRGB.'])
    expect(worst(at(raster, 9, 9), [194, 52, 42, 255])).toBeLessThanOrEqual(3)
  })

  it('an AVIF is converted by the browser, by its code points', async () => {
    const file = fromBase64(avif)
    const place = [...file].findIndex(
      (_, i) => String.fromCharCode(...file.subarray(i, i + 8)) === 'colrnclx',
    )
    const wide = file.slice()
    wide[place + 9] = 12 // primaries: Display P3
    const plain = await decode(file)
    const { raster, notes } = await decode(wide)
    expect(plain.notes).toEqual([])
    expect(notes[0]).toMatch(/by the browser/)
    // (200, 40, 60) in Display P3
    const before = at(plain.raster, 3, 3)
    expect(at(raster, 3, 3)[0]).toBeGreaterThan(before[0] + 10)
    expect(
      worst(at(raster, 3, 3), (await shown(wide)).subarray((3 * 16 + 3) * 4, (3 * 16 + 3) * 4 + 4)),
    ).toBeLessThanOrEqual(1)
  })
})
