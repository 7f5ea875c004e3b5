/** Cuts out what a coarse mask points at, with strokes that correct it; colours and edges of the picture make it exact. */
import { fail } from '@/base/errors'
import type { Mask, Raster, Rect } from '@/base/geometry'
import { clamp } from '@/base/geometry'

import { withStroke } from '@/assets/brush'
import { COARSE, contextOf } from '@/assets/grabCut'
import {
  BACKGROUND,
  coloursOf,
  FOREGROUND,
  piecesOf,
  solve,
  tidy,
  UNKNOWN,
  type Cut,
} from '@/assets/graphCut'
import { blankMask, boundsOf } from '@/assets/mask'
import { samplePlane, type Plane } from '@/assets/matte'
import { matteOf, type Mark } from '@/assets/outline'
import { Pace, type PaceOptions } from '@/assets/pace'
import { cropRaster } from '@/assets/raster'
import { thumbnail } from '@/assets/resample'

/** A stroke of the brush over the whole picture: what it covers is kept, or removed. */
export interface CutStroke {
  stroke: Mask
  keep: boolean
}

/** Rounds of learning the colours and cutting. */
const ROUNDS = 3
/** What the mask weighs against the colours, of its log odds; and the most that it says, nats. */
const TRUST = 1
const MOST = 12
/** Cells that say so much less, or more, are not asked again. */
const SURELY_NOT = 0.02
const SURELY = 0.98
/** What says so much may be the object: the cut begins with all of it, since colours take away more surely than they add. */
const POSSIBLE = 0.2
/** A piece beside the main one is the object's, and a hole in it, too, where the mask says this share of what it says of that. */
const AS_MUCH = 0.5
/** A cut that shares less with its beginning than this has run away from it: the beginning is better. */
const LEAST_OVERLAP = 0.2

/**
 * @param object how surely each place is the object's, over the whole picture; any size
 * @param strokes in the order in which they were painted; a later one wins
 * @returns a picture of the size of `r`, transparent outside the object, edge colours freed from the background
 * @throws empty-foreground; cancelled
 */
export async function cutOutObject(
  r: Raster,
  object: Mask,
  strokes: readonly CutStroke[],
  options: PaceOptions = {},
): Promise<Raster> {
  const pace = new Pace(options)
  const mark = marker(r, strokes)
  const whole = { x: 0, y: 0, width: r.width, height: r.height }
  const sure = planeOf(object)
  const overview = seen(r, whole, sure, mark)
  const found = boundsOf({ width: overview.cut.width, height: overview.cut.height, values: overview.start })
  if (!found)
    fail(
      'empty-foreground',
      'No object was found in this picture.',
      'Paint over it, or draw a box around it.',
    )
  const region = contextOf(
    stretched(found, r.width / overview.cut.width, r.height / overview.cut.height, r),
    r,
  )
  const { cut, start, likely, painted } = seen(r, region, sure, mark)
  let side = start
  for (let round = 0; round < ROUNDS; round++) {
    const before = side
    side = await solve(cut, side, pace)
    pace.report(((round + 1) / ROUNDS) * 0.6)
    if (side.every((value, k) => value === before[k])) break
  }
  tidy(side, cut.width)
  keepMain(side, likely, painted, cut.width)
  if (strokes.length === 0 && overlap(side, start) < LEAST_OVERLAP) side = start
  // A speck that somebody kept stays.
  side = side.map((value, k) => (cut.labels[k] === UNKNOWN ? value : cut.labels[k] / FOREGROUND))
  if (!side.includes(1))
    fail('empty-foreground', 'Nothing would be left of the picture.', 'Paint over what is to be kept.')
  return matteOf(r, region, cut, side, pace, mark)
}

/** A region made small: its cut with the mask as prior, 1 where the object may be, what the mask says (0..1), strokes as labels. */
function seen(r: Raster, region: Rect, object: Plane, mark: Mark) {
  const small = thumbnail(cropRaster(r, region), COARSE)
  const { width, height } = small
  const labels = new Uint8Array(width * height)
  const prior = new Float32Array(width * height)
  const likely = new Float32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const u = (region.x + ((x + 0.5) / width) * region.width) / r.width
      const v = (region.y + ((y + 0.5) / height) * region.height) / r.height
      likely[i] = samplePlane(object, u, v)
      labels[i] = likely[i] < SURELY_NOT ? BACKGROUND : likely[i] > SURELY ? FOREGROUND : UNKNOWN
      prior[i] = clamp(TRUST * Math.log((likely[i] + 1e-4) / (1.0001 - likely[i])), -MOST, MOST)
    }
  const painted = new Uint8Array(width * height).fill(UNKNOWN)
  mark(painted, width, region)
  for (const [i, label] of painted.entries()) if (label !== UNKNOWN) labels[i] = label
  const start = labels.map((label, i) =>
    label === UNKNOWN ? Number(likely[i] > POSSIBLE) : label / FOREGROUND,
  )
  const cut: Cut = { width, height, colours: coloursOf(small), labels, prior }
  return { cut, start, likely, painted }
}

/** Colours alone take in what looks like the object elsewhere, and leave out what looks like the rest within. */
function keepMain(side: Uint8Array, likely: Float32Array, painted: Uint8Array, width: number): void {
  const pieces = piecesOf(side, width).map((piece) => ({
    ...piece,
    sum: piece.pixels.reduce((sum, i) => sum + likely[i], 0),
  }))
  const [main] = pieces.filter(({ value }) => value === 1).sort((a, b) => b.sum - a.sum)
  if (!main) return
  const enough = (AS_MUCH * main.sum) / main.pixels.length
  for (const { value, pixels, open, sum } of pieces) {
    if (value === 0 && open) continue
    // What a stroke has led to stays whole.
    if (pixels.some((i) => painted[i] === (value === 1 ? FOREGROUND : BACKGROUND))) continue
    const belongs = sum / pixels.length >= enough ? 1 : 0
    if (belongs !== value) for (const i of pixels) side[i] = belongs
  }
}

const planeOf = ({ width, height, values }: Mask): Plane => ({
  width,
  height,
  values: Float32Array.from(values, (value) => value / 255),
})

/** Strokes as labels that are certain. */
function marker(r: Raster, strokes: readonly CutStroke[]): Mark {
  if (strokes.length === 0) return () => undefined
  const blank = blankMask(strokes[0].stroke)
  const painted = (kept: boolean): Plane =>
    planeOf(strokes.reduce((mask, { stroke, keep }) => withStroke(mask, stroke, keep !== kept), blank))
  const [kept, removed] = [painted(true), painted(false)]
  return (labels, width, area) => {
    const height = labels.length / width
    for (let i = 0; i < labels.length; i++) {
      const x = i % width
      const u = (area.x + ((x + 0.5) / width) * area.width) / r.width
      const v = (area.y + (((i - x) / width + 0.5) / height) * area.height) / r.height
      if (samplePlane(kept, u, v) > 0.5) labels[i] = FOREGROUND
      else if (samplePlane(removed, u, v) > 0.5) labels[i] = BACKGROUND
    }
  }
}

/** A box of the small picture in whole px of the picture. */
function stretched(box: Rect, across: number, down: number, r: Raster): Rect {
  const [x, y] = [Math.floor(box.x * across), Math.floor(box.y * down)]
  return {
    x,
    y,
    width: Math.min(r.width, Math.ceil((box.x + box.width) * across)) - x,
    height: Math.min(r.height, Math.ceil((box.y + box.height) * down)) - y,
  }
}

function overlap(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0]
  for (const [i, value] of a.entries()) {
    both += value & b[i]
    either += value | b[i]
  }
  return both / Math.max(1, either)
}
