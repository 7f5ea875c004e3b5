/** The masks of Place, from pictures and to pictures. */
import { boundsOf, maskOf, maskReader, rasterOf, resized } from '@/assets/mask'
import { encodePng } from '@/assets/png'
import { cropRaster } from '@/assets/raster'
import { resizeRaster } from '@/assets/resample'
import { snapStroke } from '@/assets/snapStroke'
import { intersect, type Mask, type Raster, type Rect } from '@/base/geometry'
import { macrotask } from '@/base/macrotask'
import type { LayerMasks } from '@/layers/masks'
import { usedMask, type LayerMask } from '@/schema/common'
import { masksInUse, type PlaceScene } from '@/schema/modes/place'

/** The masks of a scene that count. @param read gives the pixels of a picture by its hash */
export async function readMasks(
  scene: PlaceScene,
  read: (hash: string) => Promise<Raster>,
): Promise<LayerMasks> {
  const masks: [string, Mask][] = []
  for (const [kind, { hash }] of Object.entries(masksInUse(scene)))
    masks.push([kind, maskOf(await read(hash))])
  return Object.fromEntries(masks)
}

/** A layer's mask, where it has one that counts. @param read as `readMasks` */
export async function readMask(
  layer: { mask?: LayerMask },
  read: (hash: string) => Promise<Raster>,
): Promise<Mask | null> {
  const asset = usedMask(layer)
  return asset && maskOf(await read(asset.hash))
}

/** A result's PNG carries its masks along: as text each adds a third more than this, at most 200 kB. */
const MOST_BYTES = 150_000

/** The picture that a mask is stored as: coarser where it would be too large to go along with a result. */
export async function storedMask(mask: Mask): Promise<Raster> {
  for (let kept = mask; ;) {
    const raster = rasterOf(kept)
    if ((await encodePng(raster)).length <= MOST_BYTES) return raster
    kept = resized(kept, { width: Math.ceil(kept.width / 2), height: Math.ceil(kept.height / 2) })
  }
}

/** A stroke moved onto the edges of the photo that it was painted over. */
export const snapTo = (photo: Raster, stroke: Mask): Promise<Mask> =>
  snapStroke(resizeRaster(photo, stroke.width, stroke.height), stroke, macrotask)

export interface FrontPreview {
  /** The background where something stands before the objects, transparent elsewhere. */
  image: ImageBitmap
  /** Where that lies, background px. */
  rect: Rect
}

/** Longer side of the largest picture of what is in front, px: more is not drawn sharper on any screen. */
const FRONT_SIDE = 4096

/** What stands before the objects; null where nothing does. */
export async function previewFront(background: Raster, mask: Mask): Promise<FrontPreview | null> {
  const cells = boundsOf(mask)
  const [perX, perY] = [background.width / mask.width, background.height / mask.height]
  // Half a cell around, where the mask fades.
  const rect =
    cells &&
    intersect(
      {
        x: Math.floor((cells.x - 1) * perX),
        y: Math.floor((cells.y - 1) * perY),
        width: Math.ceil((cells.width + 2) * perX) + 1,
        height: Math.ceil((cells.height + 2) * perY) + 1,
      },
      { x: 0, y: 0, width: background.width, height: background.height },
    )
  if (!rect) return null
  const { data } = cropRaster(background, rect)
  const read = maskReader(mask, background)
  const line = new Float32Array(background.width)
  for (let y = 0; y < rect.height; y++) {
    read(rect.y + y, line)
    for (let x = 0; x < rect.width; x++) {
      const alpha = 4 * (y * rect.width + x) + 3
      data[alpha] = (data[alpha] * line[rect.x + x]) / 255
    }
  }
  const scale = Math.min(1, FRONT_SIDE / Math.max(rect.width, rect.height))
  const image = await createImageBitmap(new ImageData(data, rect.width, rect.height), {
    resizeWidth: Math.max(1, Math.round(rect.width * scale)),
    resizeHeight: Math.max(1, Math.round(rect.height * scale)),
    resizeQuality: 'high',
  })
  return { image, rect }
}
