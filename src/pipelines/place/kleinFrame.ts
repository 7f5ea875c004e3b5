/**
 * The part of a photo that FLUX.2 [klein] sees and gives back: a crop around the object at the photo's own resolution,
 * scaled down where it has more pixels than wanted, never up (specs: FLUX.2 §8, §13). Its sides are whole tokens; a photo
 * that is too small for that is continued by its edge. Beside it the zone: the only part of the photo that may change.
 */
import { blankMask, keptThrough, maskReader } from '@/assets/mask'
import type { PlacedRaster } from '@/assets/paste'
import { cropResizeRaster, resizeRaster } from '@/assets/resample'
import { clamp, type Mask, type Raster, type Rect, type Size } from '@/base/geometry'
import { TOKEN_SIDE } from '@/families/flux2/pictures'
import { distanceFrom } from '@/pipelines/place/distance'

/** Smallest side, and the longest side over the shortest, that the model takes. */
const LEAST_SIDE = 64
const MOST_ASPECT = 8
/** Smallest side of a crop where the photo has so much: less shows too little of the scene. */
const USUAL_SIDE = 512
/** What is seen of the photo on each side of the object, parts of its longer side: as much as fits without scaling. */
const CONTEXTS = [0.5, 0.4, 0.3, 0.25] as const
/** How far the zone reaches beyond the object, parts of what is seen of the photo there. */
const REACH = 0.7
/** Width of the zone's soft edge, parts of the crop's width. */
const SOFT = 1 / 30
/** Cells of the zone along the longer side. */
const ZONE_SIDE = 256

/** Where the crop lies and what of it the model works on. */
export interface KleinFrame {
  /** Whole photo px; reaches beyond the photo at the right and below only where that is too small. */
  crop: Rect
  /** The crop as the model has it: whole tokens, at most as large. */
  size: Size
  /** How often the result is enlarged when it is laid back; 1: not at all. */
  enlarged: number
  /** What is seen of the photo beside the object, photo px. */
  context: number
}

/**
 * @param object bounds of the placed object, photo px; may reach beyond the photo
 * @param mostPixels of the working size
 */
export function kleinFrame(photo: Size, object: Rect, mostPixels: number): KleinFrame {
  const inside = within(object, photo)
  const longer = Math.max(inside.width, inside.height)
  const wanted = CONTEXTS.map((part) => ({
    context: part * longer,
    ...sidesFor(inside, part * longer, photo),
  }))
  const fits = wanted.find(({ width, height }) => width * height <= mostPixels) ?? wanted[0]
  const { context, width, height } = fits
  const scale = Math.min(1, Math.sqrt(mostPixels / (width * height)))
  const size =
    scale === 1 ? { width, height } : { width: tokens(width * scale), height: tokens(height * scale) }
  const crop = {
    x: start(inside.x + inside.width / 2, width, photo.width),
    y: start(inside.y + inside.height / 2, height, photo.height),
    width,
    height,
  }
  return { crop, size, enlarged: Math.max(width / size.width, height / size.height), context }
}

const tokens = (side: number): number => Math.max(LEAST_SIDE, Math.floor(side / TOKEN_SIDE) * TOKEN_SIDE)
const tokensUp = (side: number): number => Math.max(LEAST_SIDE, Math.ceil(side / TOKEN_SIDE) * TOKEN_SIDE)

/** Sides of a crop that shows the object with what is around it: whole tokens, inside the photo where that can be. */
function sidesFor(object: Rect, context: number, photo: Size): Size {
  const side = (length: number, most: number): number => {
    const whole = tokensUp(Math.max(length + 2 * context, USUAL_SIDE))
    // A photo's last few pixels are left out where the object does not need them.
    return whole <= most ? whole : tokens(most) >= length ? tokens(most) : tokensUp(most)
  }
  const width = side(object.width, photo.width)
  const height = side(object.height, photo.height)
  return {
    width: Math.max(width, tokensUp(height / MOST_ASPECT)),
    height: Math.max(height, tokensUp(width / MOST_ASPECT)),
  }
}

function start(middle: number, length: number, most: number): number {
  return Math.round(clamp(middle - length / 2, 0, Math.max(0, most - length)))
}

function within({ x, y, width, height }: Rect, photo: Size): Rect {
  const left = clamp(x, 0, photo.width - 1)
  const top = clamp(y, 0, photo.height - 1)
  return {
    x: left,
    y: top,
    width: clamp(x + width, left + 1, photo.width) - left,
    height: clamp(y + height, top + 1, photo.height) - top,
  }
}

/** The crop as the model has it, the photo's edge going on beyond it; the photo's own pixels where it is not scaled. */
export const atWork = (photo: Raster, { crop, size }: KleinFrame): Raster =>
  cropResizeRaster(photo, crop, size.width, size.height)

/**
 * The zone over the crop: 255 on the object and near it, softly down to 0; only the photo's border may cut it off. The
 * model's tokens are held to it while it samples, the photo's pixels afterwards.
 */
export function zoneOf({ rect, image }: PlacedRaster, { crop, context }: KleinFrame, photo: Size): Mask {
  const perCell = Math.max(1, Math.max(crop.width, crop.height) / ZONE_SIDE)
  const { width, height } = {
    width: Math.ceil(crop.width / perCell),
    height: Math.ceil(crop.height / perCell),
  }
  const over = { x: crop.x - rect.x, y: crop.y - rect.y, width: crop.width, height: crop.height }
  const seen = cropResizeRaster(image, over, width, height, { outside: 'transparent' })
  const inside = Uint8Array.from({ length: width * height }, (_, cell) => Math.sign(seen.data[4 * cell + 3]))
  const distance = distanceFrom(inside, { width, height })
  const soft = Math.max(2, (SOFT * crop.width) / perCell)
  const reach = Math.max(soft + 1, (REACH * context) / perCell)
  /** Cells to the crop's nearest border beyond which the photo goes on. */
  const toBorder = (x: number, y: number): number =>
    Math.min(
      crop.x > 0 ? x : Infinity,
      crop.y > 0 ? y : Infinity,
      crop.x + crop.width < photo.width ? width - 1 - x : Infinity,
      crop.y + crop.height < photo.height ? height - 1 - y : Infinity,
    )
  const zone = blankMask({ width, height })
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const cell = y * width + x
      const t = clamp(Math.min(reach - distance[cell], toBorder(x, y)) / soft, 0, 1)
      zone.values[cell] = Math.round(255 * t * t * (3 - 2 * t))
    }
  return zone
}

/** The zone as one number per token of the working size. */
export function zoneTokens(zone: Mask, { width, height }: Size): Float32Array {
  const grid = { width: width / TOKEN_SIDE, height: height / TOKEN_SIDE }
  const out = new Float32Array(grid.width * grid.height)
  const read = maskReader(zone, grid)
  const line = new Float32Array(grid.width)
  for (let row = 0; row < grid.height; row++) {
    read(row, line)
    for (let column = 0; column < grid.width; column++) out[row * grid.width + column] = line[column] / 255
  }
  return out
}

/**
 * Lays what the model made over the photo: inside the zone alone, all else to the bit.
 * @param made the crop at the model's size
 */
export function laidBack(photo: Raster, made: Raster, { crop }: KleinFrame, zone: Mask): Raster {
  const large = resizeRaster(made, crop.width, crop.height)
  const mixed = keptThrough(zone, large, cropResizeRaster(photo, crop, crop.width, crop.height))
  const out: Raster = { ...photo, data: photo.data.slice() }
  const across = Math.min(crop.width, photo.width - crop.x)
  const down = Math.min(crop.height, photo.height - crop.y)
  for (let y = 0; y < down; y++) {
    const row = mixed.data.subarray(4 * y * crop.width, 4 * (y * crop.width + across))
    out.data.set(row, 4 * ((crop.y + y) * photo.width + crop.x))
  }
  return out
}
