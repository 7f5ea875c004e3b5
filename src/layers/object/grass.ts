/** Grass: blades of the photo's own grass stand before the feet of what stands in it. */
import type { PlacedRaster } from '@/assets/paste'
import { clamp, intersect, type Raster, type Rect } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { blur } from '@/layers/blur'
import { bilinear, type CutoutGeometry } from '@/layers/volume'

import { measuredOnce } from './measuredOnce'
import { wholeOf } from './surroundings'

/** Where grass is looked for: beside the box, above and below its bottom, in longer sides of the box. */
const BESIDE = 0.3
const ABOVE = 0.15
const BELOW = 0.35
/** Columns that are looked at, at most. */
const COLUMNS = 256
/** Hues of what grows, degrees, and its least saturation: wood is redder, painted benches are bluer. */
const LEAST_HUE = 52
const MOST_HUE = 150
const LEAST_SATURATION = 0.12
/** Share of such pixels from which on ground may be grass, and surely is. */
const SOME = 0.35
const ENOUGH = 0.6
/** Contrast along a column, bytes, under which green ground is even: a carpet, a wall. */
const LEAST_CONTRAST = 6
/** Blades are so much higher than the distance at which brightness along a column is no longer alike. */
const HEIGHT = 7
const ALIKE = 0.3
/** They cover at most this share of an object's height; lower than this, px, they are not seen. */
const MOST_HEIGHT = 0.2
const LEAST_HEIGHT = 3

/** Alpha from which on an object is there. */
const THERE = 128
/** How surely a foot touches the ground, as the network says it, where blades begin to stand before it and where all do. */
const TOUCHES = 0.1
const SURELY_TOUCHES = 0.4
/** How bright against its surroundings a pixel is at least where it is a blade, deviations: at the foot, and what is added up to the tips. */
const AT_FOOT = -1.2
const TO_TIPS = 3.2
/** How sharply blades end. */
const STEEPNESS = 3
/** Light that reaches a blade at the foot, and how far up that goes. */
const FOOT_LIGHT = 0.65
const LIT_FROM = 0.67

/**
 * An object with the photo's own pixels over its feet where these are blades: brighter than what is around them, and joined to the
 * ground. Nothing where the ground beside is no grass, nor where nobody knows what touches it.
 * @param amount 0..1, of the blades' height
 */
export function withGrass(
  placed: PlacedRaster,
  geometry: CutoutGeometry | null,
  photo: Raster,
  amount: number,
): PlacedRaster {
  if (amount <= 0 || !geometry) return placed
  const height = amount * grassHeight(placed.contentRect, photo)
  if (height < LEAST_HEIGHT) return placed
  const { rect, image } = placed
  const heights = heightsAbove(placed, geometry, height)
  const band = bandOf(heights, image)
  if (!band) return placed
  const standsOut = prominence(photo, { ...band, x: rect.x + band.x, y: rect.y + band.y }, height)
  const out: Raster = { ...image, data: image.data.slice() }
  let below = new Float32Array(image.width)
  for (let y = band.y + band.height - 1; y >= band.y; y--) {
    beat()
    const row = new Float32Array(image.width)
    for (let x = 0; x < image.width; x++) {
      const above = heights.above[y * image.width + x]
      if (!(above <= height)) continue
      const joined = above <= 0 ? 1 : Math.max(below[x], below[x - 1] ?? 0, below[x + 1] ?? 0)
      const at = (y - band.y) * band.width + x - band.x
      const threshold = AT_FOOT + (TO_TIPS * above) / height
      const blade = above <= 0 ? 1 : 1 / (1 + Math.exp(STEEPNESS * (threshold - standsOut[at])))
      row[x] = Math.min(blade, joined)
      lay(out, y * image.width + x, photo, (rect.y + y) * photo.width + rect.x + x, {
        share: row[x] * heights.sure[y * image.width + x],
        light: Math.min(1, FOOT_LIGHT + ((1 - FOOT_LIGHT) * Math.max(0, above)) / (LIT_FROM * height)),
      })
    }
    below = row
  }
  return { ...placed, image: out }
}

/** Mixes a photo's pixel into an object's, as bytes; alpha stays. */
function lay(
  out: Raster,
  pixel: number,
  photo: Raster,
  from: number,
  { share, light }: { share: number; light: number },
): void {
  for (let c = 0; c < 3; c++)
    out.data[4 * pixel + c] += share * (light * photo.data[4 * from + c] - out.data[4 * pixel + c])
}

/** Where an object's pixels are above the ground they stand on. [height, width] */
interface Heights {
  /** Pixels above the lowest of what they stand on; NaN where that is higher than blades are, or no foot. */
  above: Float32Array
  /** How surely that is a foot, 0..1. */
  sure: Float32Array
}

/** Every column is read from below: what is there stands on its lowest pixel, where that touches the ground. */
function heightsAbove(
  { rect, image, contentRect }: PlacedRaster,
  geometry: CutoutGeometry,
  most: number,
): Heights {
  const { width, height, data } = image
  const { size, square, contact } = geometry
  const scale = size / square.side
  const longer = Math.max(contentRect.width, contentRect.height)
  const touching = (x: number, y: number): number => {
    const column = ((rect.x + x + 0.5 - contentRect.x) / longer - square.x) * scale - 0.5
    const row = ((rect.y + y + 0.5 - contentRect.y) / longer - square.y) * scale - 0.5
    // The network's cells are coarse: the foot may lie in the one above.
    const sure = Math.max(...[-1, 0, 1].map((up) => bilinear(contact, size, column, row + up)))
    return clamp((sure - TOUCHES) / (SURELY_TOUCHES - TOUCHES), 0, 1)
  }
  const above = new Float32Array(width * height).fill(NaN)
  const sure = new Float32Array(width * height)
  for (let x = 0; x < width; x++)
    for (let y = height - 1, foot = -1, foothold = 0; y >= 0; y--) {
      const at = y * width + x
      const there = data[4 * at + 3] >= THERE
      if (there && foot < 0) {
        foot = y
        foothold = touching(x, y)
        // The soft pixels below an edge are as much in the grass as it is.
        if (foothold > 0)
          for (let soft = y + 1; soft < height && data[4 * (soft * width + x) + 3] > 0; soft++)
            [above[soft * width + x], sure[soft * width + x]] = [0, foothold]
      } else if (!there) foot = -1
      if (foot < 0 || foothold === 0 || foot - y > most) continue
      above[at] = foot - y
      sure[at] = foothold
    }
  return { above, sure }
}

/** The part of an image in which there is something above the ground but not too high; null where there is none. */
function bandOf({ above }: Heights, { width, height }: Raster): Rect | null {
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let at = 0; at < above.length; at++) {
    if (Number.isNaN(above[at])) continue
    const [x, y] = [at % width, Math.floor(at / width)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = y
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** How many deviations brighter than what is around it each pixel of a region is. [height, width] */
function prominence(photo: Raster, region: Rect, height: number): Float32Array {
  const margin = Math.ceil(2 * height)
  const wide = intersect(
    {
      x: region.x - margin,
      y: region.y - margin,
      width: region.width + 2 * margin,
      height: region.height + 2 * margin,
    },
    wholeOf(photo),
  )!
  const brightness = new Float32Array(wide.width * wide.height)
  for (let y = 0; y < wide.height; y++)
    for (let x = 0; x < wide.width; x++)
      brightness[y * wide.width + x] = lumaAt(photo, (wide.y + y) * photo.width + wide.x + x)
  const mean = brightness.slice()
  blur(mean, wide.width, wide.height, height / 2)
  const squares = brightness.map((value, at) => (value - mean[at]) ** 2)
  blur(squares, wide.width, wide.height, height)
  const out = new Float32Array(region.width * region.height)
  for (let y = 0; y < region.height; y++)
    for (let x = 0; x < region.width; x++) {
      const at = (region.y - wide.y + y) * wide.width + region.x - wide.x + x
      out[y * region.width + x] = (brightness[at] - mean[at]) / Math.max(2, Math.sqrt(squares[at]))
    }
  return out
}

/** How high the grass stands about the bottom of a box, px of the photo; 0 where there is none. */
export function grassHeight(box: Rect, photo: Raster): number {
  const longer = Math.max(box.width, box.height)
  const [x, y] = [Math.floor(box.x - BESIDE * longer), Math.floor(box.y + box.height - ABOVE * longer)]
  const around = intersect(
    {
      x,
      y,
      width: Math.ceil(box.x + box.width + BESIDE * longer) - x,
      height: Math.ceil(box.y + box.height + BELOW * longer) - y,
    },
    wholeOf(photo),
  )
  return around ? Math.min(MOST_HEIGHT * box.height, measuredGrass(photo, around)) : 0
}

const measuredGrass = measuredOnce((photo: Raster, region: Rect): number => {
  const step = Math.max(1, Math.ceil(region.width / COLUMNS))
  const columns: Float32Array[] = []
  let growing = 0
  for (let x = region.x; x < region.x + region.width; x += step) {
    const column = new Float32Array(region.height)
    for (let y = 0; y < region.height; y++) {
      const at = (region.y + y) * photo.width + x
      column[y] = lumaAt(photo, at)
      if (grows(photo, at)) growing++
    }
    columns.push(column)
  }
  const share = growing / (columns.length * region.height)
  const sure = clamp((share - SOME) / (ENOUGH - SOME), 0, 1)
  return sure > 0 ? sure * HEIGHT * coherence(columns) : 0
})

const lumaAt = ({ data }: Raster, pixel: number): number =>
  0.299 * data[4 * pixel] + 0.587 * data[4 * pixel + 1] + 0.114 * data[4 * pixel + 2]

function grows({ data }: Raster, pixel: number): boolean {
  const [r, g, b] = [data[4 * pixel], data[4 * pixel + 1], data[4 * pixel + 2]]
  const most = Math.max(r, g, b)
  const range = most - Math.min(r, g, b)
  if (range < LEAST_SATURATION * most || range === 0) return false
  const hue = most === r ? (60 * (g - b)) / range : most === g ? 120 + (60 * (b - r)) / range : 240
  return hue >= LEAST_HUE && hue <= MOST_HUE
}

/** The distance along columns at which brightness, less its trend, is no longer alike, px; 0 where it hardly changes. */
function coherence(columns: readonly Float32Array[]): number {
  const rows = columns[0].length
  const longest = Math.max(2, Math.floor(rows / 4))
  for (const column of columns) {
    const trend = column.slice()
    blur(trend, rows, 1, longest / 2)
    for (let y = 0; y < rows; y++) column[y] -= trend[y]
  }
  const product = (lag: number): number => {
    let sum = 0
    for (const column of columns) for (let y = lag; y < rows; y++) sum += column[y] * column[y - lag]
    return sum / Math.max(1, columns.length * (rows - lag))
  }
  const variance = product(0)
  if (Math.sqrt(variance) < LEAST_CONTRAST) return 0
  for (let lag = 1; lag < longest; lag++) {
    const [before, now] = [product(lag - 1) / variance, product(lag) / variance]
    if (now < ALIKE) return lag - 1 + (before - ALIKE) / (before - now)
  }
  return longest
}
