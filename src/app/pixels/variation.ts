/** A small picture of what Place would make of a light: the objects and what falls around them. */
import { encodePng } from '@/assets/png'
import { cropRaster } from '@/assets/raster'
import { resizeRaster } from '@/assets/resample'
import { clamp, type Raster, type Rect, type Size } from '@/base/geometry'
import { onPicture } from '@/layers/bodies'
import { renderLayers } from '@/layers/render'
import { PREVIEW_QUALITY } from '@/layers/shade'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlaceRecipe } from '@/schema/modes/place'
import { shownAmounts } from '@/schema/modes/placeLayers'

import { readMasks } from './masks'
import { smallForegrounds, smallOf } from './small'

/** Width of the picture, px, and the longest side of what it is cut from. */
const WIDTH = 320
const SIDE = 1024
/** Height over width. */
const ASPECT = 3 / 4
/** Of the objects' width, or of what their height would be wide. */
const ROOM = 2.2
/** How far down in the picture the objects end. */
const FEET = 0.66

/**
 * A PNG; null where the recipe draws no layers.
 * @param shapes of the foregrounds, in their order; null: not known
 * @param read gives the pixels of a picture by its hash
 */
export async function previewLit(
  recipe: PlaceRecipe,
  shapes: readonly (CutoutGeometry | null)[],
  read: (hash: string) => Promise<Raster>,
): Promise<Blob | null> {
  const { background, foregrounds, scene } = recipe
  if (!scene) return null
  const frame = frameOf(
    foregrounds.map(({ box }) => box),
    background,
  )
  const scale = Math.min(1, WIDTH / frame.width, SIDE / Math.max(background.width, background.height))
  const side = (length: number): number => Math.max(1, Math.round(length * scale))
  const photo = resizeRaster(
    await smallOf(background.hash, read, SIDE),
    side(background.width),
    side(background.height),
  )
  // So small, what is only just there may be nothing.
  const placed = onPicture(await smallForegrounds(recipe, shapes, read, scale), photo)
  // Grain is finer than so small a picture.
  const amounts = { ...shownAmounts(scene), grain: 0 }
  const masks = await readMasks(scene, read)
  const picture = await renderLayers(photo, placed, scene, amounts, undefined, PREVIEW_QUALITY, masks)
  const [x, y] = [Math.round(frame.x * scale), Math.round(frame.y * scale)]
  const cut = cropRaster(picture, {
    x,
    y,
    width: Math.min(side(frame.width), picture.width - x),
    height: Math.min(side(frame.height), picture.height - y),
  })
  return new Blob([await encodePng(cut)], { type: 'image/png' })
}

/** What is shown of a picture: all boxes with room around them, as far as the picture goes. */
export function frameOf(boxes: readonly Rect[], picture: Size): Rect {
  const left = Math.min(...boxes.map(({ x }) => x))
  const top = Math.min(...boxes.map(({ y }) => y))
  const right = Math.max(...boxes.map(({ x, width }) => x + width))
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height))
  const wanted = ROOM * Math.max(right - left, (bottom - top) / ASPECT)
  const width = Math.min(picture.width, picture.height / ASPECT, Math.max(8, wanted))
  const height = width * ASPECT
  return {
    x: clamp((left + right - width) / 2, 0, picture.width - width),
    y: clamp(bottom - FEET * height, 0, picture.height - height),
    width,
    height,
  }
}
