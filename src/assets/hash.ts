import type { Raster } from '@/base/geometry'
import { sha256 } from '@/base/sha256'

/**
 * Names a picture by its content: sha256 over width and height (u32, little endian) and the RGBA bytes.
 * Lower-case hex, 64 digits. The same pixels have the same name however they were encoded.
 */
export async function hashRaster(r: Raster): Promise<string> {
  const bytes = new Uint8Array(8 + r.data.byteLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, r.width, true)
  view.setUint32(4, r.height, true)
  bytes.set(r.data, 8)
  return sha256(bytes)
}
