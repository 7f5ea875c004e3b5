/** Foregrounds as bodies in a picture's world: what casts shadows, and what is mirrored. */
import { contentRect, trimToContent } from '@/assets/alpha'
import { maskAsLying } from '@/assets/layerMask'
import { lands, placeForeground, type PlacedRaster, type Placement } from '@/assets/paste'
import { fitInBox, rotatedBounds, type Mask, type Raster, type Rect, type Size } from '@/base/geometry'
import { lookOf, type Look } from '@/base/look'

import type { Camera } from './camera'
import { gridOver } from './gridMap'
import { liftOf, type Stand } from './pose'
import type { layReflection } from './reflect'
import { mirrored, mirrorRegion } from './reflect'
import type { SceneParameters } from './scene'
import { contactLeft, type Caster, type ShadowQuality } from './shade'
import { standingGeometry } from './standing'
import { gridFor, volumeOf, type CutoutGeometry, type Outline } from './volume'

/** Its look is the object's own: what it does to the ground keeps its strength. */
export interface LayerForeground extends Look {
  raster: Raster
  placement: Placement
  /** Null where no network has seen it: then it stands as its outline has it. */
  geometry: CutoutGeometry | null
  /** How far it hangs above the ground, heights of its box. */
  lift: number
  /** What of it shows, over all of `raster`; what it does to the ground stays whole. Absent or null: all. */
  mask?: Mask | null
}

/** A foreground as it stands or hangs; what no network has seen, with the feet that its outline has. */
export const held = (
  raster: Raster,
  placement: Placement & Stand & Look,
  geometry: CutoutGeometry | null = null,
  mask: Mask | null = null,
): LayerForeground => ({ raster, placement, geometry, lift: liftOf(placement), ...lookOf(placement), mask })

/** Those of which something lies on the picture. What lies wholly beside it is neither seen in it nor casts a shadow there. */
export const onPicture = (foregrounds: readonly LayerForeground[], picture: Size): LayerForeground[] =>
  foregrounds.filter(({ raster, placement }) => lands(raster, placement, picture))

/** A foreground's mask, a cell for each pixel of a rectangle of the picture; null where all of it shows. */
export function maskWhereLaid({ raster, placement, mask }: LayerForeground, rect: Rect): Mask | null {
  if (!mask) return null
  const content = contentRect(raster)
  const { rotationDegrees, flipX } = placement
  const fitted = fitInBox(content, placement.box, placement.stretch)
  return maskAsLying(mask, { picture: raster, content, fitted, rotationDegrees, flipX }, rect, rect)
}

/** Longer side of the largest grid that mirror images are drawn on. */
const MIRROR_GRID = 1536

export interface Body {
  placed: PlacedRaster
  box: Rect
  caster: Caster
  /** How much of contact and reflection its height leaves. */
  near: number
}

/** @throws empty-foreground, bad-box as `placeForeground` */
export function bodyOf(
  camera: Camera,
  { raster, placement, geometry, lift }: LayerForeground,
  canvas: Size,
  { outlineCells }: Pick<ShadowQuality, 'outlineCells'>,
): Body {
  // Trimmed once here, so that nobody after has anything to trim.
  const trimmed = trimToContent(raster) ?? raster
  const placed = placeForeground(trimmed, placement, canvas)
  const box = placed.contentRect
  const near = contactLeft(lift)
  const half = gridFor(box, outlineCells / 2)
  const fine = outlineOf(trimmed, placement, { columns: 2 * half.columns, rows: 2 * half.rows })
  const shape = geometry ?? standingGeometry(fine, box.width / box.height, near)
  const body = (outline: Outline) => volumeOf(camera, outline, shape, box, lift)
  const caster: Caster = {
    volume: body(fine),
    // What hangs hides less and less of the dome: fewer of its directions count.
    near: near > 0 ? body(coarser(fine, near)) : null,
    extent: Math.max(box.width, box.height),
  }
  return { placed, box, caster, near }
}

/** The whole outline of a foreground as it lies in its box, parts outside the picture too. */
function outlineOf(
  raster: Raster,
  placement: Placement,
  { columns, rows }: { columns: number; rows: number },
): Outline {
  const fitted = fitInBox(raster, placement.box, placement.stretch)
  const bounds = rotatedBounds(fitted, placement.rotationDegrees)
  const scale = { x: columns / bounds.width, y: rows / bounds.height }
  // Turned things are drawn with their aspect, others may be stretched onto the grid; the thinnest still fill half a cell.
  const box = {
    x: (fitted.x - bounds.x) * scale.x,
    y: (fitted.y - bounds.y) * scale.y,
    width: Math.max(0.5, fitted.width * scale.x),
    height: Math.max(0.5, fitted.height * scale.y),
  }
  const { rect, image } = placeForeground(
    raster,
    { ...placement, box, stretch: true },
    { width: columns, height: rows },
  )
  const coverage = new Float32Array(columns * rows)
  for (let y = 0; y < rect.height; y++)
    for (let x = 0; x < rect.width; x++)
      coverage[(rect.y + y) * columns + rect.x + x] = image.data[(y * rect.width + x) * 4 + 3] / 255
  return { columns, rows, coverage }
}

/** An outline of even sides with cells of twice the side, its coverage multiplied. */
function coarser({ columns, rows, coverage }: Outline, factor: number): Outline {
  const half = { columns: columns / 2, rows: rows / 2 }
  const sums = new Float32Array(half.columns * half.rows)
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      sums[(y >> 1) * half.columns + (x >> 1)] += (factor * coverage[y * columns + x]) / 4
  return { ...half, coverage: sums }
}

/** Mirrors a body in the ground, in a picture or a layer. */
export function reflect(
  picture: Raster,
  camera: Camera,
  { placed, caster, near }: Body,
  scene: SceneParameters,
  amount: number,
  lay: typeof layReflection,
): void {
  const left = amount * near
  if (left * scene.ground.reflectance <= 0) return
  const region = mirrorRegion(camera, caster.volume, scene, picture)
  if (!region) return
  const grid = gridOver(region, MIRROR_GRID)
  lay(picture, camera, mirrored(camera, caster.volume, placed, scene, grid), scene, left)
}
