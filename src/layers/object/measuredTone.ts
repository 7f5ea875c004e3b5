/** The tone that an object would have in a photo, as far as the photo around it tells; what no network has seen. */
import type { PlacedRaster } from '@/assets/paste'
import { clamp, type Raster, type Rect } from '@/base/geometry'
import { LINEAR, LUMINANCE } from '@/base/srgb'

import { measuredOnce } from './measuredOnce'
import { quantile, SOLID, surroundings, wholeOf } from './surroundings'
import type { ToneGrid } from './tone'

/** What a part of a picture says of its light. */
interface Look {
  /** Mean of the logarithm of its luminance, base 2. */
  exposure: number
  /** Logarithms, base 2, of red and blue over green in what is about grey. */
  cast: readonly [red: number, blue: number]
  /** How much of it is about grey, 0..1. */
  grey: number
  /** Linear luminance of its darkest and brightest parts. */
  dark: number
  bright: number
}

/** Samples of a part of a picture, at most. */
const SAMPLES = 20000
const LEAST_SAMPLES = 30
/** Clipped bytes say nothing of colour. */
const DARKEST = 4
const BRIGHTEST = 252
/** Saturation up to which a colour may be a grey thing in coloured light. */
const GREY = 0.35
/** What is this grey on the whole tells the light's colour for sure. */
const ENOUGH_GREY = 0.3
const DARK = 0.02
const BRIGHT = 0.98
/** An object is never made more different than this: stops, stops of a channel, share of its contrast. */
const MOST_EXPOSURE = 0.6
const MOST_CAST = 0.2
const LEAST_CONTRAST = 0.75

/** One affine for the whole object, towards the light of the photo around it; of the object itself where neither tells. */
export function measuredTone({ image, contentRect }: PlacedRaster, photo: Raster): ToneGrid {
  const object = lookOf(image, wholeOf(image))
  const around = photoLook(photo, surroundings(contentRect, photo))
  const all = photoLook(photo, wholeOf(photo))
  return { columns: 1, rows: 1, affines: object && around && all ? affineTo(object, around, all) : IDENTITY }
}

const IDENTITY = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)

function affineTo(object: Look, around: Look, all: Look): Float32Array {
  const exposure = clamp(around.exposure - object.exposure, -MOST_EXPOSURE, MOST_EXPOSURE)
  const sure = Math.min(object.grey, around.grey)
  const shift = (c: 0 | 1) => clamp(sure * (around.cast[c] - object.cast[c]), -MOST_CAST, MOST_CAST)
  const [red, blue] = [shift(0), shift(1)]
  // Changes of colour keep the luminance of grey.
  const keep = Math.log2(LUMINANCE[0] * 2 ** red + LUMINANCE[1] + LUMINANCE[2] * 2 ** blue)
  const gains = [red, 0, blue].map((change) => 2 ** (exposure + change - keep))
  // Haze and a soft print leave nothing darker than the photo's darkest, nor brighter than its brightest.
  const [low, high] = [object.dark * 2 ** exposure, object.bright * 2 ** exposure]
  const [lowest, highest] = [Math.max(low, all.dark), Math.min(high, all.bright)]
  const contrast = clamp((highest - lowest) / Math.max(1e-4, high - low), LEAST_CONTRAST, 1)
  const middle = clamp((lowest - contrast * low) / (1 - contrast + 1e-6), 0, 1)
  const affine = new Float32Array(12)
  for (let c = 0; c < 3; c++) {
    affine[5 * c] = contrast * gains[c]
    affine[4 * c + 3] = (1 - contrast) * middle
  }
  return affine
}

/** Null where too little is seen. */
function lookOf({ data, width }: Raster, region: Rect): Look | null {
  const step = Math.max(1, Math.floor(Math.sqrt((region.width * region.height) / SAMPLES)))
  const luminances: number[] = []
  const sums = { exposure: 0, grey: 0, red: 0, blue: 0 }
  for (let y = region.y + (step >> 1); y < region.y + region.height; y += step)
    for (let x = region.x + (step >> 1); x < region.x + region.width; x += step) {
      const at = (y * width + x) * 4
      if (data[at + 3] < SOLID) continue
      const [r, g, b] = [data[at], data[at + 1], data[at + 2]]
      const [lowest, highest] = [Math.min(r, g, b), Math.max(r, g, b)]
      const luminance = LUMINANCE[0] * LINEAR[r] + LUMINANCE[1] * LINEAR[g] + LUMINANCE[2] * LINEAR[b]
      luminances.push(luminance)
      sums.exposure += Math.log2(luminance + 1e-3)
      if (lowest < DARKEST || highest > BRIGHTEST) continue
      const weight = Math.max(0, 1 - (highest - lowest) / highest / GREY)
      sums.grey += weight
      sums.red += weight * Math.log2(LINEAR[r] / LINEAR[g])
      sums.blue += weight * Math.log2(LINEAR[b] / LINEAR[g])
    }
  const count = luminances.length
  if (count < LEAST_SAMPLES) return null
  const grey = Math.max(1e-6, sums.grey)
  return {
    exposure: sums.exposure / count,
    cast: [sums.red / grey, sums.blue / grey],
    grey: Math.min(1, sums.grey / count / ENOUGH_GREY),
    dark: quantile(luminances, DARK, 1)!,
    bright: quantile(luminances, BRIGHT, 1)!,
  }
}

const photoLook = measuredOnce(lookOf)
