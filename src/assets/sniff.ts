import type { Size } from '@/base/geometry'

import { hasPngSignature } from '@/assets/pngChunks'
import { readPsdHeader } from '@/assets/psdParts'

export type ImageFormat =
  'png' | 'jpeg' | 'gif' | 'webp' | 'avif' | 'bmp' | 'x-icon' | 'heic' | 'tiff' | 'psd' | 'svg'

/** What the first bytes of a file say about it, before anything is decoded. */
export interface Sniffed {
  format: ImageFormat
  /** As stored, before orientation; null where the header does not say it plainly. */
  size: Size | null
  animated: boolean
  /** False where the format cannot hold transparency. */
  mayHaveAlpha: boolean
  /** Of a JPEG: 1 grey, 3 colours, 4 CMYK or its Adobe relative; 0 for other formats. */
  components: number
  /** Offset at which a JPEG's compressed pixels begin, 0 for other formats. */
  pixelsAt: number
  /** EXIF orientation 1..8, and where in the file its value is (16 bit, in the given byte order). */
  orientation: { value: number; at: number; littleEndian: boolean } | null
}

const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length))

/** Recognises a picture by its bytes, never by its name. Null for anything that is none. */
export function sniff(bytes: Uint8Array<ArrayBuffer>): Sniffed | null {
  const basis = {
    size: null,
    animated: false,
    mayHaveAlpha: true,
    components: 0,
    pixelsAt: 0,
    orientation: null,
  }
  if (hasPngSignature(bytes)) return { ...basis, format: 'png' }
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return sniffJpeg(bytes)
  const head = ascii(bytes, 0, 12)
  if (/^GIF8[79]a/.test(head)) return sniffGif(bytes)
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return sniffWebp(bytes)
  if (head.slice(4, 8) === 'ftyp') {
    const brands = ascii(bytes, 8, Math.min(64, new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)))
    if (/avif|avis/.test(brands))
      return { ...basis, format: 'avif', animated: brands.startsWith('avis'), size: largestExtent(bytes) }
    if (/hei[cxms]|hev[cx]|mif1|msf1/.test(brands)) return { ...basis, format: 'heic' }
    return null
  }
  if (head.startsWith('BM') && bytes.length > 26) {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const old = view.getUint32(14, true) === 12 // 16-bit sizes
    const size = old
      ? { width: view.getUint16(18, true), height: view.getUint16(20, true) }
      : { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }
    return { ...basis, format: 'bmp', size }
  }
  if (/^\0\0[\x01\x02]\0[^\0]/.test(head)) return { ...basis, format: 'x-icon' }
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return { ...basis, format: 'tiff' }
  const psd = readPsdHeader(bytes)
  if (psd) return { ...basis, format: 'psd', size: { width: psd.width, height: psd.height } }
  if (beginsSvg(ascii(bytes, 0, 4096))) return { ...basis, format: 'svg' }
  return null
}

/** What may stand before an SVG's root, and how it ends. */
const PROLOGUE = [
  ['<!--', '-->'],
  ['<?', '?>'],
  ['<!', '>'],
] as const

/** One pass over the text: whatever stands there, no position is looked at twice. */
function beginsSvg(text: string): boolean {
  let at = text.startsWith('\xef\xbb\xbf') ? 3 : 0
  for (;;) {
    while (at < text.length && text.charCodeAt(at) <= 0x20) at++
    const part = PROLOGUE.find(([opening]) => text.startsWith(opening, at))
    if (!part) return /^<(?:\w{1,20}:)?svg[\s/>]/i.test(text.slice(at, at + 40))
    const end = text.indexOf(part[1], at + part[0].length)
    if (end < 0) return false
    at = end + part[1].length
  }
}

/** How far into an AVIF its properties are looked for: they stand before the pixels. */
const AVIF_HEAD = 1 << 16

/** The largest of the sizes (`ispe` boxes) that an AVIF states: the picture's; parts of it and thumbnails are smaller. */
function largestExtent(bytes: Uint8Array<ArrayBuffer>): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let largest: Size | null = null
  for (let at = 0; at + 16 <= Math.min(bytes.length, AVIF_HEAD); at++) {
    if (view.getUint32(at) !== 0x69737065) continue // 'ispe', then version and flags
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size
  }
  return largest
}

/** Walks the segments up to the pixels: the frame header gives size and components, APP1 the orientation. */
function sniffJpeg(bytes: Uint8Array<ArrayBuffer>): Sniffed {
  const found: Sniffed = {
    format: 'jpeg',
    size: null,
    animated: false,
    mayHaveAlpha: false,
    components: 0,
    pixelsAt: 0,
    orientation: null,
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const { marker, body, end } of jpegSegments(bytes)) {
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame && body + 6 <= bytes.length) {
      found.size = { width: view.getUint16(body + 3), height: view.getUint16(body + 1) }
      found.components = bytes[body + 5]
    }
    if (marker === 0xe1 && ascii(bytes, body, 6) === 'Exif\0\0')
      found.orientation ??= readOrientation(bytes, body + 6, end)
    found.pixelsAt = end
  }
  return found
}

interface JpegSegment {
  marker: number
  /** Offsets of its payload and of what follows it; beyond the file where that is cut short. */
  body: number
  end: number
}

/** The segments of a JPEG up to its pixels. What stands between them and is none is skipped, as decoders do. */
export function* jpegSegments(bytes: Uint8Array<ArrayBuffer>): Generator<JpegSegment, undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 2
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1]
    if (bytes[at] !== 0xff || marker === 0xff || marker === 0) {
      at++ // junk or padding
      continue
    }
    if (marker === 0xda || marker === 0xd9) return undefined // pixels begin, or the end
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2
      continue
    }
    const end = at + 2 + Math.max(2, view.getUint16(at + 2))
    yield { marker, body: at + 4, end }
    at = end
  }
  return undefined
}

/** Finds tag 0x0112 in the first directory of a TIFF structure that lies in [start, end) of `bytes`. */
export function readOrientation(
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  end: number,
): Sniffed['orientation'] {
  const stop = Math.min(end, bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (start + 8 > stop) return null
  const order = ascii(bytes, start, 2)
  if (order !== 'II' && order !== 'MM') return null
  const littleEndian = order === 'II'
  const directory = start + view.getUint32(start + 4, littleEndian)
  if (directory + 2 > stop) return null
  const entries = view.getUint16(directory, littleEndian)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * 12
    if (entry + 12 > stop) return null
    if (view.getUint16(entry, littleEndian) !== 0x0112) continue
    const value = view.getUint16(entry + 8, littleEndian)
    return value >= 1 && value <= 8 ? { value, at: entry + 8, littleEndian } : null
  }
  return null
}

/** Counts image descriptors up to the second. */
function sniffGif(bytes: Uint8Array<ArrayBuffer>): Sniffed {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Sniffed = {
    format: 'gif',
    size: bytes.length >= 10 ? { width: view.getUint16(6, true), height: view.getUint16(8, true) } : null,
    animated: false,
    mayHaveAlpha: true,
    components: 0,
    pixelsAt: 0,
    orientation: null,
  }
  const tableBytes = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0)
  let at = 13 + tableBytes(bytes[10] ?? 0)
  let frames = 0
  const skipBlocks = (): void => {
    while (at < bytes.length && bytes[at] !== 0) at += bytes[at] + 1
    at++
  }
  while (at < bytes.length && frames < 2) {
    const kind = bytes[at]
    if (kind === 0x21) {
      at += 2
      skipBlocks()
    } else if (kind === 0x2c) {
      frames++
      at += 10 + tableBytes(bytes[at + 9] ?? 0) + 1
      skipBlocks()
    } else break
  }
  found.animated = frames > 1
  return found
}

function sniffWebp(bytes: Uint8Array<ArrayBuffer>): Sniffed {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Sniffed = {
    format: 'webp',
    size: null,
    animated: false,
    mayHaveAlpha: true,
    components: 0,
    pixelsAt: 0,
    orientation: null,
  }
  if (bytes.length < 30) return found
  const first = ascii(bytes, 12, 4)
  if (first === 'VP8X') {
    const u24 = (at: number): number => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16)
    found.size = { width: u24(24) + 1, height: u24(27) + 1 }
    found.animated = (bytes[20] & 0x02) !== 0
    found.mayHaveAlpha = (bytes[20] & 0x10) !== 0 || found.animated
    if (bytes[20] & 0x08) found.orientation = exifOfWebp(bytes)
  } else if (first === 'VP8L') {
    const bits = view.getUint32(21, true)
    found.size = { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  } else if (first === 'VP8 ') {
    found.size = { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    found.mayHaveAlpha = false
  }
  return found
}

/** The payload of a WebP's first chunk of a type, as offsets in the file; null where there is none. */
export function webpChunk(
  bytes: Uint8Array<ArrayBuffer>,
  type: 'EXIF' | 'ICCP',
): { body: number; end: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 12
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true)
    if (ascii(bytes, at, 4) === type) return { body: at + 8, end: at + 8 + length }
    at += 8 + length + (length & 1)
  }
  return null
}

function exifOfWebp(bytes: Uint8Array<ArrayBuffer>): Sniffed['orientation'] {
  const exif = webpChunk(bytes, 'EXIF')
  if (!exif) return null
  const start = ascii(bytes, exif.body, 6) === 'Exif\0\0' ? exif.body + 6 : exif.body
  return readOrientation(bytes, start, exif.end)
}

/** A copy of the file that claims to be upright, so that every browser decodes its pixels as stored. */
export function withoutOrientation(
  bytes: Uint8Array<ArrayBuffer>,
  sniffed: Sniffed,
): Uint8Array<ArrayBuffer> {
  const { orientation } = sniffed
  if (!orientation || orientation.value === 1) return bytes
  const copy = bytes.slice()
  new DataView(copy.buffer).setUint16(orientation.at, 1, orientation.littleEndian)
  return copy
}
