import { fail } from '@/base/errors'
import type { Raster, Rect, Size } from '@/base/geometry'
import { clamp, fitInBox, intersect, rotatedBounds } from '@/base/geometry'
import { beat } from '@/base/heartbeat'
import { isPlain, type Look } from '@/base/look'

import { contentRect, trimToContent } from '@/assets/alpha'
import { MIXERS, type Mixed, type Mixer } from '@/assets/blend'
import { blankRaster, flipHorizontally } from '@/assets/raster'
import { cropResizeRaster, cubicWeights, resizeRaster, storeRow } from '@/assets/resample'

/** Where and how a foreground stands on the background; see `PlacedForeground` in the recipe. */
export interface Placement {
  /** Where the alpha bounding box goes, background pixels, before rotation. */
  box: Rect
  /** Fill the box instead of fitting inside it, bottom-centred. */
  stretch: boolean
  /** Clockwise, about the centre of the placed rectangle. */
  rotationDegrees: number
  flipX: boolean
}

export interface PlacedRaster {
  /** Integer background pixels, clipped to the canvas. */
  rect: Rect
  /** Straight alpha, exactly the size of `rect`. */
  image: Raster
  /** Background pixels, unclipped, fractional: bounds of the alpha box after fitting and rotating. */
  contentRect: Rect
}

/** Below this many pixels per side nothing of a foreground can be seen. */
const SMALLEST_SIDE = 0.5

/** Smallest rectangle of whole pixels that holds `rect`. A hair's breadth over the edge does not count. */
function outward(rect: Rect): Rect {
  const hair = 1e-6
  const x = Math.floor(rect.x + hair)
  const y = Math.floor(rect.y + hair)
  const right = Math.ceil(rect.x + rect.width - hair)
  const bottom = Math.ceil(rect.y + rect.height - hair)
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) }
}

/**
 * Renders a foreground into its box: trimmed to its alpha bounds, mirrored, fitted, turned, and clipped to `canvas`
 * (background pixels). Interpolates premultiplied colours; area average where it shrinks, bicubic where it grows.
 * Pixels that land on pixels unchanged (same size, whole offset, no turn) are copied exactly.
 * Throws `empty-foreground` when nothing of `fg` is visible, `bad-box` when nothing lands on the canvas.
 */
export function placeForeground(fg: Raster, placement: Placement, canvas: Size): PlacedRaster {
  const trimmed = trimToContent(fg)
  if (!trimmed)
    fail(
      'empty-foreground',
      'The foreground is fully transparent.',
      'Choose a picture with something visible in it.',
    )
  const { box } = placement
  if (!holdsPicture(placement))
    fail('bad-box', 'The box is too small to hold a picture.', 'Draw a larger box.', describe(box))
  const { fitted, bounds, rect } = landingOf(trimmed, placement, canvas)
  if (!rect)
    fail(
      'bad-box',
      'The box lies outside the background.',
      'Move it so that at least a part lies on the picture.',
      `${describe(box)} on ${canvas.width}x${canvas.height}`,
    )
  const content = placement.flipX ? flipHorizontally(trimmed) : trimmed
  const turn = ((placement.rotationDegrees % 360) + 360) % 360
  const image = turn === 0 ? renderUpright(content, fitted, rect) : renderTurned(content, fitted, turn, rect)
  return { rect, image, contentRect: bounds }
}

/** Whether something of a foreground lands on `canvas`, so that `placeForeground` does not throw `bad-box`. */
export const lands = (fg: Raster, placement: Placement, canvas: Size): boolean =>
  holdsPicture(placement) && landingOf(contentRect(fg), placement, canvas).rect !== null

const holdsPicture = ({ box, rotationDegrees }: Placement): boolean =>
  [box.x, box.y, box.width, box.height, rotationDegrees].every(Number.isFinite) &&
  Math.min(box.width, box.height) >= SMALLEST_SIDE

/** Where what is visible of a foreground lies: before turning, its bounds after, and the whole pixels of those on `canvas`. */
function landingOf(content: Size, { box, stretch, rotationDegrees }: Placement, canvas: Size) {
  const fitted = fitInBox(content, box, stretch)
  const bounds = rotatedBounds(fitted, rotationDegrees)
  const rect = intersect(outward(bounds), { x: 0, y: 0, width: canvas.width, height: canvas.height })
  return { fitted, bounds, rect }
}

const describe = (box: Rect): string => `box ${box.x},${box.y},${box.width},${box.height}`

function renderUpright(content: Raster, fitted: Rect, rect: Rect): Raster {
  const perX = content.width / fitted.width // content px per background px
  const perY = content.height / fitted.height
  const source = {
    x: snap((rect.x - fitted.x) * perX),
    y: snap((rect.y - fitted.y) * perY),
    width: rect.width * perX,
    height: rect.height * perY,
  }
  return cropResizeRaster(content, source, rect.width, rect.height, {
    outside: 'transparent',
    enlarge: 'bicubic',
  })
}

/** Rounds away the noise of floating point, so that whole offsets stay whole. */
function snap(value: number): number {
  const whole = Math.round(value)
  return Math.abs(value - whole) < 1e-6 ? whole : value
}

/** Inverse mapping with a 4x4 Catmull-Rom kernel on premultiplied colours, after shrinking to the placed size. */
function renderTurned(content: Raster, fitted: Rect, degrees: number, rect: Rect): Raster {
  const source = resizeRaster(
    content,
    Math.min(content.width, Math.ceil(fitted.width)),
    Math.min(content.height, Math.ceil(fitted.height)),
  )
  const angle = (degrees * Math.PI) / 180
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const centreX = fitted.x + fitted.width / 2
  const centreY = fitted.y + fitted.height / 2
  const perX = source.width / fitted.width
  const perY = source.height / fitted.height
  const out = blankRaster(rect.width, rect.height)
  const row = new Float32Array(rect.width * 4)
  for (let y = 0; y < rect.height; y++) {
    beat()
    row.fill(0)
    for (let x = 0; x < rect.width; x++) {
      const dx = rect.x + x + 0.5 - centreX
      const dy = rect.y + y + 0.5 - centreY
      // Position within the placed rectangle, background px from its top-left corner.
      const u = dx * cos + dy * sin + fitted.width / 2
      const v = -dx * sin + dy * cos + fitted.height / 2
      const covered =
        clamp(Math.min(u, fitted.width - u) + 0.5, 0, 1) * clamp(Math.min(v, fitted.height - v) + 0.5, 0, 1)
      if (covered > 0) sampleCubic(source, u * perX - 0.5, v * perY - 0.5, covered, row, x * 4)
    }
    storeRow(out, y, row)
  }
  return out
}

const weightsX = new Float32Array(4)
const weightsY = new Float32Array(4)

/** Adds the premultiplied colour at (x, y) (pixel centres at whole numbers, edges repeat) times `factor`. */
function sampleCubic(r: Raster, x: number, y: number, factor: number, into: Float32Array, at: number): void {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  cubicWeights(x - x0, weightsX)
  cubicWeights(y - y0, weightsY)
  const { data, width, height } = r
  for (let j = 0; j < 4; j++) {
    const row = clamp(y0 + j - 1, 0, height - 1) * width
    const wy = weightsY[j] * factor
    if (wy === 0) continue
    for (let i = 0; i < 4; i++) {
      const p = (row + clamp(x0 + i - 1, 0, width - 1)) * 4
      const w = wy * weightsX[i] * data[p + 3]
      into[at] += (w * data[p]) / 255
      into[at + 1] += (w * data[p + 1]) / 255
      into[at + 2] += (w * data[p + 2]) / 255
      into[at + 3] += w
    }
  }
}

/**
 * Lays a placed foreground over a copy of the background ("over", straight alpha), by its look. Where its alpha is 0 the
 * background's bytes stay as they are; where it is 255 they are the foreground's, if that is plain.
 */
export function compositeOver(background: Raster, placed: PlacedRaster, look: Look = {}): Raster {
  const out: Raster = {
    width: background.width,
    height: background.height,
    data: new Uint8ClampedArray(background.data),
  }
  const { rect, image } = placed
  const { opacity = 1, blend = 'normal' } = look
  const mix = isPlain(look)
    ? cover
    : (source: Uint8ClampedArray, s: number, target: Uint8ClampedArray, t: number) =>
        mixIn(source, s, target, t, opacity, MIXERS[blend])
  for (let y = 0; y < rect.height; y++) {
    let s = y * rect.width * 4
    let t = ((rect.y + y) * out.width + rect.x) * 4
    for (let x = 0; x < rect.width; x++, s += 4, t += 4) mix(image.data, s, out.data, t)
  }
  return out
}

const mixed: Mixed = [0, 0, 0]

/** Compositing and Blending Level 1, §10: where nothing is below, a colour stays what it is, whatever its mode. */
function mixIn(
  source: Uint8ClampedArray,
  s: number,
  target: Uint8ClampedArray,
  t: number,
  opacity: number,
  mixer: Mixer,
): void {
  const a = (source[s + 3] / 255) * opacity
  if (a === 0) return
  const backdrop = target[t + 3] / 255
  const below = backdrop * (1 - a)
  const alpha = a + below
  mixer(source, s, target, t, mixed)
  for (let c = 0; c < 3; c++) {
    const colour = (1 - backdrop) * source[s + c] + backdrop * mixed[c]
    target[t + c] = (colour * a + target[t + c] * below) / alpha
  }
  target[t + 3] = alpha * 255
}

function cover(source: Uint8ClampedArray, s: number, target: Uint8ClampedArray, t: number): void {
  const a = source[s + 3] / 255
  if (a === 0) return
  const below = (target[t + 3] / 255) * (1 - a)
  const alpha = a + below
  for (let c = 0; c < 3; c++) target[t + c] = (source[s + c] * a + target[t + c] * below) / alpha
  target[t + 3] = alpha * 255
}
