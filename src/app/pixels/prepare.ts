import { contentOf, isOpaque } from '@/assets/alpha'
import { looksOf } from '@/assets/looks'
import { encodePng } from '@/assets/png'
import { cropResizeRaster, thumbnail } from '@/assets/resample'
import type { Raster, Rect } from '@/base/geometry'
import { LEAST_SIDE } from '@/canvas/drawable'
import type { AssetRef } from '@/schema/common'

import type { PreparedPicture } from '@/app/pixels/protocol'

/** Pictures above this many pixels are drawn from a smaller proxy: one RGBA copy of them is 64 MiB. */
const LARGEST_DRAWN = 16_777_216
const PROXY_SIDE = 4096
const THUMBNAIL_SIDE = 240
const MASK_SIDE = 160

/** Makes everything that the canvas and the panels need of a picture, once. */
export async function preparePicture(raster: Raster, asset: AssetRef): Promise<PreparedPicture> {
  const opaque = isOpaque(raster)
  const whole: Rect = { x: 0, y: 0, width: raster.width, height: raster.height }
  const { bounds: content, dust } = opaque ? { bounds: whole, dust: [] } : contentOf(raster)
  const image = new ImageData(raster.data, raster.width, raster.height)
  const isTooLarge = raster.width * raster.height > LARGEST_DRAWN
  return {
    asset,
    levels: await levelsOf(image, isTooLarge ? PROXY_SIDE / Math.max(raster.width, raster.height) : 1),
    content,
    dust,
    opaque,
    looks: looksOf(raster),
    mask: alphaMask(raster, opaque),
    thumbnail: await thumbnailOf(raster, content ?? whole),
  }
}

/** A picture made smaller by `scale`, then half as wide and high each time. */
async function levelsOf(image: ImageData, scale: number): Promise<ImageBitmap[]> {
  const resized = (from: ImageData | ImageBitmap, by: number) =>
    createImageBitmap(from, {
      resizeWidth: Math.ceil(from.width * by),
      resizeHeight: Math.ceil(from.height * by),
      resizeQuality: 'high',
    })
  let last = scale < 1 ? await resized(image, scale) : await createImageBitmap(image)
  const levels = [last]
  while (Math.max(last.width, last.height) > LEAST_SIDE) {
    const half = await resized(last, 0.5).catch(() => null)
    // Without memory for more the larger ones do.
    if (!half) break
    levels.push((last = half))
  }
  return levels
}

function alphaMask(raster: Raster, opaque: boolean): PreparedPicture['mask'] {
  if (opaque) return { width: 1, height: 1, alpha: new Uint8Array([255]) }
  const small = thumbnail(raster, MASK_SIDE)
  const alpha = new Uint8Array(small.width * small.height)
  for (let i = 0; i < alpha.length; i++) alpha[i] = small.data[i * 4 + 3]
  return { width: small.width, height: small.height, alpha }
}

async function thumbnailOf(raster: Raster, content: Rect): Promise<Blob> {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.max(content.width, content.height))
  const width = Math.max(1, Math.round(content.width * scale))
  const height = Math.max(1, Math.round(content.height * scale))
  const bytes = await encodePng(cropResizeRaster(raster, content, width, height))
  return new Blob([bytes], { type: 'image/png' })
}
