import { fail } from '@/base/errors'
import type { DeepRaster, Raster, Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { readChunks, type PngChunk } from '@/assets/pngChunks'
import { strictRows, tolerantRows, type RowSource } from '@/assets/pngRows'
import { blankRaster } from '@/assets/raster'
import type { ToSrgb } from '@/assets/colour/toSrgb'

/** Header of a PNG. */
export interface PngHeader extends Size {
  bitDepth: number
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  colorType: number
  interlaced: boolean
  animated: boolean
  grey: boolean
}

const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

const damaged = (detail: string): never =>
  fail('bad-image', 'This PNG is damaged.', 'Export it again from the program that made it.', detail)

/** Reads what the IHDR chunk says. Throws `bad-image` for a broken header or a picture without pixels. */
export function readPngHeader(chunks: PngChunk[]): PngHeader {
  const first = chunks[0]
  if (!first || first.type !== 'IHDR' || first.data.length < 13) return damaged('no IHDR')
  const view = new DataView(first.data.buffer, first.data.byteOffset, 13)
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    bitDepth: view.getUint8(8),
    colorType: view.getUint8(9),
    interlaced: view.getUint8(12) === 1,
    animated: chunks.some(({ type }) => type === 'acTL'),
    grey: view.getUint8(9) === 0 || view.getUint8(9) === 4,
  }
  if (!DEPTHS[header.colorType]?.includes(header.bitDepth) || view.getUint8(10) || view.getUint8(11))
    return damaged(`colour type ${header.colorType}, depth ${header.bitDepth}`)
  if (header.width === 0 || header.height === 0)
    fail(
      'bad-image',
      'This picture has no pixels.',
      'Choose another file.',
      `${header.width}x${header.height}`,
    )
  return header
}

/**
 * Decodes a PNG exactly: every colour type and depth, palette and tRNS transparency, Adam7. Straight alpha, no colour
 * conversion; 16-bit samples are rounded to 8. Streams: memory is the picture plus the compressed bytes, and a file
 * that inflates to more than its header says is cut off. Throws `bad-image` when damaged or cut short.
 */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>): Promise<Raster> {
  const chunks = readChunks(bytes)
  const { raster, missing } = await decodeEight(chunks, strictRows(pixelsOf(chunks)), null)
  if (missing > 0) endsEarly(missing)
  return raster
}

/**
 * A PNG of 16 bits a channel with all of them, its colours through `toSrgb` where one is given. Rounded to 8 bits it is
 * what the others give. Throws `bad-image` when damaged, cut short or not of 16 bits.
 */
export async function decodePngDeep(
  bytes: Uint8Array<ArrayBuffer>,
  toSrgb: ToSrgb | null = null,
): Promise<DeepRaster> {
  const chunks = readChunks(bytes)
  const header = readPngHeader(chunks)
  if (header.bitDepth !== 16) damaged(`${header.bitDepth} bits where 16 were expected`)
  const { width, height } = header
  const data = new Uint16Array(width * height * 4)
  const expand = deepExpander(header, chunks, toSrgb)
  const { missing } = await decodeRows(header, strictRows(pixelsOf(chunks)), data, expand)
  if (missing > 0) endsEarly(missing)
  return { width, height, data }
}

const endsEarly = (rows: number): never =>
  fail('bad-image', 'This PNG ends too early.', 'Copy or download it again.', `${rows} rows are missing`)

export interface LenientPng {
  raster: Raster
  /** Rows (of all passes together) that could not be read; their pixels are transparent. */
  missing: number
}

/**
 * Decodes as much of a PNG as is determined, as viewers do: checksums and what follows the pixels do not matter, and
 * where the pixels end or break the rows before that are kept. Colours go through `toSrgb` where one is given, 16-bit
 * ones before they are rounded. Throws `bad-image` where not one row can be read.
 */
export async function decodePngLeniently(
  bytes: Uint8Array<ArrayBuffer>,
  toSrgb: ToSrgb | null = null,
): Promise<LenientPng> {
  const chunks = readChunks(bytes)
  const whole = await decodeEight(chunks, strictRows(pixelsOf(chunks)), toSrgb)
  if (whole.missing === 0) return whole
  const decoded = await decodeEight(chunks, tolerantRows(pixelsOf(chunks)), toSrgb)
  if (decoded.read === 0)
    fail(
      'bad-image',
      'This PNG is damaged or ends too early.',
      'Copy or download it again.',
      'not one row of pixels could be read',
    )
  return decoded
}

const pixelsOf = (chunks: PngChunk[]): Uint8Array<ArrayBuffer>[] =>
  chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)

async function decodeEight(
  chunks: PngChunk[],
  source: RowSource,
  toSrgb: ToSrgb | null,
): Promise<LenientPng & { read: number }> {
  const header = readPngHeader(chunks)
  const raster = blankRaster(header.width, header.height)
  const expand = makeExpander(header, chunks, toSrgb)
  return { raster, ...(await decodeRows(header, source, raster.data, expand)) }
}

/** Fills a picture with rows until they end; how many are missing, how many were read. */
async function decodeRows<Out>(
  header: PngHeader,
  source: RowSource,
  data: Out,
  expand: Expander<Out>,
): Promise<{ missing: number; read: number }> {
  const bitsPerPixel = CHANNELS[header.colorType] * header.bitDepth
  const passes = passesOf(header)
  let missing = passes.reduce((sum, { height }) => sum + height, 0)
  let read = 0
  try {
    for (const pass of passes) {
      const rowBytes = Math.ceil((pass.width * bitsPerPixel) / 8)
      let previous = new Uint8Array(rowBytes)
      let current = new Uint8Array(rowBytes)
      for (let y = 0; y < pass.height; y++) {
        beat()
        const filter = await source.next(current)
        if (filter < 0 || !unfilter(filter, current, previous, Math.max(1, bitsPerPixel >> 3)))
          return { missing, read }
        expand(current, pass.width, data, (pass.y + y * pass.stepY) * header.width + pass.x, pass.stepX)
        missing--
        read++
        ;[previous, current] = [current, previous]
      }
    }
  } finally {
    source.close()
  }
  return { missing, read }
}

interface Pass extends Size {
  x: number
  y: number
  stepX: number
  stepY: number
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
]

function passesOf({ width, height, interlaced }: PngHeader): Pass[] {
  if (!interlaced) return [{ x: 0, y: 0, stepX: 1, stepY: 1, width, height }]
  return ADAM7.map(([x, y, stepX, stepY]) => ({
    x,
    y,
    stepX,
    stepY,
    width: Math.ceil((width - x) / stepX),
    height: Math.ceil((height - y) / stepY),
  })).filter((pass) => pass.width > 0 && pass.height > 0)
}

/** Undoes one scan line's prediction in place; `bpp` is bytes per whole pixel. False for a filter that is none. */
function unfilter(filter: number, row: Uint8Array, above: Uint8Array, bpp: number): boolean {
  const n = row.length
  switch (filter) {
    case 0:
      return true
    case 1:
      for (let i = bpp; i < n; i++) row[i] += row[i - bpp]
      return true
    case 2:
      for (let i = 0; i < n; i++) row[i] += above[i]
      return true
    case 3:
      for (let i = 0; i < n; i++) row[i] += ((i >= bpp ? row[i - bpp] : 0) + above[i]) >> 1
      return true
    case 4:
      for (let i = 0; i < Math.min(bpp, n); i++) row[i] += above[i]
      for (let i = bpp; i < n; i++) {
        const a = row[i - bpp]
        const b = above[i]
        const c = above[i - bpp]
        const pa = Math.abs(b - c)
        const pb = Math.abs(a - c)
        const pc = Math.abs(a + b - c - c)
        row[i] += pa <= pb && pa <= pc ? a : pb <= pc ? b : c
      }
      return true
    default:
      return false
  }
}

/** Writes `count` pixels of a scan line as RGBA, starting at pixel `at`, every `step` pixels. */
type Expander<Out = Uint8ClampedArray> = (
  row: Uint8Array,
  count: number,
  out: Out,
  at: number,
  step: number,
) => void

function makeExpander(header: PngHeader, chunks: PngChunk[], toSrgb: ToSrgb | null): Expander {
  const { bitDepth, colorType } = header
  if (toSrgb && bitDepth < 16) {
    const expand = makeExpander(header, chunks, null)
    return (row, count, out, at, step) => {
      expand(row, count, out, at, step)
      toSrgb.convert8(out, at, count, step)
    }
  }
  const transparency = chunks.find(({ type }) => type === 'tRNS')?.data
  if (colorType === 3) return paletteExpander(bitDepth, chunks, transparency)
  if (bitDepth < 8) return greyExpander(bitDepth, transparency)
  if (bitDepth === 8 && colorType === 6 && !header.interlaced)
    return (row, _count, out, at) => out.set(row, at * 4)
  if (bitDepth === 8 && colorType === 2 && !transparency) return expandRgb
  const wide = bitDepth === 16
  const { channels, colours, hasAlpha, key } = samplesOf(colorType, transparency)
  const sample = wide ? sample16 : (row: Uint8Array, i: number): number => row[i]
  const scale = wide ? 255 / 65535 : 1
  return (row, count, out, at, step) => {
    for (let i = 0, o = at * 4; i < count; i++, o += step * 4) {
      const base = i * channels
      const red = sample(row, base)
      const green = colours === 3 ? sample(row, base + 1) : red
      const blue = colours === 3 ? sample(row, base + 2) : red
      if (toSrgb) toSrgb.write16(red, green, blue, out, o)
      else {
        out[o] = red * scale
        out[o + 1] = green * scale
        out[o + 2] = blue * scale
      }
      if (hasAlpha) out[o + 3] = sample(row, base + colours) * scale
      else out[o + 3] = key && red === key[0] && green === key[1] && blue === key[2] ? 0 : 255
    }
  }
}

/** Of 16 bits, to 16 bits. */
function deepExpander(
  { colorType }: PngHeader,
  chunks: PngChunk[],
  toSrgb: ToSrgb | null,
): Expander<Uint16Array> {
  const transparency = chunks.find(({ type }) => type === 'tRNS')?.data
  const { channels, colours, hasAlpha, key } = samplesOf(colorType, transparency)
  return (row, count, out, at, step) => {
    for (let i = 0, o = at * 4; i < count; i++, o += step * 4) {
      const base = i * channels
      const red = sample16(row, base)
      const green = colours === 3 ? sample16(row, base + 1) : red
      const blue = colours === 3 ? sample16(row, base + 2) : red
      if (toSrgb) toSrgb.write16Deep(red, green, blue, out, o)
      else {
        out[o] = red
        out[o + 1] = green
        out[o + 2] = blue
      }
      if (hasAlpha) out[o + 3] = sample16(row, base + colours)
      else out[o + 3] = key && red === key[0] && green === key[1] && blue === key[2] ? 0 : 65535
    }
  }
}

const sample16 = (row: Uint8Array, i: number): number => (row[i * 2] << 8) | row[i * 2 + 1]

/** What a pixel is made of. */
function samplesOf(colorType: number, transparency: Uint8Array | undefined) {
  const channels = CHANNELS[colorType]
  const colours = channels >= 3 ? 3 : 1
  const hasAlpha = channels === 2 || channels === 4
  // The one colour that tRNS makes transparent, as raw samples; for greys the one value three times.
  const key =
    !hasAlpha && transparency && transparency.length >= colours * 2
      ? Array.from([0, 1, 2], (c) => {
          const at = colours === 3 ? c * 2 : 0
          return (transparency[at] << 8) | transparency[at + 1]
        })
      : null
  return { channels, colours, hasAlpha, key }
}

/** What most photographs are; three times as fast as the general way. */
const expandRgb: Expander = (row, count, out, at, step) => {
  for (let s = 0, o = at * 4; s < count * 3; s += 3, o += step * 4) {
    out[o] = row[s]
    out[o + 1] = row[s + 1]
    out[o + 2] = row[s + 2]
    out[o + 3] = 255
  }
}

const packed = (row: Uint8Array, i: number, depth: number): number => {
  const bit = i * depth
  return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1)
}

function greyExpander(depth: number, transparency: Uint8Array | undefined): Expander {
  const key = transparency && transparency.length >= 2 ? (transparency[0] << 8) | transparency[1] : -1
  const scale = 255 / ((1 << depth) - 1)
  return (row, count, out, at, step) => {
    for (let i = 0, o = at * 4; i < count; i++, o += step * 4) {
      const value = packed(row, i, depth)
      out[o] = out[o + 1] = out[o + 2] = value * scale
      out[o + 3] = value === key ? 0 : 255
    }
  }
}

function paletteExpander(depth: number, chunks: PngChunk[], transparency: Uint8Array | undefined): Expander {
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data ?? damaged('no palette')
  const last = Math.floor(palette.length / 3) - 1
  if (last < 0) damaged('an empty palette')
  return (row, count, out, at, step) => {
    for (let i = 0, o = at * 4; i < count; i++, o += step * 4) {
      // An index beyond the palette is its last colour, as browsers have it.
      const index = Math.min(last, depth === 8 ? row[i] : packed(row, i, depth))
      out[o] = palette[index * 3]
      out[o + 1] = palette[index * 3 + 1]
      out[o + 2] = palette[index * 3 + 2]
      out[o + 3] = transparency && index < transparency.length ? transparency[index] : 255
    }
  }
}
