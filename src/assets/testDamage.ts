import { zlibSync } from 'fflate'

import { encodeChunk, encodeSignature } from '@/assets/pngChunks'
import { animatedGif, avif, bmp } from '@/assets/testFiles'
import { fromBase64, paint } from '@/assets/testImages'
import type { Raster } from '@/base/geometry'

// Pictures that are damaged in every way that a viewer puts up with, or does not; for tests only.

type Bytes = Uint8Array<ArrayBuffer>

export interface Damaged {
  what: string
  mime: string
  bytes: Bytes
}

export const join = (...parts: Uint8Array[]): Bytes => {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
const ascii = (text: string): Bytes => Uint8Array.from(text, (c) => c.charCodeAt(0))
const SIDE = 24

/** The picture of all fixtures: no two rows alike. */
export const damagedPicture: Raster = paint(SIDE, SIDE, (x, y) => [x * 10, y * 10, 255 - x * 5, 255])

/** Filtered rows of the picture as RGB, filter 0. */
const rowsOf = (r: Raster): Bytes =>
  join(
    ...Array.from({ length: r.height }, (_, y) =>
      Uint8Array.from([
        0,
        ...r.data.subarray(y * r.width * 4, (y + 1) * r.width * 4).filter((_, i) => i % 4 !== 3),
      ]),
    ),
  )

export function pngHeader(width: number, height: number, depth: number, type: number, interlace = 0): Bytes {
  const data = new Uint8Array(13)
  const view = new DataView(data.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  data.set([depth, type, 0, 0, interlace], 8)
  return encodeChunk('IHDR', data)
}
const IEND = encodeChunk('IEND', new Uint8Array(0))
const withWrongCrc = (chunk: Bytes): Bytes => {
  const copy = chunk.slice()
  copy[copy.length - 1] ^= 0x55
  return copy
}

function pngs(): Damaged[] {
  const rows = rowsOf(damagedPicture)
  const zlib = zlibSync(rows) as Bytes
  const stored = zlibSync(rows, { level: 0 }) as Bytes
  const head = pngHeader(SIDE, SIDE, 8, 2)
  const idat = (data: Uint8Array): Bytes => encodeChunk('IDAT', data)
  const file = (...chunks: Uint8Array[]): Bytes => join(encodeSignature(), ...chunks)
  const good = file(head, idat(zlib), IEND)
  const wrongSum = zlib.slice()
  wrongSum[wrongSum.length - 1] ^= 1
  const wrongFlags = zlib.slice()
  wrongFlags[1] ^= 1
  const smallWindow = zlib.slice()
  smallWindow.set([0x08, 0x1d])
  const broken = zlib.slice()
  broken.fill(0xff, Math.floor(zlib.length * 0.6), Math.floor(zlib.length * 0.6) + 8)
  const brokenStored = stored.slice()
  brokenStored[Math.floor(stored.length / 2)] ^= 0xff
  const oddFilter = rows.slice()
  oddFilter[12 * (1 + SIDE * 3)] = 9
  const text = encodeChunk('tEXt', ascii('Title\0a'))
  const palette = encodeChunk('PLTE', Uint8Array.of(255, 0, 0, 0, 255, 0))
  const indices = zlibSync(
    Uint8Array.from({ length: SIDE * (SIDE + 1) }, (_, i) => (i % (SIDE + 1) ? i % 4 : 0)),
  )
  const named: [string, Bytes][] = [
    ['nothing', good],
    ['a wrong checksum of the pixels', file(head, idat(wrongSum), IEND)],
    ['no checksum of the pixels', file(head, idat(zlib.slice(0, -4)), IEND)],
    ['half a checksum of the pixels', file(head, idat(zlib.slice(0, -2)), IEND)],
    ['bytes after the stream', file(head, idat(join(zlib, ascii('and more'))), IEND)],
    ['a second stream after the first', file(head, idat(zlib), idat(zlib), IEND)],
    ['more rows than it says', file(head, idat(zlibSync(join(rows, rows)) as Bytes), IEND)],
    ['wrong flags of the stream', file(head, idat(wrongFlags), IEND)],
    ['a window that is too small', file(head, idat(smallWindow), IEND)],
    ['a wrong CRC of the pixels', file(head, withWrongCrc(idat(zlib)), IEND)],
    ['a wrong CRC of a note', file(head, withWrongCrc(text), idat(zlib), IEND)],
    ['a wrong CRC of the header', file(withWrongCrc(head), idat(zlib), IEND)],
    ['a wrong CRC of the end', file(head, idat(zlib), withWrongCrc(IEND))],
    ['bytes after the end', join(good, ascii('appended by some program'))],
    ['no end', file(head, idat(zlib))],
    ['no end and a cut CRC', file(head, idat(zlib)).slice(0, -3)],
    ['its last rows missing', good.slice(0, -60)],
    ['its lower half missing', file(head, idat(stored)).slice(0, 33 + 8 + 900)],
    [
      'its second half of rows missing',
      file(head, idat(zlibSync(rows.slice(0, 12 * (1 + SIDE * 3))) as Bytes), IEND),
    ],
    ['nothing but a header', file(head)],
    ['no pixels', file(head, IEND)],
    ['broken pixels in the middle', file(head, idat(broken), IEND)],
    ['one wrong byte, stored', file(head, idat(brokenStored), IEND)],
    ['a filter that does not exist', file(head, idat(zlibSync(oddFilter) as Bytes), IEND)],
    ['a note between its pixels', file(head, idat(zlib.slice(0, 20)), text, idat(zlib.slice(20)), IEND)],
    ['empty pieces', file(head, idat(zlib.slice(0, 0)), idat(zlib.slice(0, 9)), idat(zlib.slice(9)), IEND)],
    ['an unknown ancillary chunk', file(head, encodeChunk('abCd', ascii('x')), idat(zlib), IEND)],
    ['an unknown critical chunk', file(head, encodeChunk('ABCD', ascii('x')), idat(zlib), IEND)],
    ['a palette that it does not need', file(head, palette, idat(zlib), IEND)],
    ['a note before its header', file(text, head, idat(zlib), IEND)],
    ['indices beyond its palette', file(pngHeader(SIDE, SIDE, 8, 3), palette, idat(indices), IEND)],
    ['no palette', file(pngHeader(SIDE, SIDE, 8, 3), idat(indices), IEND)],
    ['a depth that does not exist', file(pngHeader(SIDE, SIDE, 3, 2), idat(zlib), IEND)],
    ['a colour profile that is none', file(head, encodeChunk('iCCP', ascii('x\0\0junk')), idat(zlib), IEND)],
    ['a gamma of nothing', file(head, encodeChunk('gAMA', new Uint8Array(4)), idat(zlib), IEND)],
    [
      'a length that is far too long',
      ((): Bytes => {
        const b = good.slice()
        new DataView(b.buffer).setUint32(33, 0x7fffffff)
        return b
      })(),
    ],
  ]
  return named.map(([what, bytes]) => ({ what: `a PNG with ${what}`, mime: 'image/png', bytes }))
}

async function encoded(mime: string): Promise<Bytes> {
  const canvas = new OffscreenCanvas(64, 64)
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  const gradient = context.createLinearGradient(0, 0, 64, 64)
  gradient.addColorStop(0, '#d04020')
  gradient.addColorStop(0.5, '#20a060')
  gradient.addColorStop(1, '#3040e0')
  context.fillStyle = gradient
  context.fillRect(0, 0, 64, 64)
  for (let i = 0; i < 64; i += 3) context.fillText('x', (i * 7) % 60, i)
  return new Uint8Array(await (await canvas.convertToBlob({ type: mime, quality: 0.9 })).arrayBuffer())
}

async function jpegs(): Promise<Damaged[]> {
  const good = await encoded('image/jpeg')
  const end = good.slice(-2)
  const body = good.slice(0, -2)
  const scan = body.findIndex((byte, i) => byte === 0xff && body[i + 1] === 0xda)
  const damaged = good.slice()
  damaged.fill(
    0x5a,
    scan + Math.floor((good.length - scan) * 0.6),
    scan + Math.floor((good.length - scan) * 0.6) + 20,
  )
  const comment = Uint8Array.of(0xff, 0xfe, 0, 6, 1, 2, 3, 4)
  const named: [string, Bytes][] = [
    ['nothing', good],
    ['no end', body],
    ['bytes after the end', join(good, ascii('appended'), new Uint8Array(100))],
    ['bytes before the end', join(body, ascii('garbage before the end'), end)],
    ['fill bytes before the end', join(body, new Uint8Array(50).fill(0xff), end)],
    ['a fifth of it missing', good.slice(0, Math.floor(scan + (good.length - scan) * 0.8))],
    ['half of it missing', good.slice(0, Math.floor(scan + (good.length - scan) * 0.5))],
    ['no pixels', good.slice(0, scan)],
    ['broken pixels in the middle', damaged],
    ['a thing between its segments', join(good.slice(0, 2), comment, ascii('junk'), good.slice(2))],
    ['two beginnings', join(good.slice(0, 2), good)],
    ['bytes before its beginning', join(ascii('\r\n'), good)],
  ]
  return named.map(([what, bytes]) => ({ what: `a JPEG with ${what}`, mime: 'image/jpeg', bytes }))
}

async function others(): Promise<Damaged[]> {
  const webp = await encoded('image/webp')
  const shortRiff = webp.slice()
  new DataView(shortRiff.buffer).setUint32(4, webp.length - 8 - 40, true)
  const longRiff = webp.slice()
  new DataView(longRiff.buffer).setUint32(4, webp.length + 4000, true)
  const gif = fromBase64(animatedGif)
  const bitmap = fromBase64(bmp)
  const icon = join(
    Uint8Array.of(0, 0, 1, 0, 1, 0, SIDE, SIDE, 0, 0, 1, 0, 32, 0),
    Uint8Array.of(...new Uint8Array(Uint32Array.of(pngs()[0].bytes.length, 22).buffer)),
    pngs()[0].bytes,
  )
  const all: [string, string, Bytes][] = [
    ['a WebP with nothing', 'image/webp', webp],
    ['a WebP with bytes after it', 'image/webp', join(webp, ascii('more'))],
    ['a WebP with a wrong length, short', 'image/webp', shortRiff],
    ['a WebP with a wrong length, long', 'image/webp', longRiff],
    ['a WebP with its last third missing', 'image/webp', webp.slice(0, Math.floor(webp.length * 0.66))],
    ['a GIF with no end', 'image/gif', gif.slice(0, -1)],
    ['a GIF with its second frame cut', 'image/gif', gif.slice(0, -8)],
    ['a GIF with its first frame cut', 'image/gif', gif.slice(0, 60)],
    ['a GIF with bytes after it', 'image/gif', join(gif, ascii('more'))],
    ['a BMP with its last row missing', 'image/bmp', bitmap.slice(0, -12)],
    ['a BMP with bytes after it', 'image/bmp', join(bitmap, ascii('more'))],
    ['an AVIF with bytes after it', 'image/avif', join(fromBase64(avif), ascii('more'))],
    ['an AVIF with its last bytes missing', 'image/avif', fromBase64(avif).slice(0, -8)],
    ['an icon', 'image/x-icon', icon],
    ['a text', 'image/png', ascii('Dear reader, this is not a picture.')],
  ]
  return all.map(([what, mime, bytes]) => ({ what, mime, bytes }))
}

/** Damaged files of every format, built anew each time. */
export async function damagedFiles(): Promise<Damaged[]> {
  return [...pngs(), ...(await jpegs()), ...(await others())]
}
