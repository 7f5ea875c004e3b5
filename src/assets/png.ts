import type { DeepRaster, Raster } from '@/base/geometry'

import { encodeChunk, encodeSignature } from '@/assets/pngChunks'
import { encodeTextChunk } from '@/assets/pngText'

export { decodePng } from '@/assets/pngDecode'

/** Pixels per row that the choice of a filter looks at. */
const FILTER_SAMPLES = 128

/**
 * Encodes a picture as PNG of its 8 or 16 bits, lossless with straight alpha (colours under alpha 0 included); opaque
 * pictures as RGB.
 * `text` goes into iTXt chunks before the pixels. Fast rather than small: sampled filters, the platform's zlib.
 */
export async function encodePng(
  r: Raster | DeepRaster,
  text: Record<string, string> = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const depth = r.data instanceof Uint16Array ? 16 : 8
  const channels = isOpaque(r.data, depth) ? 3 : 4
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, r.width)
  view.setUint32(4, r.height)
  header.set([depth, channels === 3 ? 2 : 6], 8)
  const pieces = [
    encodeSignature(),
    encodeChunk('IHDR', header),
    ...Object.entries(text).map(([keyword, value]) => encodeTextChunk(keyword, value)),
    ...(await deflate(scanLines(r, channels))).map((data) => encodeChunk('IDAT', data)),
    encodeChunk('IEND', new Uint8Array(0)),
  ]
  return concatenate(pieces)
}

function isOpaque(data: Uint8ClampedArray | Uint16Array, depth: 8 | 16): boolean {
  const most = 2 ** depth - 1
  for (let i = 3; i < data.length; i += 4) if (data[i] !== most) return false
  return true
}

function concatenate(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}

/** Compresses the stream of lines; the pieces of a zlib stream, each at least 32 KiB but the last. */
async function deflate(lines: Iterator<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>[]> {
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      const { done, value } = lines.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
  const reader = source
    .pipeThrough(new CompressionStream('deflate') as ReadableWritablePair<Uint8Array, Uint8Array>)
    .getReader()
  const out: Uint8Array<ArrayBuffer>[] = []
  let waiting: Uint8Array[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (value) {
      waiting.push(value)
      bytes += value.length
    }
    if (bytes >= 32768 || (done && bytes > 0)) {
      out.push(concatenate(waiting))
      waiting = []
      bytes = 0
    }
    if (done) return out
  }
}

/** Filtered scan lines, about a megabyte at a time. */
function* scanLines(r: Raster | DeepRaster, channels: 3 | 4): Generator<Uint8Array<ArrayBuffer>, undefined> {
  const pixelBytes = channels * r.data.BYTES_PER_ELEMENT
  const rowBytes = r.width * pixelBytes
  const batch = Math.max(1, Math.floor((1 << 20) / (rowBytes + 1)))
  let above = new Uint8Array(rowBytes)
  let row = new Uint8Array(rowBytes)
  for (let top = 0; top < r.height; top += batch) {
    const rows = Math.min(batch, r.height - top)
    const out = new Uint8Array(rows * (rowBytes + 1))
    for (let j = 0; j < rows; j++) {
      if (r.data instanceof Uint16Array) copyDeepRow(r.data, (top + j) * r.width * 4, channels, row)
      else copyRow(r.data, (top + j) * r.width * 4, channels, row)
      const at = j * (rowBytes + 1)
      const filter = chooseFilter(row, above, pixelBytes)
      out[at] = filter
      applyFilter(filter, row, above, pixelBytes, out, at + 1)
      ;[above, row] = [row, above]
    }
    yield out
  }
  return undefined
}

/** Most significant byte first. */
function copyDeepRow(data: Uint16Array, start: number, channels: 3 | 4, row: Uint8Array): void {
  for (let i = 0, s = start; i < row.length; s += 4)
    for (let c = 0; c < channels; c++) {
      row[i++] = data[s + c] >> 8
      row[i++] = data[s + c]
    }
}

function copyRow(data: Uint8ClampedArray, start: number, channels: 3 | 4, row: Uint8Array): void {
  if (channels === 4) {
    row.set(data.subarray(start, start + row.length))
    return
  }
  for (let i = 0, s = start; i < row.length; i += 3, s += 4) {
    row[i] = data[s]
    row[i + 1] = data[s + 1]
    row[i + 2] = data[s + 2]
  }
}

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c)
  const pb = Math.abs(a - c)
  const pc = Math.abs(a + b - c - c)
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

/** Filter type (0 none, 1 left, 2 up, 4 Paeth) whose residual is smallest on a sample of the row. */
function chooseFilter(row: Uint8Array, above: Uint8Array, bpp: number): number {
  const cost = [0, 0, 0, 0, 0]
  const pixels = row.length / bpp
  const step = Math.max(1, Math.floor(pixels / FILTER_SAMPLES)) * bpp
  for (let p = bpp; p + bpp <= row.length; p += step)
    for (let i = p; i < p + bpp; i++) {
      const value = row[i]
      const a = row[i - bpp]
      const b = above[i]
      cost[0] += folded(value)
      cost[1] += folded(value - a)
      cost[2] += folded(value - b)
      cost[4] += folded(value - paeth(a, b, above[i - bpp]))
    }
  let best = 0
  for (const filter of [1, 2, 4]) if (cost[filter] < cost[best]) best = filter
  return best
}

/** Size of a residual byte, which wraps around. */
const folded = (value: number): number => Math.abs((value << 24) >> 24)

function applyFilter(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  bpp: number,
  out: Uint8Array,
  at: number,
): void {
  if (filter === 0) {
    out.set(row, at)
    return
  }
  const n = row.length
  if (filter === 2) {
    for (let i = 0; i < n; i++) out[at + i] = row[i] - above[i]
    return
  }
  const left = filter === 1
  for (let i = 0; i < bpp; i++) out[at + i] = left ? row[i] : row[i] - above[i]
  if (left) for (let i = bpp; i < n; i++) out[at + i] = row[i] - row[i - bpp]
  else for (let i = bpp; i < n; i++) out[at + i] = row[i] - paeth(row[i - bpp], above[i], above[i - bpp])
}
