/** Pictures of 16 bits a channel: kept as they are, under what they are when rounded to 8, which the studio works with. */
import { decodeDeep } from '@/assets/decode'
import { encodePng } from '@/assets/png'
import { clamp, type DeepRaster, type Raster } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

/** From a level of 8 bits to that of 16 which is as bright. */
const STEP = 257
const MOST = 65535

const rounded = (value: number): number => Math.round(value / STEP)

/**
 * A 16-bit PNG of a picture as the studio shows it (upright, in sRGB), null where rounded to 8 bits it would not be
 * `raster` to the last bit. `decodePng` reads it as `raster`.
 * @param bytes the file that `decodeBytes` called deep
 */
export async function deepPng(
  bytes: Uint8Array<ArrayBuffer>,
  raster: Raster,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const deep = await decodeDeep(bytes)
  return isRounded(deep, raster) ? encodePng(deep) : null
}

function isRounded({ width, height, data }: DeepRaster, raster: Raster): boolean {
  if (width !== raster.width || height !== raster.height) return false
  for (let i = 0; i < data.length; i++) if (rounded(data[i]) !== raster.data[i]) return false
  return true
}

/**
 * Changes a picture in place by what was done to it in 8 bits: a channel that is as it was keeps all its bits, another
 * moves by whole levels of 8, so that shades stay as fine as they were. Rounded to 8 bits the outcome is `after`.
 * @param after of the same size
 */
export function changeDeep({ width, height, data }: DeepRaster, after: Raster): void {
  for (let y = 0; y < height; y++) {
    beat()
    for (let i = y * width * 4; i < (y + 1) * width * 4; i++) {
      const value = data[i]
      data[i] = clamp(value + STEP * (after.data[i] - rounded(value)), 0, MOST)
    }
  }
}
