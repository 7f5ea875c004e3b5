/** Reads Photoshop documents back, for tests outside the browser. */
import { initializeCanvas, readPsd as read, type Psd, type ReadOptions } from 'ag-psd'

// The reader wants pixels to write to; it draws nothing.
initializeCanvas(
  () => {
    throw new Error('there is no canvas')
  },
  (width, height) => ({
    width,
    height,
    data: new Uint8ClampedArray(width * height * 4),
    colorSpace: 'srgb' as const,
  }),
)

export const readPsd = (bytes: Uint8Array | ArrayBuffer, options: ReadOptions): Psd => read(bytes, options)
