/** How foregrounds look in a picture and what they do to its ground, small and quick: what the canvas shows of layers. */
import type { PlacedRaster } from '@/assets/paste'
import type { Raster, Rect } from '@/base/geometry'
import { keepLatest } from '@/base/latest'
import { onPicture, type LayerForeground } from '@/layers/bodies'
import { Ground } from '@/layers/ground'
import type { LayerMasks } from '@/layers/masks'
import { renderObjects } from '@/layers/render'
import { DRAFT_QUALITY, PREVIEW_QUALITY } from '@/layers/shade'
import type { CutoutGeometry } from '@/layers/volume'
import { masksInUse, type PlaceRecipe, type PlaceScene } from '@/schema/modes/place'
import { shownAmounts } from '@/schema/modes/placeLayers'

import { readMasks } from './masks'
import { scaled, smallForegrounds, smallOf } from './small'

/** Longer side of the preview, px. */
const SIDE = 1024

export interface GroundPreview {
  /** Multiplied with the background. */
  darkening: ImageBitmap
  /** Laid over that. */
  reflection: ImageBitmap
  /** The foregrounds of which something lies on the picture, in the recipe's order. */
  objects: ObjectPreview[]
}

/** A foreground as it looks in the picture, mirrored, turned and cut off at the border already. */
export interface ObjectPreview {
  /** Its place among the recipe's foregrounds. */
  index: number
  bitmap: ImageBitmap
  /** Where it lies, background px. */
  rect: Rect
}

/**
 * @param shapes of the foregrounds, in their order; null: it stands on its outline
 * @param draft coarser, to be seen while something is dragged
 * @param read gives the pixels of a picture by its hash
 */
export async function previewGround(
  recipe: PlaceRecipe,
  shapes: readonly (CutoutGeometry | null)[],
  draft: boolean,
  read: (hash: string) => Promise<Raster>,
): Promise<GroundPreview | null> {
  if (!recipe.scene) return null
  const { width, height } = recipe.background
  const scale = Math.min(1, SIDE / Math.max(width, height))
  const photo = await smallOf(recipe.background.hash, read, SIDE)
  const masks = await readMasks(recipe.scene, (hash) => smallOf(hash, read, SIDE))
  const all = await smallForegrounds(recipe, shapes, read, scale)
  const foregrounds = onPicture(all, photo)
  const { darkening, reflection } = groundOf(recipe, recipe.scene, photo, foregrounds, draft).layers(
    recipe.scene,
    shownAmounts(recipe.scene),
    masks,
  )
  const objects = []
  for (const [at, { rect, image }] of looksOf(recipe, recipe.scene, photo, foregrounds, masks).entries())
    objects.push({
      index: all.indexOf(foregrounds[at]),
      bitmap: await bitmapOf(image),
      rect: scaled(rect, 1 / scale),
    })
  return { darkening: await bitmapOf(darkening), reflection: await bitmapOf(reflection), objects }
}

/** The grounds that were drawn last, a draft and a good one: each remembers what stays of it while lights and strengths change. */
const grounds = new Map<string, Ground>()

function groundOf(
  { background, foregrounds }: PlaceRecipe,
  { camera }: PlaceScene,
  photo: Raster,
  standing: readonly LayerForeground[],
  draft: boolean,
): Ground {
  const shaped = standing.map(({ geometry }) => geometry !== null)
  // What of an object shows is nothing to the ground.
  const casting = foregrounds.map(({ mask: _mask, ...placed }) => placed)
  const from = JSON.stringify([background.hash, casting, shaped, camera, draft])
  const quality = draft ? DRAFT_QUALITY : PREVIEW_QUALITY
  return keepLatest(grounds, from, grounds.get(from) ?? new Ground(photo, standing, camera, quality), 2)
}

/** The last foregrounds that were drawn, and all that they were drawn from. */
let looks: { from: string; drawn: PlacedRaster[] } = { from: '', drawn: [] }

/** Foregrounds as they look; drawn anew only where something has changed that they show. */
function looksOf(
  { background, foregrounds }: PlaceRecipe,
  scene: PlaceScene,
  photo: Raster,
  standing: readonly LayerForeground[],
  masks: LayerMasks,
): PlacedRaster[] {
  // Grain is finer than the preview; light is seen on what has a shape.
  const amounts = { ...shownAmounts(scene), grain: 0 }
  const { edge, relight, tone, grass } = amounts
  const shaped = relight > 0 || grass > 0 ? standing.map(({ geometry }) => geometry !== null) : []
  const lit = relight > 0 && shaped.includes(true) && [relight, scene.lights]
  const { front: _front, ground: _ground, shadow: _shadow, shadow2: _shadow2, ...own } = masksInUse(scene)
  const from = JSON.stringify([background.hash, foregrounds, edge, tone, grass, shaped, lit, own])
  if (from !== looks.from) {
    looks = { from, drawn: renderObjects(photo, standing, scene, amounts, masks) }
  }
  return looks.drawn
}

const bitmapOf = ({ data, width, height }: Raster): Promise<ImageBitmap> =>
  createImageBitmap(new ImageData(data, width, height))
