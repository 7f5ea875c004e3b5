/** Masks of layers: painted on a layer's own picture, so that they move, grow and turn with it. */
import { blankMask, keptThrough } from '@/assets/mask'
import type { PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import { clamp, type Mask, type Rect, type Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

/** How a layer's picture lies in the one that is made. */
export interface Lying {
  /** The layer's own, px. */
  picture: Size
  /** The part of it that is laid, its own px. */
  content: Rect
  /** Where that lies before it is turned, px of the made picture. */
  fitted: Rect
  /** Clockwise, about the middle of that. */
  rotationDegrees: number
  flipX: boolean
}

/** Where somebody has not painted a layer shows. */
const SHOWN = 255

/**
 * A layer's mask as it lies in a part of the made picture, at any size.
 * @param reach how far around the layer its rim goes on, of its sides; nothing is hidden beyond
 */
export function maskAsLying(mask: Mask, lying: Lying, part: Rect, size: Size, reach = Infinity): Mask {
  const out = blankMask(size, SHOWN)
  const { content, picture } = lying
  const toUnit = unitOf(lying)
  for (let row = 0; row < size.height; row++) {
    beat()
    for (let column = 0; column < size.width; column++) {
      const x = part.x + ((column + 0.5) / size.width) * part.width
      const y = part.y + ((row + 0.5) / size.height) * part.height
      const [u, v] = toUnit(x, y)
      if (u < -reach || v < -reach || u > 1 + reach || v > 1 + reach) continue
      out.values[row * size.width + column] = Math.round(
        readAt(
          mask,
          (content.x + u * content.width) / picture.width,
          (content.y + v * content.height) / picture.height,
        ),
      )
    }
  }
  return out
}

/** A stroke that was painted over the whole made picture, as it lies on a layer. @param made size of the picture, px */
export function strokeOnLayer(stroke: Mask, lying: Lying, made: Size, size: Size): Mask {
  const out = blankMask(size)
  const { content, picture } = lying
  const toPicture = pictureOf(lying)
  for (let row = 0; row < size.height; row++) {
    beat()
    for (let column = 0; column < size.width; column++) {
      const u = (((column + 0.5) / size.width) * picture.width - content.x) / content.width
      const v = (((row + 0.5) / size.height) * picture.height - content.y) / content.height
      const [x, y] = toPicture(u, v)
      if (x < 0 || y < 0 || x >= made.width || y >= made.height) continue
      out.values[row * size.width + column] = Math.round(readAt(stroke, x / made.width, y / made.height))
    }
  }
  return out
}

/** From px of the made picture to 0..1 across and down the layer's content. */
function unitOf({ fitted, rotationDegrees, flipX }: Lying): (x: number, y: number) => [number, number] {
  const [cos, sin] = turnOf(-rotationDegrees)
  const [middleX, middleY] = [fitted.x + fitted.width / 2, fitted.y + fitted.height / 2]
  return (x, y) => {
    const [dx, dy] = [x - middleX, y - middleY]
    const u = (dx * cos - dy * sin) / fitted.width + 0.5
    return [flipX ? 1 - u : u, (dx * sin + dy * cos) / fitted.height + 0.5]
  }
}

/** The other way. */
function pictureOf({ fitted, rotationDegrees, flipX }: Lying): (u: number, v: number) => [number, number] {
  const [cos, sin] = turnOf(rotationDegrees)
  const [middleX, middleY] = [fitted.x + fitted.width / 2, fitted.y + fitted.height / 2]
  return (u, v) => {
    const [dx, dy] = [((flipX ? 1 - u : u) - 0.5) * fitted.width, (v - 0.5) * fitted.height]
    return [middleX + dx * cos - dy * sin, middleY + dx * sin + dy * cos]
  }
}

function turnOf(degrees: number): [cos: number, sin: number] {
  const angle = (degrees * Math.PI) / 180
  return [Math.cos(angle), Math.sin(angle)]
}

/** A mask at a place of what it covers (0..1), between its cells, edges repeated. */
function readAt({ width, height, values }: Mask, x: number, y: number): number {
  const column = clamp(x * width - 0.5, 0, width - 1)
  const row = clamp(y * height - 0.5, 0, height - 1)
  const [left, top] = [Math.floor(column), Math.floor(row)]
  const [right, bottom] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)]
  const [across, down] = [column - left, row - top]
  const upper = values[top * width + left] * (1 - across) + values[top * width + right] * across
  const lower = values[bottom * width + left] * (1 - across) + values[bottom * width + right] * across
  return upper * (1 - down) + lower * down
}

/** What of a placed layer its mask shows. @param mask a cell for each of its pixels */
export const shownThrough = (placed: PlacedRaster, mask: Mask | null): PlacedRaster =>
  mask
    ? {
        ...placed,
        image: keptThrough(mask, placed.image, blankRaster(placed.rect.width, placed.rect.height)),
      }
    : placed
