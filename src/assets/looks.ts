/** What kind of picture it is, as far as a few thousand of its pixels tell. */
import type { Raster } from '@/base/geometry'
import type { PictureLooks } from '@/base/pictureLooks'

/** Places per side that are looked at. */
const GRID = 128
/** Neighbours that are compared, px: beyond those that JPEG and resampling make alike. */
const NEAR = 2
/** Neighbours that say whether a place lies inside, of the longer side. */
const INSIDE = 0.01
/** Alphas between shine through. */
const [CLEAR, SOLID] = [20, 235]
const [RED, GREEN, BLUE] = [0.2126, 0.7152, 0.0722]

/** @param raster of at least one pixel; takes milliseconds at any size */
export function looksOf(raster: Raster): PictureLooks {
  const { width, height, data } = raster
  const at = (x: number, y: number): number =>
    4 * (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x)))
  const far = Math.max(NEAR, Math.round(INSIDE * Math.max(width, height)))
  const shines = (pixel: number): boolean => data[pixel + 3] > CLEAR && data[pixel + 3] < SOLID
  const around = (x: number, y: number, by: number): number[] => [
    at(x - by, y),
    at(x + by, y),
    at(x, y - by),
    at(x, y + by),
  ]
  const brightness: number[] = []
  let [flat, visible, glassy] = [0, 0, 0]
  for (let row = 0; row < GRID; row++)
    for (let column = 0; column < GRID; column++) {
      const x = Math.floor(((column + 0.5) / GRID) * width)
      const y = Math.floor(((row + 0.5) / GRID) * height)
      const here = at(x, y)
      const [red, green, blue, alpha] = data.subarray(here, here + 4)
      if (alpha <= CLEAR) continue
      visible++
      brightness.push(RED * red + GREEN * green + BLUE * blue)
      const isSame = (there: number): boolean =>
        data[there] === red && data[there + 1] === green && data[there + 2] === blue
      if (around(x, y, NEAR).every(isSame)) flat++
      if (shines(here) && around(x, y, far).every(shines)) glassy++
    }
  if (visible === 0) return { flat: 0, bright: 255, glassy: 0 }
  brightness.sort((a, b) => a - b)
  return {
    flat: flat / visible,
    bright: brightness[Math.floor(0.95 * (visible - 1))],
    glassy: glassy / visible,
  }
}
