import { blankMask, maskSizeOf } from '@/assets/mask'
import type { Mask, Raster } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

/** Difference of a channel, of 255, up to which nobody sees it, and from which it is told in full. */
const UNSEEN = 2
const PLAIN = 22

/** What differs between two pictures of one size, as strongly as it does; every cell tells its largest difference. */
export function changeMask(before: Raster, after: Raster): Mask {
  const { width, height } = before
  const mask = blankMask(maskSizeOf(before))
  for (let y = 0; y < height; y++) {
    beat()
    const row = Math.floor((y * mask.height) / height) * mask.width
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x)
      let most = 0
      for (let c = 0; c < 4; c++) most = Math.max(most, Math.abs(before.data[at + c] - after.data[at + c]))
      if (most <= UNSEEN) continue
      const cell = row + Math.floor((x * mask.width) / width)
      const told = Math.min(255, Math.round((255 * (most - UNSEEN)) / (PLAIN - UNSEEN)))
      mask.values[cell] = Math.max(mask.values[cell], told)
    }
  }
  return mask
}
