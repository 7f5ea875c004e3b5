import { fail, InlayError } from '@/base/errors'
import type { Raster, Size } from '@/base/geometry'

import { isOpaque } from '@/assets/alpha'
import { decodeWithBrowser } from '@/assets/browserDecode'
import { readChunks } from '@/assets/pngChunks'
import { decodePng, readPngHeader } from '@/assets/pngDecode'
import { applyOrientation } from '@/assets/raster'
import { resizeRaster } from '@/assets/resample'
import { readOrientation, sniff, withoutOrientation, type Sniffed } from '@/assets/sniff'

export interface Decoded {
  raster: Raster
  name: string
  /** Every pixel has alpha 255. */
  opaque: boolean
  /** Whole sentences for the user about what was done to the picture, none where nothing was. */
  notes: string[]
}

/** Most pixels per side, and in all, that we decode; 100 megapixels are 400 MB. */
export const MAX_SIDE = 16384
export const MAX_PIXELS = 100_000_000
/** Larger pictures are scaled down to about this many pixels: undo, results and the canvas hold several copies. */
export const WORKING_PIXELS = 40_000_000
/** Larger files are not even read. */
const MAX_FILE_BYTES = 1 << 30

/**
 * Decodes any picture that we or the browser can read to straight 8-bit RGBA, turned upright by its EXIF orientation,
 * without colour conversion. Throws `bad-image` (no picture, damaged, cut short, a format we lack) or
 * `image-too-large`.
 */
export async function decodeImage(blob: Blob, name: string): Promise<Decoded> {
  if (blob.size === 0) fail('bad-image', `“${name}” is empty.`, 'Choose another file.')
  if (blob.size > MAX_FILE_BYTES) tooLarge(name, `The file has ${Math.round(blob.size / 1e6)} MB.`)
  const bytes = new Uint8Array(await blob.arrayBuffer())
  const sniffed = sniff(bytes)
  if (!sniffed)
    fail(
      'bad-image',
      `“${name}” is not a picture that we know.`,
      'Use PNG, JPEG, WebP, AVIF, GIF or BMP.',
      blob.type,
    )
  if (sniffed.size) checkSize(name, sniffed.size)
  const notes: string[] = []
  const stored =
    sniffed.format === 'png'
      ? await readPng(bytes, name, notes)
      : await readOther(bytes, sniffed, name, notes)
  const raster = toWorkingSize(stored, notes)
  return { raster, name, opaque: isOpaque(raster), notes }
}

async function readPng(bytes: Uint8Array<ArrayBuffer>, name: string, notes: string[]): Promise<Raster> {
  const chunks = readChunks(bytes)
  const header = readPngHeader(chunks)
  checkSize(name, header)
  if (header.animated) notes.push(FIRST_FRAME)
  if (header.bitDepth === 16) notes.push('16 bits per channel were reduced to 8.')
  const exif = chunks.find(({ type }) => type === 'eXIf')?.data
  const orientation = exif && readOrientation(exif, 0, exif.length)
  return applyOrientation(await decodePng(bytes), orientation?.value ?? 1)
}

const FIRST_FRAME = 'This picture is animated; its first frame is used.'

async function readOther(
  bytes: Uint8Array<ArrayBuffer>,
  sniffed: Sniffed,
  name: string,
  notes: string[],
): Promise<Raster> {
  const { format } = sniffed
  if (format === 'svg' || format === 'tiff')
    fail(
      'bad-image',
      `“${name}” is ${format === 'svg' ? 'an SVG drawing' : 'a TIFF file'}.`,
      'Export it as PNG first.',
    )
  if (sniffed.animated) notes.push(FIRST_FRAME)
  if (sniffed.cmyk)
    notes.push('This picture is made for print (CMYK); its colours were converted to RGB roughly.')
  if (format === 'jpeg' && endsEarly(bytes, sniffed.pixelsAt)) cutShort(name)
  let raster: Raster
  try {
    raster = await decodeWithBrowser(
      withoutOrientation(bytes, sniffed),
      `image/${format}`,
      sniffed.mayHaveAlpha,
    )
  } catch (error) {
    return undecodable(format, name, error)
  }
  if (raster.width === 0 || raster.height === 0) noPixels(name)
  checkSize(name, raster)
  return applyOrientation(raster, sniffed.orientation?.value ?? 1)
}

function undecodable(format: Sniffed['format'], name: string, error: unknown): never {
  if (error instanceof InlayError) throw error
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (format === 'heic' || format === 'avif')
    fail(
      'bad-image',
      `This browser cannot read the ${format.toUpperCase()} file “${name}”.`,
      'Save it as JPEG or PNG first.',
      detail,
    )
  return fail(
    'bad-image',
    `“${name}” is damaged and cannot be read.`,
    'Open and save it again in another program.',
    detail,
  )
}

/** Whether a JPEG lacks its end marker after `from`; what follows it (some cameras append data) does not matter. */
function endsEarly(bytes: Uint8Array, from: number): boolean {
  for (let i = bytes.length - 2; i >= from; i--) if (bytes[i] === 0xff && bytes[i + 1] === 0xd9) return false
  return true
}

function cutShort(name: string): never {
  return fail('bad-image', `“${name}” ends too early.`, 'Copy or download it again.')
}

function noPixels(name: string): never {
  return fail('bad-image', `“${name}” has no pixels.`, 'Choose another file.')
}

function checkSize(name: string, { width, height }: Size): void {
  if (width === 0 || height === 0) noPixels(name)
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS)
    tooLarge(name, `It has ${width} × ${height} pixels.`)
}

function tooLarge(name: string, fact: string): never {
  return fail(
    'image-too-large',
    `“${name}” is too large. ${fact}`,
    `Scale it down to at most ${MAX_SIDE.toLocaleString('en')} pixels per side and ${MAX_PIXELS / 1e6} megapixels.`,
  )
}

function toWorkingSize(r: Raster, notes: string[]): Raster {
  const scale = Math.sqrt(WORKING_PIXELS / (r.width * r.height))
  if (scale >= 1) return r
  const width = Math.max(1, Math.floor(r.width * scale))
  const height = Math.max(1, Math.floor(r.height * scale))
  notes.push(`Scaled down from ${r.width} × ${r.height} to ${width} × ${height} pixels to fit in memory.`)
  return resizeRaster(r, width, height)
}
