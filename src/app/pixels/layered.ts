/** What is downloaded with its layers. */
import { wholeLayer, type LayeredPicture } from '@/assets/layered'
import { overWhite } from '@/assets/onWhite'
import { compositeOver, placeForeground } from '@/assets/paste'
import type { JpegThumbnail } from '@/assets/psd'
import { thumbnail } from '@/assets/resample'
import { fail } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { quietly } from '@/base/heartbeat'
import { held, type LayerForeground } from '@/layers/bodies'
import { renderStack } from '@/layers/render'
import type { CutoutGeometry } from '@/layers/volume'
import type { AssetRef } from '@/schema/common'
import type { PlacedForeground, PlaceRecipe, PlaceScene } from '@/schema/modes/place'
import { shownAmounts, storedAmounts } from '@/schema/modes/placeLayers'
import type { Recipe } from '@/schema/recipe'

import { readMasks } from './masks'

/** Foregrounds over a base picture. */
export interface DrawnPicture {
  base: AssetRef
  foregrounds: readonly PlacedForeground[]
  /** Null: they are pasted. */
  scene: PlaceScene | null
  /** Of the foregrounds, in their order; null: it stands on its outline. */
  shapes: readonly (CutoutGeometry | null)[]
}

/** Where a file's layers come from. */
export type LayerSource =
  /** What the layers themselves make up; with a recipe where that made exactly this. */
  | ({ kind: 'drawn'; recipe: PlaceRecipe | null } & DrawnPicture)
  /** What a model made, over the picture that it was made of. */
  | { kind: 'made'; base: AssetRef; asset: AssetRef; recipe: Recipe }

type Read = (asset: AssetRef | string) => Promise<Raster>

/** Longer side of the picture that file managers show, px. */
const THUMBNAIL_SIDE = 160

/** A Photoshop document. @param read gives the pixels of a picture */
export async function photoshopOf(source: LayerSource, read: Read): Promise<Blob> {
  const stack = await stackOf(source, read)
  const recipe = source.recipe && JSON.stringify(source.recipe)
  const small = await jpegOf(stack.flat)
  const { encodePsd } = await import('@/assets/psd')
  // Its library writes whole layers at a time and cannot beat.
  const bytes = await quietly(() => Promise.resolve(encodePsd(stack, recipe, small)))
  return new Blob([bytes], { type: 'image/vnd.adobe.photoshop' })
}

/** The foregrounds with their pixels, in their order. */
export async function placedOf(
  { foregrounds, shapes }: DrawnPicture,
  read: Read,
): Promise<LayerForeground[]> {
  const placed: LayerForeground[] = []
  for (const [index, foreground] of foregrounds.entries())
    placed.push(held(await read(foreground.asset), foreground, shapes[index]))
  return placed
}

async function stackOf(source: LayerSource, read: Read): Promise<LayeredPicture> {
  if (source.kind === 'made') {
    const { base, asset } = source
    const flat = await read(asset)
    const layers = [wholeLayer(base.name, await read(base)), wholeLayer('Result', flat)]
    return { width: flat.width, height: flat.height, layers, grounded: 1, flat }
  }
  const { base, foregrounds, scene } = source
  const background = await read(base)
  const placed = await placedOf(source, read)
  const names = { background: base.name, foregrounds: foregrounds.map(({ asset }) => asset.name) }
  if (!scene) return pasted(background, placed, names)
  const masks = await readMasks(scene, read)
  const [shown, stored] = [shownAmounts(scene), storedAmounts(scene)]
  return renderStack(background, placed, scene, shown, stored, names, undefined, undefined, masks)
}

function pasted(
  background: Raster,
  placed: readonly LayerForeground[],
  names: { background: string; foregrounds: readonly string[] },
): LayeredPicture {
  const layers = [wholeLayer(names.background, background)]
  let flat = background
  for (const [index, { raster, placement }] of placed.entries()) {
    const object = placeForeground(raster, placement, background)
    layers.push({ ...wholeLayer(names.foregrounds[index], object.image), rect: object.rect })
    flat = compositeOver(flat, object)
  }
  return { width: flat.width, height: flat.height, layers, grounded: 1, flat }
}

async function jpegOf(picture: Raster): Promise<JpegThumbnail> {
  const { data, width, height } = overWhite(thumbnail(picture, THUMBNAIL_SIDE))
  const canvas = new OffscreenCanvas(width, height)
  const context =
    canvas.getContext('2d') ??
    fail('internal', 'This browser cannot draw small pictures.', 'Download PNG instead.')
  context.putImageData(new ImageData(data, width, height), 0, 0)
  const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
  return { width, height, jpeg: new Uint8Array(await file.arrayBuffer()) }
}
