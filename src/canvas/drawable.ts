import type { Rect } from '@/base/geometry'

/** No level is made whose picture has no more than this already, px of the longer side. */
export const LEAST_SIDE = 512

export type Pixels = ImageBitmap | OffscreenCanvas

/** A picture made ready for drawing, once per asset. */
export interface Drawable {
  /**
   * The pixels, at least once; each of them half as wide and high as the one before. The first may have fewer than the asset
   * where that is very large, or memory is short.
   */
  levels: readonly Pixels[]
  /** Size of the asset, asset px. */
  width: number
  height: number
  /** Bounding box of all that is visible and matters, asset px; the whole picture when opaque. */
  content: Rect
  /** Boxes around specks that do not matter, asset px. */
  dust: readonly Rect[]
  /** Nothing shines through. */
  opaque: boolean
  /** Whether something is visible at a point, asset px; for picking layers under the pointer. */
  opaqueAt(x: number, y: number): boolean
}

/** An opaque picture that is drawn as it is. */
export function opaqueDrawable(image: Pixels): Drawable {
  const { width, height } = image
  const content = { x: 0, y: 0, width, height }
  return { levels: [image], width, height, content, dust: [], opaque: true, opaqueAt: () => true }
}

/**
 * The fewest of a picture's pixels that are enough to show it: drawing all of a large picture small takes as long as drawing it large.
 * @param wanted device px per asset px, on the axis that wants more
 * @returns them, and how many there are per asset px on each axis: sides are rounded up where they are halved
 */
export function pixelsFor(
  { levels, width, height }: Drawable,
  wanted: number,
): { image: Pixels; scale: Scale } {
  const enough = (level: Pixels): boolean => level.width >= wanted * width && level.height >= wanted * height
  const image = levels.findLast(enough) ?? levels[0]
  return { image, scale: { x: image.width / width, y: image.height / height } }
}

interface Scale {
  x: number
  y: number
}

/** Gives the drawable of an asset, or null while it is still being read. */
export type DrawableSource = (hash: string) => Drawable | null
