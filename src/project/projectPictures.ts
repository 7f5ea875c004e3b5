/** The pixels of a project's pictures, which nobody may believe before they are looked at. */
import { MAX_PIXELS } from '@/assets/decode'
import { hashRaster } from '@/assets/hash'
import { decodePng } from '@/assets/png'
import { readChunks } from '@/assets/pngChunks'
import { readPngHeader } from '@/assets/pngDecode'
import { fail, InlayError } from '@/base/errors'
import type { Raster, Size } from '@/base/geometry'
import type { Project, ProjectPicture } from '@/project/projectFile'

export interface CheckedPicture {
  /** As it lay in the file. */
  png: Uint8Array<ArrayBuffer>
  raster: Raster
}

/** @throws bad-archive, bad-image, image-too-large, and hash-mismatch where the pixels are not those that were saved */
export async function readProjectPicture({
  hash,
  width,
  height,
  read,
}: ProjectPicture): Promise<CheckedPicture> {
  const png = await read()
  const size = await sizeOf(png, hash)
  const changed = () =>
    fail('hash-mismatch', 'A picture in this project is not the one that was saved.', AGAIN, hash)
  if (size.width !== width || size.height !== height) changed()
  const raster = await told(hash, () => decodePng(png))
  if ((await hashRaster(raster)) !== hash) changed()
  return { png, raster }
}

/** @throws bad-archive, hash-mismatch, bad-image, image-too-large */
export async function readProjectResult({ id, read }: Project['results'][number]): Promise<CheckedPicture> {
  const png = await read()
  await sizeOf(png, id)
  return { png, raster: await told(id, () => decodePng(png)) }
}

const AGAIN = 'Copy or download the project again, or save it again where it was made.'

/** A few bytes may claim to be gigabytes of pixels: looked at before any memory is taken. */
async function sizeOf(png: Uint8Array<ArrayBuffer>, name: string): Promise<Size> {
  const size = await told(name, () => readPngHeader(readChunks(png)))
  if (size.width * size.height > MAX_PIXELS)
    fail(
      'image-too-large',
      'A picture in this project is too large.',
      `Pictures have at most ${MAX_PIXELS / 1e6} megapixels; the studio itself saves none that is larger.`,
      `${name}: ${size.width} × ${size.height}`,
    )
  return size
}

/** What is wrong with a PNG is told of the project that it lies in. */
async function told<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof InlayError)) throw error
    return fail('bad-image', 'A picture in this project is damaged.', AGAIN, `${name}: ${error.message}`)
  }
}
