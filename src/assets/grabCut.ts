import { fail } from '@/base/errors'
import type { Raster, Rect } from '@/base/geometry'
import { intersect } from '@/base/geometry'

import { BACKGROUND, coloursOf, solve, tidy, UNKNOWN, type Cut } from '@/assets/graphCut'
import { matteOf } from '@/assets/outline'
import { Pace, type PaceOptions } from '@/assets/pace'
import { cropRaster } from '@/assets/raster'
import { thumbnail } from '@/assets/resample'

export interface GrabCutOptions extends PaceOptions {
  /** Rounds of learning the colours and cutting. Default 5. */
  iterations?: number
}

/** Longer side of the picture in which the object is found. */
export const COARSE = 320
/** How far around the box colours of the background are learned, as a share of the box's sides. */
const CONTEXT = 0.35

/**
 * Cuts out what `box` (pixels of `r`) was drawn around: GrabCut at low resolution, a second cut of the outline at
 * higher resolution, and a matte that follows the picture's edges at full resolution. Returns a picture of the size of
 * `r`, transparent outside the object, edge colours freed from the background.
 * Gives others a turn every few milliseconds. Throws `bad-box` when the box does not meet the picture, `cancelled`
 * through `signal`, and `empty-foreground` when nothing in the box stands out.
 */
export async function grabCut(r: Raster, box: Rect, options: GrabCutOptions = {}): Promise<Raster> {
  const inside = intersect(roundedBox(box), { x: 0, y: 0, width: r.width, height: r.height })
  if (!inside || inside.width < 4 || inside.height < 4)
    fail('bad-box', 'The box does not enclose a part of the picture.', 'Draw it around the object.')
  const pace = new Pace(options)
  const iterations = Math.max(1, options.iterations ?? 5)
  const region = contextOf(inside, r)
  const picture = cropRaster(r, region)
  const local = { ...inside, x: inside.x - region.x, y: inside.y - region.y }

  const coarse = thumbnail(picture, COARSE)
  const cut = prepare(coarse, local, picture.width)
  let side = Uint8Array.from(cut.labels, (label) => (label === BACKGROUND ? 0 : 1))
  for (let i = 0; i < iterations; i++) {
    const before = side
    side = await solve(cut, side, pace)
    pace.report(((i + 1) / iterations) * 0.6)
    if (side.every((value, k) => value === before[k])) break
  }
  tidy(side, cut.width)
  if (!side.includes(1))
    fail(
      'empty-foreground',
      'Nothing in the box stands out from its surroundings.',
      'Draw the box closer around the object.',
    )

  return matteOf(r, region, cut, side, pace)
}

function roundedBox(box: Rect): Rect {
  const x = Math.round(box.x)
  const y = Math.round(box.y)
  return { x, y, width: Math.round(box.x + box.width) - x, height: Math.round(box.y + box.height) - y }
}

/** The box with a margin in which the background shows its colours, within the picture. */
export function contextOf(box: Rect, r: Raster): Rect {
  const marginX = Math.max(8, Math.round(box.width * CONTEXT))
  const marginY = Math.max(8, Math.round(box.height * CONTEXT))
  const x = Math.max(0, box.x - marginX)
  const y = Math.max(0, box.y - marginY)
  return {
    x,
    y,
    width: Math.min(r.width, box.x + box.width + marginX) - x,
    height: Math.min(r.height, box.y + box.height + marginY) - y,
  }
}

/** Everything outside the box is background; where the box fills the picture, its border is. */
function prepare(coarse: Raster, box: Rect, fullWidth: number): Cut {
  const { width, height } = coarse
  const scale = width / fullWidth
  const left = Math.max(1, Math.floor(box.x * scale))
  const top = Math.max(1, Math.floor(box.y * scale))
  const right = Math.min(width - 1, Math.ceil((box.x + box.width) * scale))
  const bottom = Math.min(height - 1, Math.ceil((box.y + box.height) * scale))
  const labels = new Uint8Array(width * height)
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      if (coarse.data[(y * width + x) * 4 + 3] >= 8) labels[y * width + x] = UNKNOWN
  return { width, height, colours: coloursOf(coarse), labels }
}
