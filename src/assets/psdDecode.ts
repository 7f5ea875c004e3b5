/** The flat picture of a Photoshop document. A module of its own, loaded when one is read: so is its library. */
import { initializeCanvas, readPsd } from 'ag-psd'

import type { Raster } from '@/base/geometry'

// The reader wants pixels to write to; it draws nothing.
initializeCanvas(
  () => {
    throw new Error('there is no canvas')
  },
  (width, height) => ({
    ...{ width, height, colorSpace: 'srgb' },
    data: new Uint8ClampedArray(width * height * 4),
  }),
)

/** @returns null where the document holds none. @throws what the library throws for a damaged one */
export function decodePsd(bytes: Uint8Array<ArrayBuffer>): Raster | null {
  const { imageData } = readPsd(bytes, { skipLayerImageData: true, skipThumbnail: true, useImageData: true })
  if (!imageData) return null
  const { width, height, data } = imageData
  return { width, height, data: new Uint8ClampedArray(data) }
}
