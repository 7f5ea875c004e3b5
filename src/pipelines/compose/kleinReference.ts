/** From a reference picture and its role to what FLUX.2 [klein] looks at (specs: FLUX.2 §8, §13). */
import { areaResize } from '@/assets/areaResize'
import type { Samples } from '@/assets/pilResize'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { referenceFrame } from '@/families/flux2/pictures'
import { prepareReference, type PreparedReference } from '@/pipelines/compose/referencePrep'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'
import type { ComposeRecipe, ComposeReference } from '@/schema/modes/compose'
import { isFramedFace, mostPixels } from '@/schema/modes/kleinSizes'

/** A reference's sides, at least, and its aspect, at most: klein was not shown others. */
const LEAST_SIDE = 64
const MOST_ASPECT = 8

/**
 * The whole picture over white, scaled down, never up, and cut to whole tokens; of a framed face the square around it.
 * @throws bad-image when it is too small or too long
 */
export function kleinReference(
  picture: Raster,
  reference: ComposeReference,
  index: number,
  settings: ComposeRecipe['compose'],
): PreparedReference {
  if (isFramedFace(reference))
    return prepareReference(picture, reference.role, reference.face, settings.referenceSize)
  const { scaled, crop } = referenceFrame(picture, mostPixels(index, settings))
  const [short, long] = [Math.min(crop.width, crop.height), Math.max(crop.width, crop.height)]
  if (short < LEAST_SIDE || long > MOST_ASPECT * short)
    fail(
      'bad-image',
      `Reference ${index + 1} is too small or too long for FLUX.2 [klein].`,
      `Use a picture with sides of at least ${LEAST_SIDE} pixels, one no more than ${MOST_ASPECT} times the other.`,
      `${picture.width} x ${picture.height}`,
    )
  const samples = cut(areaResize(onWhite(picture), scaled.width, scaled.height), crop)
  return { width: crop.width, height: crop.height, pixels: signedPlanes(samples) }
}

function cut(
  { data, width: stride, channels }: Samples,
  { x, y, width, height }: ReturnType<typeof referenceFrame>['crop'],
): Samples {
  const out = new Uint8ClampedArray(width * height * channels)
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * stride + x) * channels
    out.set(data.subarray(from, from + width * channels), row * width * channels)
  }
  return { width, height, channels, data: out }
}
