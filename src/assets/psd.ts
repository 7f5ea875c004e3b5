/** Photoshop documents. A module of its own, loaded when one is written: its library is as large as the rest of the assets. */
import { writePsdUint8Array, type Layer } from 'ag-psd'

import { isOpaque } from '@/assets/alpha'
import type { LayeredPicture, StackLayer } from '@/assets/layered'
import { toXmp } from '@/assets/xmp'
import type { Raster } from '@/base/geometry'

/** A small picture of the document as JPEG, as file managers show it. */
export interface JpegThumbnail {
  width: number
  height: number
  jpeg: Uint8Array
}

/**
 * Writes 8-bit RGB with the flat picture inside, in sRGB and without a profile. The lowest layers that belong together make
 * up the group "Ground"; what lies on a background with holes is clipped to it.
 * @param recipe as JSON, in the file's XMP; null where nothing is known of how it was made
 */
export function encodePsd(
  { width, height, layers, grounded, flat }: LayeredPicture,
  recipe: string | null,
  thumbnail: JpegThumbnail | null,
): Uint8Array<ArrayBuffer> {
  const [lowest, ...above] = layers.slice(0, grounded).map(layerOf)
  const clipping = layers.length > 0 && !isOpaque(layers[0].image)
  const ground = [lowest, ...above.map((layer) => ({ ...layer, clipping }))]
  const group: Layer = { name: 'Ground', blendMode: 'pass through', opened: true, children: ground }
  const bytes = writePsdUint8Array(
    {
      width,
      height,
      imageData: pixelsOf(flat),
      children: [...(grounded > 1 ? [group] : ground), ...layers.slice(grounded).map(layerOf)],
      imageResources: {
        iccUntaggedProfile: true,
        xmpMetadata: toXmp(recipe),
        ...(thumbnail
          ? { thumbnailRaw: { width: thumbnail.width, height: thumbnail.height, data: thumbnail.jpeg } }
          : {}),
      },
    },
    { noBackground: true },
  )
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
}

const layerOf = ({ name, blend, opacity, visible, rect, image }: StackLayer): Layer => ({
  name,
  blendMode: blend,
  opacity,
  hidden: !visible,
  left: rect.x,
  top: rect.y,
  right: rect.x + rect.width,
  bottom: rect.y + rect.height,
  imageData: pixelsOf(image),
})

const pixelsOf = ({ data, width, height }: Raster) => ({ data, width, height })
