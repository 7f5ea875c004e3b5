import { fail } from '@/base/errors'
import type { Raster, Rect } from '@/base/geometry'
import { clamp, intersect } from '@/base/geometry'

import { colourCost, fitColours } from '@/assets/colourModel'
import { boxBlur, decontaminate, guidedCoefficients, samplePlane, type Plane } from '@/assets/matte'
import { DIRECTIONS, makeGrid, minCut } from '@/assets/maxFlow'
import { blankRaster, cropRaster } from '@/assets/raster'
import { thumbnail } from '@/assets/resample'

export interface GrabCutOptions {
  /** Rounds of learning the colours and cutting. Default 5. */
  iterations?: number
  signal?: AbortSignal
  /** Called with 0..1. */
  onProgress?(fraction: number): void
}

/** Longer side of the picture in which the object is found, and in which its outline is then made exact. */
const COARSE = 320
const FINE = 960
/** How far around the box colours of the background are learned, as a share of the box's sides. */
const CONTEXT = 0.35
/** Price of an edge between equal colours, and of one against which everything else is cheap. */
const SMOOTHNESS = 50
const CERTAIN = 1e6
/** Milliseconds of work between two turns for others. */
const SLICE_MS = 12

/** Labels of pixels before the cut. */
const BACKGROUND = 0
const UNKNOWN = 1
const FOREGROUND = 2

/** Small picture to cut: colours [n, 3] in 0..255 and what is known of each pixel. */
interface Cut {
  width: number
  height: number
  colours: Float32Array
  labels: Uint8Array
}

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
  tidy(side, cut.width, cut.height)
  if (!side.includes(1))
    fail(
      'empty-foreground',
      'Nothing in the box stands out from its surroundings.',
      'Draw the box closer around the object.',
    )

  // Now only the object with a little room around it, at a higher resolution.
  const { area, shape } = zoomInto(side, cut, picture)
  const detail = cropRaster(picture, area)
  const fine = thumbnail(detail, FINE)
  await pace.breathe()
  const outline = prepareOutline(fine, shape)
  const start = Uint8Array.from(outline.labels, (label) => (label === BACKGROUND ? 0 : 1))
  const fineSide = await solve(outline, start, pace, side, cut)
  pace.report(0.8)
  const out = blankRaster(r.width, r.height)
  const target = { ...area, x: area.x + region.x, y: area.y + region.y }
  await applyMatte(detail, fine, fineSide, out, target, pace)
  pace.report(1)
  return out
}

/** Coarse px of room around the object when its outline is refined. */
const ROOM = 6

/** Where the object is (pixels of `picture`), and its coarse shape there. */
function zoomInto(side: Uint8Array, cut: Cut, picture: Raster): { area: Rect; shape: Plane } {
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
  // Coarse edges in whole pixels of the picture; the shape is off by less than one of them.
  const across = (value: number): number => Math.round((value / cut.width) * picture.width)
  const down = (value: number): number => Math.round((value / cut.height) * picture.height)
  const area = {
    x: across(left),
    y: down(top),
    width: across(right) - across(left),
    height: down(bottom) - down(top),
  }
  return { area, shape: { width, height, values } }
}

function roundedBox(box: Rect): Rect {
  const x = Math.round(box.x)
  const y = Math.round(box.y)
  return { x, y, width: Math.round(box.x + box.width) - x, height: Math.round(box.y + box.height) - y }
}

/** The box with a margin in which the background shows its colours, within the picture. */
function contextOf(box: Rect, r: Raster): Rect {
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

/** Lets others run, checks for cancelling, tells progress. */
class Pace {
  private last = performance.now()
  private readonly options: GrabCutOptions
  constructor(options: GrabCutOptions) {
    this.options = options
  }
  report(fraction: number): void {
    this.options.onProgress?.(fraction)
  }
  async breathe(): Promise<void> {
    if (performance.now() - this.last >= SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      this.last = performance.now()
    }
    if (this.options.signal?.aborted)
      fail('cancelled', 'The cut-out was stopped.', 'Start it again when you like.')
  }
}

function coloursOf(r: Raster): Float32Array {
  const colours = new Float32Array(r.width * r.height * 3)
  for (let i = 0; i < r.width * r.height; i++)
    for (let c = 0; c < 3; c++) colours[i * 3 + c] = r.data[i * 4 + c]
  return colours
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

/**
 * Learns the colours of both sides (of `teacher` where given) and cuts.
 * Returns 1 for the object, 0 for the rest, per pixel.
 */
async function solve(
  cut: Cut,
  side: Uint8Array,
  pace: Pace,
  teacherSide: Uint8Array = side,
  teacher: Cut = cut,
): Promise<Uint8Array<ArrayBuffer>> {
  const pixelsOf = (value: number): Int32Array => {
    const found: number[] = []
    for (let i = 0; i < teacherSide.length; i++) if (teacherSide[i] === value) found.push(i)
    return Int32Array.from(found)
  }
  const [back, front] = [pixelsOf(0), pixelsOf(1)]
  if (front.length === 0 || back.length === 0) return new Uint8Array(side)
  const backColours = fitColours(teacher.colours, back)
  const frontColours = fitColours(teacher.colours, front)
  await pace.breathe()

  const { width, height, colours, labels } = cut
  const graph = makeGrid(width, height)
  const n = graph.width * graph.height
  const beta = contrast(cut)
  await pace.breathe()
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const node = (y + 1) * graph.width + x + 1
      const [red, green, blue] = [colours[i * 3], colours[i * 3 + 1], colours[i * 3 + 2]]
      if (labels[i] === UNKNOWN)
        graph.terminal[node] =
          colourCost(backColours, red, green, blue) - colourCost(frontColours, red, green, blue)
      else graph.terminal[node] = labels[i] === FOREGROUND ? CERTAIN : -CERTAIN
      for (let d = 0; d < 4; d++) {
        const [dx, dy] = DIRECTIONS[d]
        if (x + dx < 0 || x + dx >= width || y + dy >= height) continue
        const j = i + dy * width + dx
        // Between two pixels that are certain nothing can be cut; leaving the edge out keeps the search short.
        if (labels[i] !== UNKNOWN && labels[j] !== UNKNOWN) continue
        const difference =
          (red - colours[j * 3]) ** 2 + (green - colours[j * 3 + 1]) ** 2 + (blue - colours[j * 3 + 2]) ** 2
        const price = (SMOOTHNESS * Math.exp(-beta * difference)) / (dx && dy ? Math.SQRT2 : 1)
        graph.capacity[d * n + node] = price
        graph.capacity[(d ^ 4) * n + node + dy * graph.width + dx] = price
      }
    }
    if (y % 16 === 0) await pace.breathe()
  }
  const run = minCut(graph)
  let step = run.next()
  while (!step.done) {
    await pace.breathe()
    step = run.next()
  }
  const answer = step.value as Uint8Array
  return Uint8Array.from(
    labels,
    (_, i) => answer[(Math.floor(i / width) + 1) * graph.width + (i % width) + 1],
  )
}

/** One over twice the mean squared colour difference of neighbours: what counts as an edge in this picture. */
function contrast({ width, height, colours }: Cut): number {
  let sum = 0
  let count = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 3
      for (const j of [x + 1 < width ? i + 3 : -1, y + 1 < height ? i + width * 3 : -1]) {
        if (j < 0) continue
        for (let c = 0; c < 3; c++) sum += (colours[i + c] - colours[j + c]) ** 2
        count++
      }
    }
  return count / (2 * Math.max(sum, 1e-6))
}

/** Drops specks, and fills holes of the same size: pieces smaller than this share of the object. */
const SPECK = 0.01

function tidy(side: Uint8Array, width: number, height: number): void {
  const object = side.reduce((sum, value) => sum + value, 0)
  const seen = new Uint8Array(side.length)
  for (let start = 0; start < side.length; start++) {
    if (seen[start]) continue
    const value = side[start]
    const piece = [start]
    seen[start] = 1
    for (let k = 0; k < piece.length; k++) {
      const i = piece[k]
      const x = i % width
      const y = (i - x) / width
      for (const j of [
        x > 0 ? i - 1 : i,
        x + 1 < width ? i + 1 : i,
        y > 0 ? i - width : i,
        y + 1 < height ? i + width : i,
      ])
        if (!seen[j] && side[j] === value) {
          seen[j] = 1
          piece.push(j)
        }
    }
    const limit = value === 1 ? object * SPECK : object * SPECK * 0.2
    if (piece.length < limit) for (const i of piece) side[i] = 1 - value
  }
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
