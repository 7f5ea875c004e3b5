import type { Size } from '@/base/geometry'

import { hasPngSignature } from '@/assets/pngChunks'

export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp' | 'avif' | 'bmp' | 'heic' | 'tiff' | 'svg'

/** What the first bytes of a file say about it, before anything is decoded. */
export interface Sniffed {
  format: ImageFormat
  /** As stored, before orientation; null where the header does not say it plainly. */
  size: Size | null
  animated: boolean
  /** False where the format cannot hold transparency. */
  mayHaveAlpha: boolean
  /** Four components: CMYK or its Adobe relative. */
  cmyk: boolean
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
    cmyk: false,
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
    if (/avif|avis/.test(brands)) return { ...basis, format: 'avif', animated: brands.startsWith('avis') }
    if (/hei[cxms]|hev[cx]|mif1|msf1/.test(brands)) return { ...basis, format: 'heic' }
    return null
  }
  if (head.startsWith('BM') && bytes.length > 26) {
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    const size = { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) }
    return { ...basis, format: 'bmp', size }
  }
  if (head.startsWith('II*\0') || head.startsWith('MM\0*')) return { ...basis, format: 'tiff' }
  if (
    /^\s*(<\?xml[^>]*>|<!--[^]*?-->|<!DOCTYPE[^>]*>|\s)*<svg[\s>]/i.test(
      ascii(bytes, 0, 1024).replace(/^\xef\xbb\xbf/, ''),
    )
  )
    return { ...basis, format: 'svg' }
  return null
}

/** Walks the segments up to the pixels: the frame header gives size and components, APP1 the orientation. */
function sniffJpeg(bytes: Uint8Array<ArrayBuffer>): Sniffed {
  const found: Sniffed = {
    format: 'jpeg',
    size: null,
    animated: false,
    mayHaveAlpha: false,
    cmyk: false,
    pixelsAt: 0,
    orientation: null,
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) break
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++ // padding
      continue
    }
    if (marker === 0xda || marker === 0xd9) break // pixels begin, or the end
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2
      continue
    }
    const length = view.getUint16(at + 2)
    const body = at + 4
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame && body + 6 <= bytes.length) {
      found.size = { width: view.getUint16(body + 3), height: view.getUint16(body + 1) }
      found.cmyk = bytes[body + 5] === 4
    }
    if (marker === 0xe1 && ascii(bytes, body, 6) === 'Exif\0\0')
      found.orientation ??= readOrientation(bytes, body + 6, at + 2 + length)
    at += 2 + Math.max(2, length)
  }
  found.pixelsAt = at
  return found
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
    cmyk: false,
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
    cmyk: false,
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
    if (bytes[20] & 0x08) found.orientation = exifOfWebp(bytes, view)
  } else if (first === 'VP8L') {
    const bits = view.getUint32(21, true)
    found.size = { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  } else if (first === 'VP8 ') {
    found.size = { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    found.mayHaveAlpha = false
  }
  return found
}

function exifOfWebp(bytes: Uint8Array<ArrayBuffer>, view: DataView): Sniffed['orientation'] {
  let at = 12
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at + 4, true)
    if (ascii(bytes, at, 4) === 'EXIF') {
      const start = ascii(bytes, at + 8, 6) === 'Exif\0\0' ? at + 14 : at + 8
      return readOrientation(bytes, start, at + 8 + length)
    }
    at += 8 + length + (length & 1)
  }
  return null
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
