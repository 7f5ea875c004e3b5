/** Grain: an object is given the blur and the noise that the photo around it has and it lacks. Nothing is ever sharpened. */
import type { PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import { intersect, type Raster, type Rect, type Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { coarseRow, levelAt, missingNoise, noiseOf, unitNoise, type Noise } from './noise'
import { blurOf, gaussianWeights } from './sharpness'
import { surroundings, tilesOf, wholeOf } from './surroundings'

/** Less blur is none, px; more is a photo's depth of field, in which the object need not lie: px, and of the longer side. */
const LEAST_BLUR = 0.25
const MOST_BLUR = 1.2
const MOST_BLUR_SHARE = 0.001

/** The blur that the photo around has and the object, as it is placed, has not; 0 where either cannot be told. */
export function missingBlur({ image, contentRect }: PlacedRaster, photo: Raster): number {
  const wanted = blurOf(tilesOf(photo, surroundings(contentRect, photo)))
  const has = blurOf(tilesOf(image, wholeOf(image)))
  if (wanted === null || has === null) return 0
  const most = Math.max(MOST_BLUR, MOST_BLUR_SHARE * Math.max(photo.width, photo.height))
  return Math.min(most, Math.sqrt(Math.max(0, wanted ** 2 - has ** 2)))
}

/** The noise that the photo has and the object, as it is placed, has not. */
function noiseLacking({ image }: PlacedRaster, photo: Raster): Noise | null {
  // A photo has the same noise everywhere, and seldom something even just here.
  const wanted = noiseOf(tilesOf(photo, wholeOf(photo)))
  const has = noiseOf(tilesOf(image, wholeOf(image)))
  return wanted && has && missingNoise(has, wanted)
}

/**
 * An object with the grain of the photo around it.
 * @param key of the noise: objects with other keys have other noise
 */
export function withGrain(placed: PlacedRaster, photo: Raster, amount: number, key: number): PlacedRaster {
  if (amount <= 0) return placed
  const blur = amount * missingBlur(placed, photo)
  const soft = blur < LEAST_BLUR ? placed : blurred(placed, blur, photo)
  const noise = noiseLacking(soft, photo)
  return noise ? noisy(soft, noise, amount, key) : soft
}

/**
 * Blurs colour and alpha by a Gaussian of `sigma` px. The result reaches as much farther as the picture has room; what
 * the picture's border cuts off goes on beyond it.
 */
export function blurred(
  { rect, image, contentRect }: PlacedRaster,
  sigma: number,
  picture: Size,
): PlacedRaster {
  const weights = gaussianWeights(sigma)
  const radius = weights.length >> 1
  const wide = {
    x: rect.x - radius,
    y: rect.y - radius,
    width: rect.width + 2 * radius,
    height: rect.height + 2 * radius,
  }
  const out = intersect(wide, wholeOf(picture)) ?? rect
  const image2 = blankRaster(out.width, out.height)
  const read = paddedRows({ rect, image, contentRect }, out, radius, picture)
  // Rows that are blurred along themselves, as many as the kernel is high. [2 * radius + 1][width, 4], premultiplied
  const rows: Float32Array[] = []
  for (let y = -radius; y < out.height + radius; y++) {
    beat()
    rows.push(alongRow(read(out.y + y), weights, out.width))
    if (rows.length > weights.length) rows.shift()
    if (rows.length === weights.length) storeBlurred(rows, weights, image2, y - radius)
  }
  return { rect: out, image: image2, contentRect }
}

/** Gives rows of premultiplied pixels, `radius` wider than `out` on both sides; beyond the picture its border goes on. */
function paddedRows({ rect, image }: PlacedRaster, out: Rect, radius: number, picture: Size) {
  return (row: number): Float32Array => {
    const line = new Float32Array((out.width + 2 * radius) * 4)
    const y = Math.min(picture.height - 1, Math.max(0, row)) - rect.y
    if (y < 0 || y >= image.height) return line
    for (let i = 0; i < out.width + 2 * radius; i++) {
      const x = Math.min(picture.width - 1, Math.max(0, out.x + i - radius)) - rect.x
      if (x < 0 || x >= image.width) continue
      const at = (y * image.width + x) * 4
      const alpha = image.data[at + 3]
      for (let c = 0; c < 3; c++) line[4 * i + c] = (image.data[at + c] * alpha) / 255
      line[4 * i + 3] = alpha
    }
    return line
  }
}

function alongRow(line: Float32Array, weights: Float32Array, width: number): Float32Array {
  const out = new Float32Array(width * 4)
  for (let at = 0; at < out.length; at++) {
    let sum = 0
    for (let k = 0; k < weights.length; k++) sum += weights[k] * line[at + 4 * k]
    out[at] = sum
  }
  return out
}

function storeBlurred(rows: readonly Float32Array[], weights: Float32Array, into: Raster, y: number): void {
  const sums = new Float32Array(into.width * 4)
  for (const [k, row] of rows.entries())
    for (let at = 0; at < sums.length; at++) sums[at] += weights[k] * row[at]
  for (let x = 0; x < into.width; x++) {
    const alpha = sums[4 * x + 3]
    const at = (y * into.width + x) * 4
    for (let c = 0; c < 3; c++) into.data[at + c] = alpha > 0 ? (255 * sums[4 * x + c]) / alpha : 0
    into.data[at + 3] = alpha
  }
}

/** Adds noise of the same in all channels; alpha stays, and so do pixels that nobody sees. */
export function noisy(placed: PlacedRaster, noise: Noise, amount: number, key: number): PlacedRaster {
  const { rect, image } = placed
  const out: Raster = { ...image, data: image.data.slice() }
  const { data, width, height } = out
  for (let y = 0; y < height; y++) {
    beat()
    const coarse = coarseRow(rect.x, rect.y + y, width, 2 * key + 1)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      if (data[at + 3] === 0) continue
      const luma = 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2]
      const change =
        amount *
        (levelAt(noise.fine, luma) * unitNoise(rect.x + x, rect.y + y, 2 * key) +
          levelAt(noise.coarse, luma) * coarse[x])
      for (let c = 0; c < 3; c++) data[at + c] += change
    }
  }
  return { ...placed, image: out }
}
