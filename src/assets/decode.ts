import { fail, InlayError, unreachable } from '@/base/errors'
import type { DeepRaster, Raster, Size } from '@/base/geometry'

import { isOpaque } from '@/assets/alpha'
import { decodeWithBrowser } from '@/assets/browserDecode'
import { fileProfile } from '@/assets/colour/fileProfile'
import { readIcc, type Profile } from '@/assets/colour/icc'
import { pngProfile } from '@/assets/colour/pngProfile'
import { conversionToSrgb, type ToSrgb } from '@/assets/colour/toSrgb'
import { readChunks, type PngChunk } from '@/assets/pngChunks'
import { decodePngDeep, decodePngLeniently, readPngHeader } from '@/assets/pngDecode'
import { isPsdWhole, PSD_PROFILE, psdResource, readPsdHeader } from '@/assets/psdParts'
import { applyOrientation, applyOrientationDeep } from '@/assets/raster'
import { resizeRaster } from '@/assets/resample'
import { readOrientation, sniff, withoutOrientation, type Sniffed } from '@/assets/sniff'

export interface Decoded {
  raster: Raster
  name: string
  /** Every pixel has alpha 255. */
  opaque: boolean
  /** `decodeDeep` gives these pixels with 16 bits a channel. */
  deep: boolean
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
 * Decodes any picture that we or the browser can read to straight 8-bit RGBA in sRGB, turned upright by its EXIF
 * orientation. Damage that viewers put up with is put up with, and noted. Throws `bad-image` (no picture, damaged, cut short, a format we lack) or
 * `image-too-large`.
 */
export async function decodeImage(blob: Blob, name: string): Promise<Decoded> {
  return decodeBytes(await readImageFile(blob, name), name)
}

/** A picture file's bytes. Throws `bad-image` or `image-too-large` before anything is read. */
export async function readImageFile(blob: Blob, name: string): Promise<Uint8Array<ArrayBuffer>> {
  if (blob.size === 0) fail('bad-image', `“${name}” is empty.`, 'Choose another file.')
  if (blob.size > MAX_FILE_BYTES) tooLarge(name, `The file has ${Math.round(blob.size / 1e6)} MB.`)
  return new Uint8Array(await blob.arrayBuffer())
}

/** `decodeImage` for bytes that are here already. */
export async function decodeBytes(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Decoded> {
  const sniffed = sniff(bytes)
  if (sniffed?.size) checkSize(name, sniffed.size)
  const notes: string[] = []
  const png = sniffed?.format === 'png' ? await readPng(bytes, name, notes) : null
  const stored = png
    ? png.raster
    : sniffed?.format === 'psd'
      ? await readFlatPsd(bytes, name, notes)
      : sniffed
        ? await readOther(bytes, sniffed, name, notes)
        : await readUnknown(bytes, name, notes)
  const raster = toWorkingSize(stored, notes)
  const deep = png?.deep === true && raster === stored
  if (png && png.bitDepth > 8) notes.push(deep ? DEPTH_KEPT : DEPTH_LOST)
  return { raster, name, opaque: isOpaque(raster), deep, notes }
}

const DEPTH_KEPT =
  'The studio works with 8 bits a channel; as a background this picture keeps its 16 for the export as PNG.'
const DEPTH_LOST = '16 bits per channel were reduced to 8.'

/** The pixels of a PNG that `decodeBytes` called deep, 16 bits a channel. Throws `bad-image` for any other. */
export async function decodeDeep(bytes: Uint8Array<ArrayBuffer>): Promise<DeepRaster> {
  const chunks = readChunks(bytes)
  const { toSrgb } = planColours(pngProfile(chunks, readPngHeader(chunks).grey), [])
  return applyOrientationDeep(await decodePngDeep(bytes, toSrgb), pngOrientation(chunks))
}

function pngOrientation(chunks: readonly PngChunk[]): number {
  const exif = chunks.find(({ type }) => type === 'eXIf')?.data
  return (exif && readOrientation(exif, 0, exif.length))?.value ?? 1
}

/** `deep`: all of its pixels are there, and could be had with 16 bits. */
async function readPng(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  notes: string[],
): Promise<{ raster: Raster; bitDepth: number; deep: boolean }> {
  const chunks = readChunks(bytes)
  const header = readPngHeader(chunks)
  const { bitDepth } = header
  checkSize(name, header)
  if (header.animated) notes.push(FIRST_FRAME)
  const orientation = pngOrientation(chunks)
  const { toSrgb, byBrowser } = planColours(pngProfile(chunks, header.grey), notes)
  if (byBrowser) {
    // Browsers turn PNGs upright by themselves, or not at all.
    const raster = await decodeWithBrowser(bytes, 'image/png', true, 'srgb').catch(() => null)
    const turn = raster?.width === header.width ? orientation : 1
    if (raster) return { raster: applyOrientation(raster, turn), bitDepth, deep: false }
  }
  const { raster, missing } = await decodePngLeniently(bytes, toSrgb)
  if (missing > 0) notes.push('This picture is damaged or cut short: what is missing is left transparent.')
  return { raster: applyOrientation(raster, orientation), bitDepth, deep: bitDepth === 16 && missing === 0 }
}

/** Photoshop's colour mode. */
const RGB = 3

const FIRST_FRAME = 'This picture is animated; its first frame is used.'

async function readOther(
  bytes: Uint8Array<ArrayBuffer>,
  sniffed: Sniffed,
  name: string,
  notes: string[],
): Promise<Raster> {
  const { format } = sniffed
  if (sniffed.animated) notes.push(FIRST_FRAME)
  const print = sniffed.components === 4
  if (print) notes.push('This picture is made for print (CMYK); its colours were converted to RGB roughly.')
  const { toSrgb, byBrowser } = planColours(print ? null : fileProfile(bytes, sniffed), notes)
  const file = withoutOrientation(format === 'jpeg' ? ended(bytes, sniffed, name, notes) : bytes, sniffed)
  const decode = (data: Uint8Array<ArrayBuffer>): Promise<Raster> =>
    decodeWithBrowser(data, `image/${format}`, sniffed.mayHaveAlpha, byBrowser ? 'srgb' : 'stored')
  let raster: Raster
  try {
    raster = await decode(file).catch((error: unknown) => {
      const padded = format === 'bmp' ? paddedBmp(bytes) : null
      if (!padded) throw error
      notes.push(CUT_SHORT)
      return decode(padded)
    })
  } catch (error) {
    return undecodable(format, name, error)
  }
  if (raster.width === 0 || raster.height === 0) noPixels(name)
  checkSize(name, raster)
  toSrgb?.convert8(raster.data, 0, raster.width * raster.height, 1)
  return applyOrientation(raster, sniffed.orientation?.value ?? 1)
}

/** A Photoshop document as it looks: the flat picture that programs save beside the layers. */
async function readFlatPsd(bytes: Uint8Array<ArrayBuffer>, name: string, notes: string[]): Promise<Raster> {
  const { version, bitDepth, colourMode } = readPsdHeader(bytes) ?? { version: 0, bitDepth: 0, colourMode: 0 }
  if (version !== 1 || bitDepth !== 8 || colourMode !== RGB)
    fail(
      'bad-image',
      `“${name}” is a Photoshop document, but not of 8-bit RGB.`,
      'Save it as PNG and drop that.',
      `version ${version}, ${bitDepth} bits, colour mode ${colourMode}`,
    )
  if (!isPsdWhole(bytes)) cutShort(name)
  const icc = psdResource(bytes, PSD_PROFILE)
  const profile = icc && readIcc(icc)
  // Browsers, which convert what we cannot, know no such files.
  const isOther = profile?.kind === 'other'
  if (isOther) notes.push(`Its colours (${profile.name}) were taken as sRGB: save it as PNG to keep them.`)
  const { toSrgb } = planColours(isOther ? null : profile, notes)
  const { decodePsd } = await import('@/assets/psdDecode')
  let raster: Raster | null
  try {
    raster = decodePsd(bytes)
  } catch (error) {
    return undecodable('psd', name, error)
  }
  if (!raster) return fail('bad-image', `“${name}” holds layers alone.`, 'Save it as PNG and drop that.')
  notes.push('Of the Photoshop document the flat picture is used, not the layers.')
  toSrgb?.convert8(raster.data, 0, raster.width * raster.height, 1)
  return raster
}

/** Formats that this browser may know and we do not. */
async function readUnknown(bytes: Uint8Array<ArrayBuffer>, name: string, notes: string[]): Promise<Raster> {
  const raster = await decodeWithBrowser(bytes, '', true, 'srgb').catch((): never =>
    fail('bad-image', `“${name}” is not a picture that we know.`, 'Use PNG, JPEG, WebP, AVIF, GIF or BMP.'),
  )
  checkSize(name, raster)
  notes.push('This kind of picture is read as the browser shows it.')
  return raster
}

const CUT_SHORT = 'This picture ends too early: its last rows may be missing.'

/**
 * A JPEG with its end marker: where that is missing, decoders that are given one show what there is. What follows the
 * marker (some cameras append data) does not matter. Throws `bad-image` where the pixels have not begun.
 */
function ended(
  bytes: Uint8Array<ArrayBuffer>,
  { pixelsAt }: Sniffed,
  name: string,
  notes: string[],
): Uint8Array<ArrayBuffer> {
  if (pixelsAt + 2 >= bytes.length) cutShort(name)
  for (let i = bytes.length - 2; i >= pixelsAt; i--)
    if (bytes[i] === 0xff && bytes[i + 1] === 0xd9) return bytes
  notes.push(CUT_SHORT)
  const out = new Uint8Array(bytes.length + 2)
  out.set(bytes)
  out.set([0xff, 0xd9], bytes.length)
  return out
}

/** A plain BMP filled up with zeros to the length that its header states, null where it is no shorter. */
function paddedBmp(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const { size } = sniff(bytes) ?? {}
  if (!size || bytes.length < 30) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const rowBytes = ((size.width * view.getUint16(28, true) + 31) >> 5) << 2
  const length = view.getUint32(10, true) + rowBytes * size.height
  if (length <= bytes.length || length > MAX_PIXELS * 4) return null
  const out = new Uint8Array(length)
  out.set(bytes)
  return out
}

interface ColourPlan {
  /** Our own conversion, null where the numbers are sRGB (or must be taken for it). */
  toSrgb: ToSrgb | null
  /** The browser converts, because we cannot. */
  byBrowser: boolean
}

/** How a picture's colours become sRGB; says so where they change, or cannot be told. */
function planColours(profile: Profile | null, notes: string[]): ColourPlan {
  if (profile === null) return { toSrgb: null, byBrowser: false }
  switch (profile.kind) {
    case 'space': {
      const toSrgb = conversionToSrgb(profile.space)
      if (toSrgb) notes.push(`Its colours were converted from ${profile.space.name} to sRGB.`)
      return { toSrgb, byBrowser: false }
    }
    case 'other':
      notes.push(`Its colours were converted from ${profile.name} to sRGB by the browser.`)
      return { toSrgb: null, byBrowser: true }
    case 'broken':
      notes.push('Its colour profile cannot be read; its colours were taken as sRGB.')
      return { toSrgb: null, byBrowser: false }
    default:
      return unreachable(profile)
  }
}

function undecodable(format: Sniffed['format'], name: string, error: unknown): never {
  if (error instanceof InlayError) throw error
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (format === 'svg' || format === 'tiff')
    fail(
      'bad-image',
      `“${name}” is ${format === 'svg' ? 'an SVG drawing' : 'a TIFF file'}.`,
      'Export it as PNG first.',
    )
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
