/** A coarse cut of an object becomes its matte at full resolution: its outline is cut again, and its edge follows the picture's. */
import type { Raster, Rect } from '@/base/geometry'
import { clamp } from '@/base/geometry'

import { BACKGROUND, coloursOf, FOREGROUND, solve, UNKNOWN, type Cut } from '@/assets/graphCut'
import { boxBlur, decontaminate, guidedCoefficients, samplePlane, type Plane } from '@/assets/matte'
import type { Pace } from '@/assets/pace'
import { blankRaster, cropRaster } from '@/assets/raster'
import { thumbnail } from '@/assets/resample'

/** Longer side of the picture in which the outline is cut again. */
const FINE = 960

/** Writes what is known of an area (px of the whole picture) over the labels of its small picture, of that width. */
export type Mark = (labels: Uint8Array, width: number, area: Rect) => void

/**
 * @param r the whole picture
 * @param region of it, px, that `cut` is the small picture of
 * @param side 1 for the object, per pixel of `cut`; at least one
 * @param mark what is known for sure, where anything is
 * @returns a picture of the size of `r`, transparent outside the object, edge colours freed from the background
 */
export async function matteOf(
  r: Raster,
  region: Rect,
  cut: Cut,
  side: Uint8Array,
  pace: Pace,
  mark?: Mark,
): Promise<Raster> {
  const { area, shape } = zoomInto(side, cut, region)
  const detail = cropRaster(r, area)
  const fine = thumbnail(detail, FINE)
  await pace.breathe()
  const outline = prepareOutline(fine, shape)
  mark?.(outline.labels, outline.width, area)
  const start = Uint8Array.from(outline.labels, (label) => (label === BACKGROUND ? 0 : 1))
  const fineSide = await solve(outline, start, pace, side, cut)
  pace.report(0.8)
  const out = blankRaster(r.width, r.height)
  await applyMatte(detail, fine, fineSide, out, area, pace)
  pace.report(1)
  return out
}

/** Coarse px of room around the object when its outline is refined. */
const ROOM = 6

/** Where the object is (px of the whole picture), and its coarse shape there. */
function zoomInto(side: Uint8Array, cut: Cut, region: Rect): { area: Rect; shape: Plane } {
  let [left, top, right, bottom] = [cut.width, cut.height, 0, 0]
  for (let i = 0; i < side.length; i++) {
    if (!side[i]) continue
    const x = i % cut.width
    const y = (i - x) / cut.width
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
  }
  left = Math.max(0, left - ROOM)
  top = Math.max(0, top - ROOM)
  right = Math.min(cut.width, right + ROOM)
  bottom = Math.min(cut.height, bottom + ROOM)
  const [width, height] = [right - left, bottom - top]
  const values = new Float32Array(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) values[y * width + x] = side[(top + y) * cut.width + left + x]
  // Coarse edges in whole pixels; the shape is off by less than one of them.
  const across = (value: number): number => Math.round((value / cut.width) * region.width)
  const down = (value: number): number => Math.round((value / cut.height) * region.height)
  const area = {
    x: region.x + across(left),
    y: region.y + down(top),
    width: across(right) - across(left),
    height: down(bottom) - down(top),
  }
  return { area, shape: { width, height, values } }
}

/** Keeps the coarse answer but for a band along its outline, which is cut again at this resolution. */
function prepareOutline(fine: Raster, shape: Plane): Cut {
  const { width, height } = fine
  const labels = new Uint8Array(width * height)
  const near: Plane = { ...shape, values: boxBlur(shape, 1) }
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = samplePlane(near, (x + 0.5) / width, (y + 0.5) / height)
      labels[y * width + x] = value < 0.02 ? BACKGROUND : value > 0.98 ? FOREGROUND : UNKNOWN
    }
  return { width, height, colours: coloursOf(fine), labels }
}

/** Fine px around the outline within which alpha may be partial. */
const SOFT_BAND = 4

/** Writes the object into `out` at `region`, its alpha refined by the guided filter within a band at the outline. */
async function applyMatte(
  picture: Raster,
  fine: Raster,
  side: Uint8Array,
  out: Raster,
  region: Rect,
  pace: Pace,
): Promise<void> {
  const mask = Float32Array.from(side)
  const [red, green, blue, offset] = await guidedCoefficients(fine, mask, 3, 2e-4, () => pace.breathe())
  await pace.breathe()
  // 1 well inside the object, 0 well outside, between within SOFT_BAND of the outline.
  const band: Plane = {
    width: fine.width,
    height: fine.height,
    values: boxBlur({ ...fine, values: mask }, SOFT_BAND),
  }
  await pace.breathe()
  const { width, height } = picture
  for (let y = 0; y < height; y++) {
    const v = (y + 0.5) / height
    for (let x = 0; x < width; x++) {
      const s = (y * width + x) * 4
      const u = (x + 0.5) / width
      const near = samplePlane(band, u, v)
      let alpha = near < 1e-4 ? 0 : near > 1 - 1e-4 ? 1 : -1
      if (alpha < 0) {
        const [r, g, b] = [picture.data[s] / 255, picture.data[s + 1] / 255, picture.data[s + 2] / 255]
        const linear =
          samplePlane(red, u, v) * r +
          samplePlane(green, u, v) * g +
          samplePlane(blue, u, v) * b +
          samplePlane(offset, u, v)
        alpha = clamp((linear - 0.1) / 0.8, 0, 1)
      }
      if (alpha === 0) continue
      const t = ((region.y + y) * out.width + region.x + x) * 4
      for (let c = 0; c < 3; c++) out.data[t + c] = picture.data[s + c]
      out.data[t + 3] = alpha * picture.data[s + 3]
    }
    if (y % 8 === 0) await pace.breathe()
  }
  const run = decontaminate(out, region, clamp(Math.round((width / fine.width) * 3), 3, 8))
  while (!run.next().done) await pace.breathe()
}
