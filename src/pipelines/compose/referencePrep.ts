/**
 * From a reference picture and its role to what DreamO looks at (specs: DreamO §2). Every picture is laid over white by
 * its alpha, which is the cut-out where the user made one; try-on garments are subjects.
 *
 * Ours in place of the face detector, its 5-point warp and face parsing: the user's box, made square about its centre;
 * what lies outside the picture or the cut-out is white.
 */
import { areaResize } from '@/assets/areaResize'
import type { Samples } from '@/assets/pilResize'
import { cropResizeRaster } from '@/assets/resample'
import { unreachable } from '@/base/errors'
import type { Raster, Rect, Size } from '@/base/geometry'
import { PIXELS_PER_TOKEN } from '@/pipelines/flux/fluxPictures'
import { onWhite, opaque, signedPlanes } from '@/pipelines/shared/samples'
import type { ReferenceRole } from '@/schema/modes/compose'

const FACE_SIDE = 512
/** Identity pictures are shrunk to this before the face is cut out. */
const FACE_SOURCE_SIDE = 1024

/** The words that DreamO was trained to take a style by; literal. */
export const STYLE_PREFIX = 'generate a same style image. '

export interface PreparedReference extends Size {
  /** Planar, in [-1,1]. */
  pixels: Float32Array // [3, height, width]
}

/**
 * @param face the face's box in pixels of `picture`, for the identity role; null: treated as a subject, as where the
 * authors' node finds no face
 * @param referenceSize side of the square whose area the picture gets
 */
export function prepareReference(
  picture: Raster,
  role: ReferenceRole,
  face: Rect | null,
  referenceSize: number,
): PreparedReference {
  const { width, height, data, channels } = referenceSamples(picture, role, face, referenceSize)
  return { width, height, pixels: signedPlanes({ width, height, data, channels }) }
}

function referenceSamples(
  picture: Raster,
  role: ReferenceRole,
  face: Rect | null,
  referenceSize: number,
): Samples {
  const white = onWhite(picture)
  switch (role) {
    case 'identity':
      if (face) return faceCrop(white, face)
      return toArea(white, referenceSize)
    case 'subject':
    case 'style':
    case 'tryOn':
      return toArea(white, referenceSize)
    default:
      return unreachable(role)
  }
}

/**
 * Sides that bring a picture to about referenceSize^2 pixels: each cut to whole pixels and then to whole
 * tokens. Very long pictures keep one token of width.
 */
export function areaSize({ width, height }: Size, referenceSize: number): Size {
  const scale = Math.sqrt((referenceSize * referenceSize) / (height * width))
  const cut = (side: number) => {
    const whole = Math.trunc(side * scale)
    return Math.max(PIXELS_PER_TOKEN, whole - (whole % PIXELS_PER_TOKEN))
  }
  return { width: cut(width), height: cut(height) }
}

function toArea(samples: Samples, referenceSize: number): Samples {
  const { width, height } = areaSize(samples, referenceSize)
  return areaResize(samples, width, height)
}

/** The square around the box as 512x512 pixels, after the picture's longer side was shrunk to at most 1024. */
function faceCrop(samples: Samples, face: Rect): Samples {
  const scale = Math.min(1, FACE_SOURCE_SIDE / Math.max(samples.width, samples.height))
  const small = areaResize(
    samples,
    Math.max(1, Math.trunc(samples.width * scale)),
    Math.max(1, Math.trunc(samples.height * scale)),
  )
  const side = Math.max(face.width, face.height)
  const square = {
    x: (face.x + (face.width - side) / 2) * scale,
    y: (face.y + (face.height - side) / 2) * scale,
    width: side * scale,
    height: side * scale,
  }
  const options = { outside: 'transparent', enlarge: 'bicubic' } as const
  return onWhite(cropResizeRaster(opaque(small), square, FACE_SIDE, FACE_SIDE, options))
}

/** The prompt as DreamO wants it: with a style reference it begins with the style prefix. */
export function composePrompt(prompt: string, roles: readonly ReferenceRole[]): string {
  if (!roles.includes('style') || prompt.startsWith(STYLE_PREFIX.trim())) return prompt
  return STYLE_PREFIX + prompt
}
