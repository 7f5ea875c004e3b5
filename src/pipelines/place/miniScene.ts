/** From a picture and a placed foreground to what Mini looks at: a square crop around the box (docs/mini.md). */
import { placeForeground, type PlacedRaster, type Placement } from '@/assets/paste'
import { cropResize } from '@/assets/resample'
import { clamp, type Raster, type Rect, type Size } from '@/base/geometry'
import type { MiniScene } from '@/nets/mini'

/** The box's longer side over the crop's side: the usual one, and the largest seen in training. */
const USUAL_SHARE = 0.42
const LARGEST_SHARE = 0.62
/** The object's longer side over the foreground canvas's. */
const FOREGROUND_SHARE = 0.9

/**
 * The square that Mini sees, background pixels: centred on the object, moved inside the picture where it
 * fits. Large objects get less context rather than a crop beyond the picture's shorter side.
 */
export function cropAround(content: Rect, canvas: Size): Rect {
  const longest = Math.max(content.width, content.height)
  const side = Math.max(
    longest / LARGEST_SHARE,
    Math.min(longest / USUAL_SHARE, Math.min(canvas.width, canvas.height)),
  )
  const along = (centre: number, size: number) =>
    side <= size ? clamp(centre - side / 2, 0, size - side) : (size - side) / 2
  return {
    x: along(content.x + content.width / 2, canvas.width),
    y: along(content.y + content.height / 2, canvas.height),
    width: side,
    height: side,
  }
}

/** Interleaved RGBA in [0,1] -> planar [3, n, n] in [-1,1]. */
function planes(rgba: Float32Array): Float32Array {
  const area = rgba.length / 4
  const out = new Float32Array(3 * area)
  for (let pixel = 0; pixel < area; pixel++)
    for (let c = 0; c < 3; c++) out[c * area + pixel] = 2 * rgba[4 * pixel + c] - 1
  return out
}

/** A placed foreground as seen through `rect`, transparent elsewhere; interleaved RGBA in [0,1]. */
function seenThrough(placed: PlacedRaster, rect: Rect, size: number): Float32Array {
  const local = { ...rect, x: rect.x - placed.rect.x, y: rect.y - placed.rect.y }
  return cropResize(placed.image, local, size, size, { outside: 'transparent' })
}

/**
 * @param base the picture without this foreground
 * @param composite the picture with it pasted in
 * @param size Mini's S
 */
export function miniScene(
  base: Raster,
  composite: Raster,
  foreground: Raster,
  placement: Placement,
  placed: PlacedRaster,
  words: Int32Array,
  size: number,
): { scene: MiniScene; crop: Rect } {
  const { contentRect } = placed
  const crop = cropAround(contentRect, base)
  const placedSeen = seenThrough(placed, crop, size)
  const alpha = Float32Array.from({ length: size * size }, (_, pixel) => placedSeen[4 * pixel + 3])

  // The object alone, mirrored, fitted and turned as on the picture, but at the size of its own canvas.
  const zoom = (FOREGROUND_SHARE * size) / Math.max(contentRect.width, contentRect.height)
  const left = (size - contentRect.width * zoom) / 2
  const top = (size - contentRect.height * zoom) / 2
  const box = {
    x: (placement.box.x - contentRect.x) * zoom + left,
    y: (placement.box.y - contentRect.y) * zoom + top,
    width: placement.box.width * zoom,
    height: placement.box.height * zoom,
  }
  const alone = placeForeground(foreground, { ...placement, box }, { width: size, height: size })
  const rgba = seenThrough(alone, { x: 0, y: 0, width: size, height: size }, size)
  const picture = new Float32Array(4 * size * size)
  for (let pixel = 0; pixel < size * size; pixel++) {
    const opacity = rgba[4 * pixel + 3]
    for (let c = 0; c < 3; c++)
      picture[c * size * size + pixel] = 2 * (opacity * rgba[4 * pixel + c] + 1 - opacity) - 1
    picture[3 * size * size + pixel] = 2 * opacity - 1
  }

  // Crop pixel of a foreground-canvas pixel: undo the zoom, then go into the crop.
  const perPixel = size / crop.width
  const a = perPixel / zoom
  const affine = {
    a,
    d: a,
    tx: (contentRect.x - crop.x) * perPixel - left * a,
    ty: (contentRect.y - crop.y) * perPixel - top * a,
  }
  const scene: MiniScene = {
    background: planes(cropResize(base, crop, size, size)),
    foreground: picture,
    paste: planes(cropResize(composite, crop, size, size)),
    alpha,
    affine,
    words,
  }
  return { scene, crop }
}
