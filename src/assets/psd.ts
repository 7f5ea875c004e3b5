/** Photoshop documents. A module of its own, loaded when one is written: its library is as large as the rest of the assets. */
import { writePsdUint8Array, type Layer } from 'ag-psd'

import { isOpaque } from '@/assets/alpha'
import type { LayeredPicture, StackLayer } from '@/assets/layered'
import { rasterOf } from '@/assets/mask'
import { toXmp } from '@/assets/xmp'
import { fail } from '@/base/errors'
import type { Raster, Rect, Size } from '@/base/geometry'

/** A small picture of the document as JPEG, as file managers show it. */
export interface JpegThumbnail {
  width: number
  height: number
  jpeg: Uint8Array
}

/** What the format holds: pixels a side, and bytes of a file. */
const MOST_SIDE = 30_000
const MOST_BYTES = 2 ** 31
/**
 * Bytes of all layers' pixels and masks: its library writes a file in one piece, so that they, their packed channels and the file lie in
 * memory together.
 */
const MOST_PIXELS = 1.5e9

const INSTEAD = 'Download PNG instead: it holds the picture without its layers.'

/** A layer as it takes room. */
interface PsdLayer extends Size {
  masked?: boolean
}

/** Bytes of a pixel: its channels, of which a mask is one more in the file, and a picture beside the mask in memory. */
const IN_FILE = { plain: 4, masked: 5 }
const IN_MEMORY = { plain: 4, masked: 9 }

/** A channel's row that cannot be packed takes two bytes more. */
const bytesOf = (layers: readonly PsdLayer[], pixel: typeof IN_FILE): number =>
  layers.reduce(
    (sum, { width, height, masked }) => sum + pixel[masked ? 'masked' : 'plain'] * height * (width + 2),
    0,
  )

/**
 * Refuses what a Photoshop document, or memory, cannot hold.
 * @param layers of which the sizes are known
 * @throws image-too-large; out-of-memory
 */
export function checkPsd(picture: Size, layers: readonly PsdLayer[]): void {
  const { width, height } = picture
  if (Math.max(width, height) > MOST_SIDE)
    fail(
      'image-too-large',
      `A Photoshop document is at most 30,000 pixels a side; this picture has ${width} × ${height}.`,
      INSTEAD,
    )
  // The flat picture is inside.
  const all = [picture, ...layers]
  const [inFile, inMemory] = [bytesOf(all, IN_FILE), bytesOf(all, IN_MEMORY)]
  const told = (bytes: number) => `Its layers take ${(bytes / 1e9).toFixed(1)} GB before they are packed.`
  if (inFile > MOST_BYTES)
    fail(
      'image-too-large',
      'This picture has more layers than a Photoshop document of 2 GB is sure to hold.',
      INSTEAD,
      told(inFile),
    )
  if (inMemory > MOST_PIXELS)
    fail(
      'out-of-memory',
      'Writing these layers would take more memory than a page is sure to get.',
      INSTEAD,
      told(inMemory),
    )
}

/**
 * Writes 8-bit RGB with the flat picture inside, in sRGB and without a profile. The lowest layers that belong together make
 * up the group "Ground"; what lies on a background with holes is clipped to it.
 * @param recipe as JSON, in the file's XMP; null where nothing is known of how it was made
 * @throws as `checkPsd`
 */
export function encodePsd(
  { width, height, layers, grounded, flat }: LayeredPicture,
  recipe: string | null,
  thumbnail: JpegThumbnail | null,
): Uint8Array<ArrayBuffer> {
  checkPsd(
    { width, height },
    layers.map(({ rect, mask }) => ({ ...rect, masked: Boolean(mask) })),
  )
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

/** Neither painted on nor moved. */
const LOCKED = {
  transparencyProtected: true,
  protected: { transparency: true, composite: true, position: true },
}

const edgesOf = ({ x, y, width, height }: Rect) => ({
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
})

const layerOf = ({ name, locked, blend, opacity, visible, rect, image, mask }: StackLayer): Layer => ({
  name,
  blendMode: blend,
  opacity,
  hidden: !visible,
  ...(locked ? LOCKED : {}),
  ...edgesOf(rect),
  imageData: pixelsOf(image),
  ...(mask ? { mask: { ...edgesOf(rect), defaultColor: 255, imageData: pixelsOf(rasterOf(mask)) } } : {}),
})

const pixelsOf = ({ data, width, height }: Raster) => ({ data, width, height })
