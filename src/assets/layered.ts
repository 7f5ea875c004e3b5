/** A picture as a stack of layers, the way image editors mix them: what files with layers hold. */
import type { Mask, Raster, Rect, Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import type { BlendMode, Look } from '@/base/look'

import { coveredRect } from '@/assets/alpha'
import { keptThrough, maskReader } from '@/assets/mask'
import { blankRaster, cropRaster } from '@/assets/raster'

/** What a layer is called, and whether it may not be changed. */
export interface Called {
  name: string
  locked?: boolean
}

export interface StackLayer extends Called {
  /** Of encoded colours. */
  blend: BlendMode
  /** A whole number of 255ths in 0..1, as files hold it. */
  opacity: number
  visible: boolean
  /** Whole pixels of the picture that `image` covers. */
  rect: Rect
  /** Straight alpha, the size of `rect`. */
  image: Raster
  /** How much of it shows, a cell for each pixel of `image`; null or absent: all. */
  mask?: Mask | null
}

export interface LayeredPicture extends Size {
  /** Bottom to top. */
  layers: readonly StackLayer[]
  /**
   * How many of the lowest belong together: the background and what lies on it. They make up a group, in which all above the
   * lowest show only as far as that covers.
   */
  grounded: number
  /** All visible layers together. */
  flat: Raster
}

/** A layer that is a whole picture. */
export const wholeLayer = ({ name, locked }: Called, image: Raster): StackLayer => ({
  name,
  ...(locked ? { locked } : {}),
  blend: 'normal',
  opacity: 1,
  visible: true,
  rect: { x: 0, y: 0, width: image.width, height: image.height },
  image,
})

/** How strongly a layer shows, as files hold it. */
export const lookInFile = ({
  opacity = 1,
  blend = 'normal',
}: Look): Pick<StackLayer, 'opacity' | 'blend'> => ({
  opacity: Math.round(opacity * 255) / 255,
  blend,
})

/** A picture where a mask shows it, as a layer that does what `keptThrough` does; none where the mask is empty. */
export function throughMask(name: string, picture: Raster, mask: Mask): StackLayer[] {
  const shown: Raster = { ...picture, data: picture.data.slice() }
  const read = maskReader(mask, picture)
  const line = new Float32Array(picture.width)
  for (let y = 0; y < picture.height; y++) {
    beat()
    read(y, line)
    for (let x = 0; x < picture.width; x++) shown.data[(y * picture.width + x) * 4 + 3] *= line[x] / 255
  }
  const rect = coveredRect(shown)
  return rect ? [{ ...wholeLayer({ name }, cropRaster(shown, rect)), rect }] : []
}

/** The nearest opacity that a file can hold at which a layer still shows. */
export const fileOpacity = (opacity: number): number => Math.max(1, Math.round(opacity * 255)) / 255

/** A layer's pixels, as far as its mask shows them, on a transparent picture of the whole size. */
export function onWholePicture({ rect, image: unmasked, mask }: StackLayer, { width, height }: Size): Raster {
  const whole = blankRaster(width, height)
  const image = mask ? keptThrough(mask, unmasked, blankRaster(rect.width, rect.height)) : unmasked
  const line = rect.width * 4
  for (let y = 0; y < rect.height; y++)
    whole.data.set(image.data.subarray(y * line, (y + 1) * line), ((rect.y + y) * width + rect.x) * 4)
  return whole
}
