import type { Raster, Rect } from '@/base/geometry'

import { cropRaster } from '@/assets/raster'

/**
 * Smallest rectangle (integer pixels of `r`) that holds every pixel whose alpha is at least `threshold`
 * (1..255), or null where there is none. Fainter pixels are dust left by cut-out tools.
 */
export function alphaBounds(r: Raster, threshold = 8): Rect | null {
  const { width, height, data } = r
  const rowHas = (y: number, from: number, to: number): boolean => {
    for (let i = (y * width + from) * 4 + 3, end = (y * width + to) * 4; i < end; i += 4)
      if (data[i] >= threshold) return true
    return false
  }
  let top = 0
  while (top < height && !rowHas(top, 0, width)) top++
  if (top === height) return null
  let bottom = height - 1
  while (!rowHas(bottom, 0, width)) bottom--
  let left = width
  let right = -1
  for (let y = top; y <= bottom; y++) {
    const row = y * width * 4 + 3
    for (let x = 0; x < left; x++)
      if (data[row + x * 4] >= threshold) {
        left = x
        break
      }
    for (let x = width - 1; x > right; x--)
      if (data[row + x * 4] >= threshold) {
        right = x
        break
      }
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** True where every pixel has alpha 255. */
export function isOpaque(r: Raster): boolean {
  const { data } = r
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}

/** The part of `r` inside its alpha bounds, or null where nothing is visible. Pixels are copied unchanged. */
export function trimToAlpha(r: Raster): Raster | null {
  const bounds = alphaBounds(r)
  if (!bounds) return null
  if (bounds.width === r.width && bounds.height === r.height) return r
  return cropRaster(r, bounds)
}
