import { fail } from '@/base/errors'

/** One chunk of a PNG: its four-letter type and a view of its payload. */
export interface PngChunk {
  type: string
  data: Uint8Array<ArrayBuffer>
  /** CRC-32 that the file states for type and payload. */
  crc: number
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** More chunks than this are an attack: encoders that split finely write 8 KiB pieces, 100,000 of them hold 800 MB. */
const MAX_CHUNKS = 100_000

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

/** CRC-32 as PNG uses it (ISO 3309), over the given pieces in order. */
export function crc32(...pieces: Uint8Array[]): number {
  let c = 0xffffffff
  for (const piece of pieces)
    for (let i = 0; i < piece.length; i++) c = CRC_TABLE[(c ^ piece[i]) & 0xff] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

export function hasPngSignature(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && SIGNATURE.every((value, i) => bytes[i] === value)
}

/**
 * Lists the chunks of a PNG up to IEND; views into `bytes`, nothing is copied. A file that ends early gives the
 * chunks that are whole, the last with what there is of it. Throws `bad-image` for anything that is no PNG.
 */
export function readChunks(bytes: Uint8Array<ArrayBuffer>): PngChunk[] {
  if (!hasPngSignature(bytes)) fail('bad-image', 'This is not a PNG picture.', 'Choose another file.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: PngChunk[] = []
  let at = 8
  while (at + 8 <= bytes.length) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    const end = Math.min(at + 8 + length, bytes.length)
    const crc = end + 4 <= bytes.length ? view.getUint32(end) : 0
    chunks.push({ type, data: bytes.subarray(at + 8, end), crc })
    if (type === 'IEND') break
    if (chunks.length > MAX_CHUNKS)
      fail('bad-image', 'This PNG is damaged.', 'Save it again from another program.', 'too many chunks')
    at = end + 4
  }
  return chunks
}

export function encodeSignature(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(SIGNATURE)
}

/** One chunk in file form: length, type, payload, CRC. */
export function encodeChunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(data.length + 12)
  const view = new DataView(out.buffer)
  view.setUint32(0, data.length)
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i)
  out.set(data, 8)
  view.setUint32(data.length + 8, crc32(out.subarray(4, data.length + 8)))
  return out
}
