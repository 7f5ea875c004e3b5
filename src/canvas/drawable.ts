import type { Rect } from '@/base/geometry'

/** A picture made ready for drawing, once per asset. */
export interface Drawable {
  /** The pixels; may be a smaller proxy of the asset where the asset is very large. */
  image: CanvasImageSource
  /** Pixels of `image` per asset pixel; 1 unless `image` is a proxy. */
  proxyScale: number
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
export function opaqueDrawable(image: ImageBitmap | OffscreenCanvas): Drawable {
  const { width, height } = image
  const content = { x: 0, y: 0, width, height }
  return { image, proxyScale: 1, width, height, content, dust: [], opaque: true, opaqueAt: () => true }
}

/** Gives the drawable of an asset, or null while it is still being read. */
export type DrawableSource = (hash: string) => Drawable | null
