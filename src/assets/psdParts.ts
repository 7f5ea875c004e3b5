/** What a Photoshop document says before its pixels: kind, size and image resources (Adobe's file format specification). */
import type { Size } from '@/base/geometry'

export interface PsdHeader extends Size {
  /** 1; 2 is the format for large documents (PSB). */
  version: number
  bitDepth: number
  /** 3 is RGB. */
  colourMode: number
}

const HEADER_BYTES = 26
const SIGNATURE = 0x38425053 // '8BPS'
const RESOURCE = 0x3842494d // '8BIM'
/** How the flat picture is packed. */
const RAW = 0
const RUNS = 1
/** Numbers of image resources. */
export const PSD_PROFILE = 1039
export const PSD_XMP = 1060

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** Null for what is no Photoshop document. */
export function readPsdHeader(bytes: Uint8Array): PsdHeader | null {
  const view = viewOf(bytes)
  if (bytes.length < HEADER_BYTES || view.getUint32(0) !== SIGNATURE) return null
  return {
    version: view.getUint16(4),
    height: view.getUint32(14),
    width: view.getUint32(18),
    bitDepth: view.getUint16(22),
    colourMode: view.getUint16(24),
  }
}

/** An image resource's bytes; null where there is none, or the file ends before it. */
export function psdResource(bytes: Uint8Array<ArrayBuffer>, wanted: number): Uint8Array<ArrayBuffer> | null {
  const view = viewOf(bytes)
  const has = (end: number): boolean => end <= bytes.length
  if (!readPsdHeader(bytes) || !has(HEADER_BYTES + 4)) return null
  let at = HEADER_BYTES + 4 + view.getUint32(HEADER_BYTES)
  if (!has(at + 4)) return null
  const end = Math.min(bytes.length, at + 4 + view.getUint32(at))
  at += 4
  while (at + 12 <= end && view.getUint32(at) === RESOURCE) {
    // Its name, with its length before it, and its bytes are padded to even lengths.
    const sizeAt = at + 6 + even(1 + bytes[at + 6])
    if (sizeAt + 4 > end) return null
    const body = sizeAt + 4
    const size = view.getUint32(sizeAt)
    if (view.getUint16(at + 4) === wanted) return has(body + size) ? bytes.subarray(body, body + size) : null
    at = body + even(size)
  }
  return null
}

/** Whether the flat picture, which is a document's last part, is there to its end. Its kinds of compression but two are not known here. */
export function isPsdWhole(bytes: Uint8Array<ArrayBuffer>): boolean {
  const view = viewOf(bytes)
  let at = HEADER_BYTES
  // Colours, resources and layers, each with its length before it.
  for (let part = 0; part < 3; part++) {
    if (at + 4 > bytes.length) return false
    at += 4 + view.getUint32(at)
  }
  if (at + 2 > bytes.length) return false
  const [channels, height, width] = [view.getUint16(12), view.getUint32(14), view.getUint32(18)]
  const [compression, rows] = [view.getUint16(at), channels * height]
  at += 2
  if (compression === RAW) return at + rows * width <= bytes.length
  if (compression !== RUNS) return true
  if (at + 2 * rows > bytes.length) return false
  let end = at + 2 * rows
  for (let row = 0; row < rows; row++) end += view.getUint16(at + 2 * row)
  return end <= bytes.length
}

const even = (length: number): number => length + (length % 2)
