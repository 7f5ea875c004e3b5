/**
 * From a picture and a placed cut-out to what DreamFuse looks at (specs: DreamFuse §2, §4): the cut-out on white at
 * the background's size, both masks, all brought to a bucket, and the boxes' affine.
 *
 * Ours on top of the release: the placement's mirroring and turn are applied to the cut-out's pixels, so that the model
 * sees it as it will stand (it knows no rotation of its own); where the placement reaches beyond the picture, its box
 * is not cut off at the border, which would squeeze the object into what is left.
 */
import { contentBounds } from '@/assets/alpha'
import { placeForeground, type PlacedRaster, type Placement } from '@/assets/paste'
import { pilBicubic, type Samples } from '@/assets/pilResize'
import { blankRaster, cropRaster, flipHorizontally } from '@/assets/raster'
import type { IdAffine } from '@/backend/kernels/ropeAffine/types'
import { fail } from '@/base/errors'
import { fitInBox, rotatedBounds, type Raster, type Rect, type Size } from '@/base/geometry'
import { boxAffine, idAffine } from '@/nets/runner/positionalAffine'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'

export type BucketList = 512 | 768 | 1024

/** Width and height of every size that the model was trained at. */
export const BUCKETS: Record<BucketList, readonly (readonly [number, number])[]> = {
  512: [
    [256, 768],
    [320, 768],
    [320, 704],
    [384, 640],
    [448, 576],
    [512, 512],
    [576, 448],
    [640, 384],
    [704, 320],
    [768, 320],
    [768, 256],
  ],
  768: [
    [384, 1152],
    [480, 1152],
    [480, 1056],
    [576, 960],
    [672, 864],
    [768, 768],
    [864, 672],
    [960, 576],
    [1056, 480],
    [1152, 480],
    [1152, 384],
  ],
  1024: [
    [512, 1536],
    [640, 1536],
    [640, 1408],
    [768, 1280],
    [896, 1152],
    [1024, 1024],
    [1152, 896],
    [1280, 768],
    [1408, 640],
    [1536, 640],
    [1536, 512],
  ],
}

/** The bucket whose aspect ratio is nearest to the picture's; the first of equals. */
export function bucketFor(list: BucketList, { width, height }: Size): Size {
  const distance = ([w, h]: readonly [number, number]) => Math.abs(w / h - width / height)
  const best = BUCKETS[list].reduce((near, next) => (distance(next) < distance(near) ? next : near))
  return { width: best[0], height: best[1] }
}

/** What the networks get of one foreground. */
export interface PlaceScene extends Size {
  /** Planar, in [-1,1]. */
  foreground: Float32Array // [3, height, width]
  background: Float32Array // [3, height, width]
  affine: IdAffine
  /** Bucket pixels: where the object goes, and where it is in the foreground picture. */
  targetBox: Rect | null
  sourceBox: Rect | null
}

/**
 * @param placed the foreground on the background, as `placeForeground` made it
 * @throws empty-foreground when nothing of the cut-out is visible
 */
export function placeScene(
  background: Raster,
  foreground: Raster,
  placement: Placement,
  placed: PlacedRaster,
  list: BucketList,
): PlaceScene {
  const bucket = bucketFor(list, background)
  const toBucket = (samples: Samples) => pilBicubic(samples, bucket.width, bucket.height)
  const cutOut = asPlaced(foreground, placement)
  const { picture, mask } = adjustForeground(onWhite(cutOut), alphaOf(cutOut), background)
  const sourceBox = maskBox(toBucket(mask))
  const targetBox = beyondBorder(
    maskBox(toBucket(placedMask(placed, background))),
    placed,
    background,
    bucket,
  )
  return {
    ...bucket,
    foreground: signedPlanes(toBucket(picture)),
    background: signedPlanes(toBucket(onWhite(background))),
    affine: idAffine(
      boxAffine(targetBox, sourceBox),
      PIXELS_PER_TOKEN,
      bucket.height / PIXELS_PER_TOKEN,
      bucket.width / PIXELS_PER_TOKEN,
      'dreamfuse',
    ),
    targetBox,
    sourceBox,
  }
}

/**
 * The cut-out mirrored and turned as it stands on the picture, at its own size; upright ones keep the margins of
 * their file. Dust outside the alpha box that placing goes by is dropped, or the two boxes would not be the same thing.
 */
export function asPlaced(foreground: Raster, placement: Placement): Raster {
  const bounds = contentBounds(foreground)
  if (!bounds)
    fail(
      'empty-foreground',
      'The foreground is fully transparent.',
      'Choose a picture with something visible in it.',
    )
  const turn = ((placement.rotationDegrees % 360) + 360) % 360
  if (turn === 0) {
    const upright = withoutDust(foreground, bounds)
    return placement.flipX ? flipHorizontally(upright) : upright
  }
  const fitted = fitInBox(bounds, placement.box, placement.stretch)
  const zoom = 1 / Math.max(fitted.width / bounds.width, fitted.height / bounds.height)
  const box = { x: 0, y: 0, width: fitted.width * zoom, height: fitted.height * zoom }
  const turned = rotatedBounds(box, placement.rotationDegrees)
  // A quarter turn's cosine is not quite 0.
  const canvas = { width: Math.ceil(turned.width - 1e-6), height: Math.ceil(turned.height - 1e-6) }
  const moved = { ...box, x: (canvas.width - box.width) / 2, y: (canvas.height - box.height) / 2 }
  const alone = placeForeground(foreground, { ...placement, box: moved, stretch: true }, canvas)
  return pasted(alone.image, alone.rect, canvas)
}

const withoutDust = (raster: Raster, bounds: Rect): Raster =>
  pasted(cropRaster(raster, bounds), bounds, raster)

/** A picture on an empty canvas that holds it wholly. */
function pasted(image: Raster, at: Rect, canvas: Size): Raster {
  const out = blankRaster(canvas.width, canvas.height)
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 4, (y + 1) * image.width * 4)
    out.data.set(row, ((at.y + y) * canvas.width + at.x) * 4)
  }
  return out
}

export function alphaOf({ width, height, data }: Raster): Samples {
  const out = new Uint8ClampedArray(width * height)
  for (let pixel = 0; pixel < out.length; pixel++) out[pixel] = data[4 * pixel + 3]
  return { width, height, channels: 1, data: out }
}

/** The foreground shrunk into the background's frame (never enlarged) and padded to exactly its size, centred. */
export function adjustForeground(
  picture: Samples,
  mask: Samples,
  frame: Size,
): { picture: Samples; mask: Samples } {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height)
  const fit = (samples: Samples, fill: number) => {
    const shrunk =
      scale < 1
        ? pilBicubic(
            samples,
            Math.max(1, Math.trunc(samples.width * scale)),
            Math.max(1, Math.trunc(samples.height * scale)),
          )
        : samples
    return padded(shrunk, frame, fill)
  }
  return { picture: fit(picture, 255), mask: fit(mask, 0) }
}

/** Padded to the frame's size: an odd rest goes to the right and the bottom. */
function padded(samples: Samples, { width, height }: Size, fill: number): Samples {
  const { channels } = samples
  const left = Math.floor((width - samples.width) / 2)
  const top = Math.floor((height - samples.height) / 2)
  const data = new Uint8ClampedArray(width * height * channels).fill(fill)
  const rowLength = samples.width * channels
  for (let y = 0; y < samples.height; y++)
    data.set(samples.data.subarray(y * rowLength, (y + 1) * rowLength), ((top + y) * width + left) * channels)
  return { width, height, channels, data }
}

/** The placed alpha on an empty mask of the background's size. */
export function placedMask({ rect, image }: PlacedRaster, { width, height }: Size): Samples {
  const data = new Uint8ClampedArray(width * height)
  for (let y = 0; y < rect.height; y++)
    for (let x = 0; x < rect.width; x++)
      data[(rect.y + y) * width + rect.x + x] = image.data[4 * (y * rect.width + x) + 3]
  return { width, height, channels: 1, data }
}

/** Smallest rectangle of whole pixels that holds all samples but zeros, or null where there is none. */
export function maskBox({ width, height, data }: Samples): Rect | null {
  let [left, top, right, bottom] = [width, height, 0, 0]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (data[y * width + x] > 0) {
        left = Math.min(left, x)
        right = Math.max(right, x + 1)
        top = Math.min(top, y)
        bottom = y + 1
      }
  return right > left ? { x: left, y: top, width: right - left, height: bottom - top } : null
}

/** The target box with those edges that lie beyond the picture put back where they were. */
function beyondBorder(
  box: Rect | null,
  { contentRect }: PlacedRaster,
  canvas: Size,
  bucket: Size,
): Rect | null {
  if (!box) return null
  const [scaleX, scaleY] = [bucket.width / canvas.width, bucket.height / canvas.height]
  const contentRight = contentRect.x + contentRect.width
  const contentBottom = contentRect.y + contentRect.height
  // Less than a pixel over the edge is the fraction of a placement, not an object that hangs out.
  const left = contentRect.x <= -1 ? contentRect.x * scaleX : box.x
  const top = contentRect.y <= -1 ? contentRect.y * scaleY : box.y
  const right = contentRight >= canvas.width + 1 ? contentRight * scaleX : box.x + box.width
  const bottom = contentBottom >= canvas.height + 1 ? contentBottom * scaleY : box.y + box.height
  return { x: left, y: top, width: right - left, height: bottom - top }
}
