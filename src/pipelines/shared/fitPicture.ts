import { pilBicubic } from '@/assets/pilResize'
import type { Raster, Size } from '@/base/geometry'
import { onWhite, opaque } from '@/pipelines/shared/samples'

/** A picture's middle at a given size: laid over white, resized until it covers, what stands over cut off. */
export function fitPicture(picture: Raster, { width, height }: Size): Raster {
  const scale = Math.max(width / picture.width, height / picture.height)
  const side = (length: number, least: number) => Math.max(least, Math.round(length * scale))
  const [wide, high] = [side(picture.width, width), side(picture.height, height)]
  const resized = opaque(pilBicubic(onWhite(picture), wide, high))
  const [left, top] = [Math.floor((wide - width) / 2), Math.floor((high - height) / 2)]
  const data = new Uint8ClampedArray(4 * width * height)
  for (let row = 0; row < height; row++) {
    const from = 4 * ((top + row) * wide + left)
    data.set(resized.data.subarray(from, from + 4 * width), 4 * row * width)
  }
  return { width, height, data }
}
