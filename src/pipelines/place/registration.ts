/**
 * Where a pasted cut-out has gone in what a model made of it: a shift and a scale, found by how well their structure
 * agrees, whatever the light has become.
 */
import type { PlacedRaster } from '@/assets/paste'
import { cropResizeRaster } from '@/assets/resample'
import type { Raster } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { blur } from '@/layers/blur'

export interface Registration {
  /** The middle of the placed rectangle has moved by so much, photo px. */
  dx: number
  dy: number
  /** It is so many times as large. */
  scale: number
  /** Correlation of the two structures, -1 to 1. */
  agreement: number
}

/** Cells along the object's longer side, from coarse to fine; more than it has pixels is not looked at. */
const LEVELS = [48, 96, 192, 384]
/** The finest level that says whether, not only where: the finest detail is what a model loses first. */
const TELLING = 192
/** How far the first level looks, cells and steps of scale; the others only put right what it says. */
const FIRST = { shifts: 7, scales: 4 }
const LATER = { shifts: 2, scales: 2 }
/** How much of the surroundings is looked at, parts of the object's sides. */
const MARGIN = 0.25
/** Structure is what is finer than this part of the longer side. */
const STRUCTURE = 1 / 24
/** From this alpha on a cell is the object's own, and with so much of the object around it, it lies inside. */
const SOLID = 230
const INNER = 0.9

type Placed = Pick<PlacedRaster, 'rect' | 'image'>

interface Level {
  /** Photo px. */
  cell: number
  /** Cells of the object that count, their structure, and where they are from its middle, cells. */
  structure: Float32Array
  x: Float32Array
  y: Float32Array
  /** The structure of what was made, with the surroundings. */
  made: { values: Float32Array; width: number; height: number }
}

/** @param made the photo's size */
export function register({ rect, image }: Placed, made: Raster): Registration {
  const longer = Math.max(rect.width, rect.height)
  let best: Registration = { dx: 0, dy: 0, scale: 1, agreement: -1 }
  let told = -1
  const most = Math.min(longer, LEVELS[LEVELS.length - 1])
  for (const [index, cells] of [...LEVELS.filter((one) => one < most), most].entries()) {
    const level = levelOf({ rect, image }, made, longer / cells)
    const { shifts, scales } = index === 0 ? FIRST : LATER
    best = search(level, best, shifts, scales, 2 / cells)
    if (index === 0 || cells <= TELLING) told = best.agreement
  }
  return { ...best, agreement: told }
}

function levelOf({ rect, image }: Placed, made: Raster, cell: number): Level {
  const width = Math.max(1, Math.round(rect.width / cell))
  const height = Math.max(1, Math.round(rect.height / cell))
  const sigma = Math.max(1, STRUCTURE * Math.max(width, height))
  const left = Math.ceil(MARGIN * width)
  const top = Math.ceil(MARGIN * height)
  const [perX, perY] = [rect.width / width, rect.height / height]
  const [wide, high] = [width + 2 * left, height + 2 * top]
  const around = { x: -left * perX, y: -top * perY, width: wide * perX, height: high * perY }
  const small = cropResizeRaster(image, around, wide, high, { outside: 'transparent' })
  const { detail, near } = detailOf(small, sigma)
  const solid = [...detail.keys()].filter((i) => small.data[4 * i + 3] >= SOLID)
  // Beside the outline the surroundings have their say; what is too thin to have an inside is taken as it is.
  const inner = solid.filter((i) => near[i] > INNER)
  const counting = inner.length > solid.length / 4 ? inner : solid
  const seen = cropResizeRaster(made, { ...around, x: rect.x + around.x, y: rect.y + around.y }, wide, high)
  return {
    cell,
    structure: Float32Array.from(counting, (i) => detail[i]),
    x: Float32Array.from(counting, (i) => (i % wide) + 0.5 - wide / 2),
    y: Float32Array.from(counting, (i) => Math.floor(i / wide) + 0.5 - high / 2),
    made: { values: detailOf(seen, sigma).detail, width: wide, height: high },
  }
}

/** Brightness without what is coarse; beside the object nothing of it is known, so its mean goes on there. */
function detailOf(
  { width, height, data }: Raster,
  sigma: number,
): { detail: Float32Array; near: Float32Array } {
  const luma = new Float32Array(width * height)
  const known = new Float32Array(width * height)
  for (let i = 0; i < luma.length; i++) {
    known[i] = data[4 * i + 3] / 255
    luma[i] = known[i] * (0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2])
  }
  const coarse = luma.slice()
  const near = known.slice()
  blur(coarse, width, height, sigma)
  blur(near, width, height, sigma)
  const detail = luma.map((value, i) =>
    known[i] > 0 ? value - (known[i] * coarse[i]) / Math.max(1e-3, near[i]) : 0,
  )
  return { detail, near }
}

/** The best of all shifts and scales around one. */
function search(
  level: Level,
  from: Registration,
  shifts: number,
  scales: number,
  step: number,
): Registration {
  const { cell } = level
  let best: Registration = { ...from, agreement: -Infinity }
  for (let s = -scales; s <= scales; s++) {
    beat()
    const scale = from.scale + s * step
    for (let j = -shifts; j <= shifts; j++)
      for (let i = -shifts; i <= shifts; i++) {
        const [dx, dy] = [from.dx + i * cell, from.dy + j * cell]
        const agreement = agreementOf(level, scale, dx, dy)
        if (agreement > best.agreement) best = { dx, dy, scale, agreement }
      }
  }
  const at = (i: number, j: number, s: number): number =>
    agreementOf(level, best.scale + s * step, best.dx + i * cell, best.dy + j * cell)
  return {
    ...best,
    dx: best.dx + cell * peak(at(-1, 0, 0), best.agreement, at(1, 0, 0)),
    dy: best.dy + cell * peak(at(0, -1, 0), best.agreement, at(0, 1, 0)),
    scale: best.scale + step * peak(at(0, 0, -1), best.agreement, at(0, 0, 1)),
  }
}

/** Where a parabola through three values is highest, -0.5 to 0.5. */
function peak(before: number, here: number, after: number): number {
  const bend = before + after - 2 * here
  return bend < 0 ? Math.min(0.5, Math.max(-0.5, (before - after) / (2 * bend))) : 0
}

/** Correlation of the object's structure with what lies where it would be. */
function agreementOf({ structure, x, y, cell, made }: Level, scale: number, dx: number, dy: number): number {
  const [middleX, middleY] = [made.width / 2 + dx / cell - 0.5, made.height / 2 + dy / cell - 0.5]
  let [both, own, other, ownSum, otherSum, count] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < structure.length; i++) {
    const column = middleX + x[i] * scale
    const row = middleY + y[i] * scale
    const left = Math.floor(column)
    const top = Math.floor(row)
    if (left < 0 || top < 0 || left + 1 >= made.width || top + 1 >= made.height) continue
    const [across, down] = [column - left, row - top]
    const at = top * made.width + left
    const upper = made.values[at] * (1 - across) + made.values[at + 1] * across
    const lower = made.values[at + made.width] * (1 - across) + made.values[at + made.width + 1] * across
    const b = upper * (1 - down) + lower * down
    const a = structure[i]
    both += a * b
    own += a * a
    other += b * b
    ownSum += a
    otherSum += b
    count++
  }
  // Most of it has to be there.
  if (count < 0.7 * structure.length || count < 16) return -1
  const covariance = both - (ownSum * otherSum) / count
  const spread = (own - ownSum ** 2 / count) * (other - otherSum ** 2 / count)
  return spread > 0 ? covariance / Math.sqrt(spread) : 0
}
