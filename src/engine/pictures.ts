/** Pictures as callers give them, as the studio has them: pixels under their hashes. */
import { decodeImage } from '@/assets/decode'
import { hashRaster } from '@/assets/hash'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import type { PictureInput, PictureSource } from '@/engine/api'
import type { AssetRef } from '@/schema/common'

/** The pictures of one run. */
export class PictureBook {
  /** What should be known of them, in sentences. */
  readonly notes: string[] = []
  private readonly rasters = new Map<string, Raster>()

  /** @param fallback what it is called where nothing names it @throws bad-image, image-too-large, network */
  async add(input: PictureInput, fallback: string): Promise<AssetRef> {
    const { picture, name } = named(input, fallback)
    const { raster, notes } = await read(picture, name)
    this.notes.push(...notes.map((note) => `${name}: ${note}`))
    return this.addRaster(raster, name)
  }

  async addRaster(raster: Raster, name: string): Promise<AssetRef> {
    const hash = await hashRaster(raster)
    this.rasters.set(hash, raster)
    return { hash, name: name.slice(0, 300), width: raster.width, height: raster.height }
  }

  /** Copies of their pixels, which a job takes along. @throws missing-asset */
  pixelsOf(assets: readonly AssetRef[]): Raster[] {
    return assets.map(({ hash, name }) => {
      const raster = this.rasters.get(hash)
      if (!raster)
        return fail(
          'missing-asset',
          `“${name}” is not among the pictures.`,
          'Give the very picture that the recipe was made with.',
        )
      return { ...raster, data: raster.data.slice() }
    })
  }
}

function named(input: PictureInput, fallback: string): { picture: PictureSource; name: string } {
  if (typeof input === 'string' || input instanceof URL)
    return { picture: input, name: nameIn(input, fallback) }
  if (input instanceof File) return { picture: input, name: input.name }
  return 'picture' in input ? input : { picture: input, name: fallback }
}

/** The last part of an address. */
function nameIn(address: string | URL, fallback: string): string {
  const { protocol, pathname } = new URL(address, location.href)
  if (protocol === 'data:' || protocol === 'blob:') return fallback
  return decodeURIComponent(pathname.split('/').at(-1) ?? '') || fallback
}

async function read(source: PictureSource, name: string): Promise<{ raster: Raster; notes: string[] }> {
  if (source instanceof Blob) return decodeImage(source, name)
  if (source instanceof ImageData) return { raster: copied(source), notes: [] }
  if (source instanceof ImageBitmap) return { raster: copied(drawn(source)), notes: [] }
  return decodeImage(await fetched(source, name), name)
}

/** @throws network */
export async function fetched(address: URL | string, name: string): Promise<Blob> {
  const answer = await fetch(address).catch(() => null)
  if (!answer?.ok)
    fail(
      'network',
      `${name} could not be read.`,
      'Check that the file exists.',
      answer ? `status ${answer.status}` : 'the request failed',
    )
  return answer.blob()
}

const copied = ({ width, height, data }: ImageData): Raster => ({
  width,
  height,
  data: new Uint8ClampedArray(data),
})

function drawn(bitmap: ImageBitmap): ImageData {
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
  if (!context) return fail('internal', 'A bitmap could not be read.', 'Give the picture as a file.')
  context.drawImage(bitmap, 0, 0)
  return context.getImageData(0, 0, bitmap.width, bitmap.height)
}
