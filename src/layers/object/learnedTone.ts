/** The tone that an object would have in a photo's light, as a network says that has seen many in many lights. */
import type { PlacedRaster } from '@/assets/paste'
import { cropResizeRaster } from '@/assets/resample'
import { clamp, type Raster, type Rect } from '@/base/geometry'
import { LUMINANCE } from '@/base/srgb'

import { measuredOnce } from './measuredOnce'
import { wholeOf } from './surroundings'
import type { ToneGrid } from './tone'
import { CONTEXT, SQUARE, toneNumbers, WHOLE, type ToneView } from './toneNet'

/** Shares of the square that must be seen of an object: below the first nothing can be told, from the second on all is. */
const LEAST_SEEN = 0.0025
const ENOUGH_SEEN = 0.01

/** One affine for the whole object; less and less of it the less of the object is seen, or of the photo. */
export function learnedTone(placed: PlacedRaster, photo: Raster): ToneGrid {
  const view = toneViewOf(placed, photo)
  const known = Math.min(meanOf(view.alpha), meanOf(view.inside))
  const amount = clamp((known - LEAST_SEEN) / (ENOUGH_SEEN - LEAST_SEEN), 0, 1)
  if (amount === 0) return { columns: 1, rows: 1, affines: IDENTITY }
  const affine = toneAffine(toneNumbers(view))
  return {
    columns: 1,
    rows: 1,
    affines: affine.map((value, k) => IDENTITY[k] + amount * (value - IDENTITY[k])),
  }
}

/** Of bytes, 0..1. */
const meanOf = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length / 255

const IDENTITY = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)

/** Pictures of a photo alone are made once. */
const squareOfPhoto = measuredOnce((photo, region) => cropResizeRaster(photo, region, SQUARE, SQUARE))
const wholeOfPhoto = measuredOnce((photo) => cropResizeRaster(photo, wholeOf(photo), WHOLE, WHOLE))

/** What the network looks at: the square about the object's box, and all of the photo. */
export function toneViewOf({ rect, image, contentRect: box }: PlacedRaster, photo: Raster): ToneView {
  const side = CONTEXT * Math.max(box.width, box.height)
  const square = {
    x: box.x + (box.width - side) / 2,
    y: box.y + (box.height - side) / 2,
    width: side,
    height: side,
  }
  const object = (region: Rect, pixels: number) => {
    const own = { ...region, x: region.x - rect.x, y: region.y - rect.y }
    return cropResizeRaster(image, own, pixels, pixels, { outside: 'transparent' })
  }
  const near = object(square, SQUARE)
  const around = squareOfPhoto(photo, square)
  const across = shareInside(square.x, side, photo.width)
  const down = shareInside(square.y, side, photo.height)
  return {
    picture: over(around, near),
    alpha: Uint8Array.from({ length: SQUARE * SQUARE }, (_, i) => near.data[4 * i + 3]),
    inside: Uint8Array.from({ length: SQUARE * SQUARE }, (_, i) =>
      Math.round(around.data[4 * i + 3] * across[i % SQUARE] * down[Math.floor(i / SQUARE)]),
    ),
    whole: over(wholeOfPhoto(photo, wholeOf(photo)), object(wholeOf(photo), WHOLE)),
  }
}

/** How much of each of the square's columns (or rows) lies in the photo, 0..1. */
const shareInside = (from: number, length: number, size: number): number[] =>
  Array.from({ length: SQUARE }, (_, i) => {
    const step = length / SQUARE
    const start = from + i * step
    return clamp((Math.min(size, start + step) - Math.max(0, start)) / step, 0, 1)
  })

/** What shows where a photo is transparent: neither bright nor dark. */
const NOTHING = 128

/** An object over a picture of its size. [height, width, 3] */
function over(picture: Raster, object: Raster): Uint8Array {
  const out = new Uint8Array(picture.width * picture.height * 3)
  for (let i = 0; i < out.length / 3; i++) {
    const [cover, alpha] = [picture.data[4 * i + 3] / 255, object.data[4 * i + 3] / 255]
    for (let c = 0; c < 3; c++) {
      const behind = NOTHING + cover * (picture.data[4 * i + c] - NOTHING)
      out[3 * i + c] = Math.round(behind + alpha * (object.data[4 * i + c] - behind))
    }
  }
  return out
}

const MOST_STOPS = 3
const MOST_SATURATION = 0.7
const MOST_ADDED = 0.2

/** The network's numbers as an affine of linear colour: brought towards its luminance, multiplied by channel, added to. [3, 4] */
export function toneAffine(numbers: Float32Array): Float32Array {
  const saturation = Math.exp(MOST_SATURATION * Math.tanh(numbers[3]))
  const affine = new Float32Array(12)
  for (let c = 0; c < 3; c++) {
    const gain = 2 ** (MOST_STOPS * Math.tanh(numbers[c] / MOST_STOPS))
    for (let k = 0; k < 3; k++)
      affine[4 * c + k] = gain * ((k === c ? saturation : 0) + (1 - saturation) * LUMINANCE[k])
    affine[4 * c + 3] = MOST_ADDED * Math.tanh(numbers[4 + c])
  }
  return affine
}
