/** What is downloaded with its layers. */
import { lookInFile, wholeLayer, type Called, type LayeredPicture } from '@/assets/layered'
import { shownThrough } from '@/assets/layerMask'
import { resized } from '@/assets/mask'
import { overWhite } from '@/assets/onWhite'
import { compositeOver, lands, placeForeground, type PlacedRaster } from '@/assets/paste'
import type { JpegThumbnail } from '@/assets/psd'
import { resizeRaster, thumbnail } from '@/assets/resample'
import { fail } from '@/base/errors'
import type { Mask, Raster, Size } from '@/base/geometry'
import { quietly } from '@/base/heartbeat'
import type { Look } from '@/base/look'
import { held, maskWhereLaid, type LayerForeground } from '@/layers/bodies'
import { renderLayers, renderStack } from '@/layers/render'
import type { CutoutGeometry } from '@/layers/volume'
import type { AssetRef, LayerMask } from '@/schema/common'
import type { PlacedForeground, PlaceRecipe, PlaceScene } from '@/schema/modes/place'
import { shownAmounts, storedAmounts } from '@/schema/modes/placeLayers'
import type { Recipe } from '@/schema/recipe'

import { readMask, readMasks } from './masks'

/** A picture that others lie on, under the name that the document has for it. */
type Base = AssetRef & Called

/** Foregrounds over a base picture, in a scene's light. */
export interface LitPicture {
  base: Base
  foregrounds: readonly PlacedForeground[]
  /** What the document calls each: a recipe names pictures only. */
  called: readonly Called[]
  scene: PlaceScene
  /** Of the foregrounds, in their order; null: it stands on its outline. */
  shapes: readonly (CutoutGeometry | null)[]
}

/** Layers over a base picture as they are. */
export interface PastedPicture {
  base: Base
  scene: null
  /** Bottom to top. */
  layers: readonly PastedLayer[]
}

/** A cut-out in its place, or a picture over the whole base. */
export type PastedLayer = Called &
  (({ kind: 'cutout' } & PlacedForeground) | ({ kind: 'whole'; asset: AssetRef; mask?: LayerMask } & Look))

export type DrawnPicture = LitPicture | PastedPicture

/** Where a file's layers come from. */
export type LayerSource =
  /** What the layers themselves make up; with a recipe where that made exactly this. */
  | { kind: 'drawn'; recipe: PlaceRecipe | null; picture: DrawnPicture }
  /** What a model made, over the picture that it was made of. */
  | { kind: 'made'; base: AssetRef; asset: AssetRef; recipe: Recipe; called: Called }

type Read = (asset: AssetRef | string) => Promise<Raster>

/** Longer side of the picture that file managers show, px. */
const THUMBNAIL_SIDE = 160

/** A Photoshop document. @param read gives the pixels of a picture */
export async function photoshopOf(source: LayerSource, read: Read): Promise<Blob> {
  const { checkPsd, encodePsd } = await import('@/assets/psd')
  // The lowest layer is as large as the picture: what is too large already is not drawn first.
  const base = source.kind === 'made' ? source.base : source.picture.base
  checkPsd(base, [base])
  const stack = await stackOf(source, read)
  const recipe = source.recipe && JSON.stringify(source.recipe)
  const small = await jpegOf(stack.flat)
  // Its library writes whole layers at a time and cannot beat.
  const bytes = await quietly(() => Promise.resolve(encodePsd(stack, recipe, small)))
  return new Blob([bytes], { type: 'image/vnd.adobe.photoshop' })
}

/** All of it as one picture. */
export interface FlatPicture {
  flat: Raster
  /** Places, among its layers or foregrounds, of those that are not in it: nothing of them lies on the base. */
  beside: number[]
}

export async function flatOf(picture: DrawnPicture, read: Read): Promise<FlatPicture> {
  const { base, scene } = picture
  let flat = await read(base)
  if (scene === null) {
    const beside: number[] = []
    for (const [index, layer] of picture.layers.entries()) {
      const laid = await pastedOf(layer, flat, read)
      if (laid) flat = compositeOver(flat, shownThrough(laid.placed, laid.mask), layer)
      else beside.push(index)
    }
    return { flat, beside }
  }
  const masks = await readMasks(scene, read)
  const { placed, beside } = await placedOf(picture, flat, read)
  flat = await renderLayers(flat, placed, scene, shownAmounts(scene), undefined, undefined, masks)
  return { flat, beside }
}

/** The foregrounds that something is seen of, with their pixels, in their order; the places of the others. */
async function placedOf({ foregrounds, shapes }: LitPicture, base: Size, read: Read) {
  const placed: LayerForeground[] = []
  const beside: number[] = []
  for (const [index, foreground] of foregrounds.entries()) {
    const raster = await read(foreground.asset)
    if (!lands(raster, foreground, base)) beside.push(index)
    else placed.push(held(raster, foreground, shapes[index], await readMask(foreground, read)))
  }
  return { placed, beside }
}

/** The same with its layers. */
export async function stackOf(source: LayerSource, read: Read): Promise<LayeredPicture> {
  if (source.kind === 'made') {
    const { base, asset, called } = source
    const flat = await read(asset)
    const layers = [wholeLayer({ name: base.name }, await read(base)), wholeLayer(called, flat)]
    return { width: flat.width, height: flat.height, layers, grounded: 1, flat }
  }
  const { picture } = source
  if (picture.scene === null) return pasted(picture, read)
  const { base, called, scene } = picture
  const background = await read(base)
  const { placed, beside } = await placedOf(picture, background, read)
  const names = { background: base, foregrounds: called.filter((_, index) => !beside.includes(index)) }
  const masks = await readMasks(scene, read)
  const [shown, stored] = [shownAmounts(scene), storedAmounts(scene)]
  return renderStack(background, placed, scene, shown, stored, names, undefined, undefined, masks)
}

async function pasted(picture: PastedPicture, read: Read): Promise<LayeredPicture> {
  let flat = await read(picture.base)
  const layers = [wholeLayer(picture.base, flat)]
  for (const layer of picture.layers) {
    const laid = await pastedOf(layer, flat, read)
    if (!laid) continue
    const { placed, mask } = laid
    layers.push({
      ...wholeLayer(layer, placed.image),
      ...lookInFile(layer),
      rect: placed.rect,
      mask,
    })
    flat = compositeOver(flat, shownThrough(placed, mask), layer)
  }
  return { width: flat.width, height: flat.height, layers, grounded: 1, flat }
}

/** A layer as it is laid, and its mask, a cell for each of its pixels; null where nothing of it lies on the base. */
async function pastedOf(
  layer: PastedLayer,
  { width, height }: Size,
  read: Read,
): Promise<{ placed: PlacedRaster; mask: Mask | null } | null> {
  const raster = await read(layer.asset)
  if (layer.kind === 'cutout' && !lands(raster, layer, { width, height })) return null
  const mask = await readMask(layer, read)
  if (layer.kind === 'cutout') {
    const placed = placeForeground(raster, layer, { width, height })
    return { placed, mask: maskWhereLaid(held(raster, layer, null, mask), placed.rect) }
  }
  const rect = { x: 0, y: 0, width, height }
  const fits = raster.width === width && raster.height === height
  const image = fits ? raster : resizeRaster(raster, width, height)
  return { placed: { rect, contentRect: rect, image }, mask: mask && resized(mask, rect) }
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
