/** Pictures made small for previews, and what is placed on them. */
import { MASK_SIDE } from '@/assets/mask'
import { thumbnail } from '@/assets/resample'
import type { Raster, Rect } from '@/base/geometry'
import { keepLatest } from '@/base/latest'
import { held, type LayerForeground } from '@/layers/bodies'
import type { CutoutGeometry } from '@/layers/volume'
import type { PlaceRecipe } from '@/schema/modes/place'

import { readMask } from './masks'

type Read = (hash: string) => Promise<Raster>

/** Longer side of the cut-outs that previews are drawn from. */
const CUTOUT_SIDE = 512
/** Pictures that are kept: all of a preview, or each would push out those that are asked for next. */
let kept = 32
const small = new Map<string, Raster>()

/** A picture no longer than `side`; the last ones are kept. @param read gives the pixels of a picture by its hash */
export async function smallOf(hash: string, read: Read, side: number): Promise<Raster> {
  const key = `${hash} ${side}`
  return keepLatest(small, key, small.get(key) ?? thumbnail(await read(hash), side), kept)
}

/** The foregrounds of a recipe, on its background made smaller by `scale`. @param shapes in their order; null: not known */
export async function smallForegrounds(
  { foregrounds }: PlaceRecipe,
  shapes: readonly (CutoutGeometry | null)[],
  read: Read,
  scale: number,
): Promise<LayerForeground[]> {
  const placed: LayerForeground[] = []
  // Each with its mask, the photo, and what its own masks may be.
  kept = Math.max(32, 2 * foregrounds.length + 16)
  for (const [index, { asset, ...placement }] of foregrounds.entries()) {
    const raster = await smallOf(asset.hash, read, CUTOUT_SIDE)
    const mask = await readMask(placement, (hash) => smallOf(hash, read, MASK_SIDE))
    placed.push(held(raster, { ...placement, box: scaled(placement.box, scale) }, shapes[index], mask))
  }
  return placed
}

export const scaled = ({ x, y, width, height }: Rect, by: number): Rect => ({
  x: x * by,
  y: y * by,
  width: width * by,
  height: height * by,
})
