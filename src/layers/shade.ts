/** Shadow and contact on the ground: how much of the light each pixel of B keeps. */
import type { Mask, Raster, Size } from '@/base/geometry'
import { beat } from '@/base/heartbeat'

import { blur, blurBy } from './blur'
import type { Camera } from './camera'
import { castBits, hiddenShare, shadowRegion, wordsFor, type Band, type Spread } from './cast'
import { gridOver, readRow, type GridMap, type PixelGrid } from './gridMap'
import { discSlopes, domeSlopes, type DiscLight, type Slope } from './light'
import { weigher, type LayerMasks } from './masks'
import { ambientOf, type Colour, type LayerAmounts, type SceneParameters } from './scene'
import { LINEAR, quicklyEncoded } from '@/base/srgb'
import type { Volume } from './volume'

/** Shares of light that are hidden from a surface, 0..1: one map per light, one for the dome; null where nothing is. */
export interface Hidden {
  lights: (GridMap | null)[]
  dome: GridMap | null
}

export interface ShadowQuality {
  /** Samples of a light's disc. */
  discSamples: number
  /** Directions of the dome: with fewer than 64 their outlines show. */
  domeSamples: number
  /** Cells along the longer side of the largest grid that a light's shadow, and the dome's, is drawn on. */
  discGrid: number
  domeGrid: number
  /** Cells along a foreground's longer side: what its outline in a shadow is made of. Even. */
  outlineCells: number
}

export const SHADOW_QUALITY: ShadowQuality = {
  discSamples: 64,
  domeSamples: 64,
  discGrid: 2048,
  domeGrid: 640,
  outlineCells: 96,
}

/** On a picture of about a thousand pixels. */
export const PREVIEW_QUALITY: ShadowQuality = {
  discSamples: 32,
  domeSamples: 32,
  discGrid: 640,
  domeGrid: 256,
  outlineCells: 96,
}

/** While something is dragged on it: coarser, so that it follows the hand. */
export const DRAFT_QUALITY: ShadowQuality = {
  discSamples: 16,
  domeSamples: 32,
  discGrid: 400,
  domeGrid: 160,
  outlineCells: 56,
}

/** A foreground that casts. */
export interface Caster {
  volume: Volume
  /** The same with fewer cells, for what it hides of the dome; null where it hangs too high for that. */
  near: Volume | null
  /** The longer side of its box, px of B: what the map's grid shows by. */
  extent: number
}

/** From this lift on, in heights of the box, the ground shows nothing of an object's nearness. */
const NO_CONTACT = 0.3

/** How much of contact and reflection is left of something that hangs this high. */
export const contactLeft = (lift: number): number => Math.max(0, 1 - lift / NO_CONTACT)
/** Where bands of height end, as shares of the highest point. */
const BANDS = [0.06, 0.25, 1]
/** Blur that hides the grid of an object's maps, as a share of its extent. */
const GRID_BLUR = 1 / 500

/** What all casters together hide of every light and of the dome from the ground, as far as it would show. */
export function hiddenLight(
  camera: Camera,
  picture: Size,
  casters: readonly Caster[],
  scene: SceneParameters,
  amounts: LayerAmounts,
  quality: ShadowQuality = SHADOW_QUALITY,
): Hidden {
  return {
    lights: scene.lights.map((light, index) =>
      shows(light.share, amounts.shadow[index])
        ? hiddenOfLight(camera, picture, casters, light, quality)
        : null,
    ),
    dome: shows(ambientOf(scene.lights), amounts.contact)
      ? hiddenOfDome(camera, picture, casters, quality)
      : null,
  }
}

/** Share of a light's disc that the casters hide from the ground; null where their shadows lie outside the picture. */
export function hiddenOfLight(
  camera: Camera,
  picture: Size,
  casters: readonly Caster[],
  light: DiscLight,
  { discSamples, discGrid }: ShadowQuality,
): GridMap | null {
  const volumes = casters.map(({ volume }) => volume)
  return hiddenFrom(
    camera,
    picture,
    volumes,
    extentOf(casters),
    discSlopes(light, discSamples),
    discGrid,
    darkest,
  )
}

/** The same of the dome. */
export function hiddenOfDome(
  camera: Camera,
  picture: Size,
  casters: readonly Caster[],
  { domeSamples, domeGrid }: ShadowQuality,
): GridMap | null {
  const volumes = casters.flatMap((caster) => caster.near ?? [])
  return hiddenFrom(camera, picture, volumes, extentOf(casters), domeSlopes(domeSamples), domeGrid, added)
}

const extentOf = (casters: readonly Caster[]): number => Math.max(0, ...casters.map(({ extent }) => extent))

/** Whether a layer of this strength can be seen where light of these shares is hidden. */
export const shows = (share: Colour, amount: number): boolean => amount * Math.max(...share) > 0

function hiddenFrom(
  camera: Camera,
  picture: Size,
  volumes: readonly Volume[],
  extent: number,
  slopes: readonly Slope[],
  largest: number,
  join: Join,
): GridMap | null {
  const region = shadowRegion(camera, volumes, slopes, picture)
  if (!region) return null
  const grid = gridOver(region, largest)
  const area = grid.columns * grid.rows
  const bits = new Uint32Array(wordsFor(slopes.length) * area)
  const bands = bandsOf(volumes).map((band): HiddenUpTo => {
    const spread = { sum: new Float32Array(area), count: new Float32Array(area) }
    for (const volume of volumes) castBits(camera, volume, slopes, grid, bits, 0, spread, band)
    return { share: hiddenShare(bits, slopes.length, area), spread }
  })
  const values = join(bands, grid)
  blur(values, grid.columns, grid.rows, Math.max(0.5, (extent * GRID_BLUR) / grid.step))
  return { grid, values }
}

/** What everything up to a band's top hides, and how wide that band's own parts ask to be blurred. */
interface HiddenUpTo {
  share: Float32Array
  spread: Spread
}

/** Makes one map of the bands', from the ground up. */
type Join = (bands: readonly HiddenUpTo[], grid: PixelGrid) => Float32Array

/**
 * For a light: each height's whole shadow is blurred as that height asks, and the darkest counts. Where one band's shadow ends and
 * the next one's begins nothing is seen; blurred apart they would leave a bright line there.
 */
const darkest: Join = (bands, grid) => {
  const values = new Float32Array(bands[0].share.length)
  for (const { share, spread } of bands)
    for (const [pixel, value] of softened(share, spread, grid).entries())
      if (value > values[pixel]) values[pixel] = value
  return values
}

/** From this share on nothing of the dome is seen: the pixel lies under the object. */
const UNDER = 0.97

/**
 * For the dome: only what a band adds is blurred as wide as it asks; what lies below it, dark beside the feet, would be washed
 * out far over the ground. Nor may what lies under the object, all dark, be drawn out around it. The dome's directions have so many
 * ends that none is seen.
 */
const added: Join = (bands, grid) => {
  const whole = bands[bands.length - 1].share
  const open = whole.map((share) => (share < UNDER ? 1 : 0))
  const values = new Float32Array(whole.length)
  for (const [index, { share, spread }] of bands.entries()) {
    const below = index > 0 ? bands[index - 1].share : null
    const own = share.map((value, pixel) => open[pixel] * (value - (below ? below[pixel] : 0)))
    const soft = softened(own, spread, grid)
    const seen = softened(open, spread, grid)
    for (let pixel = 0; pixel < values.length; pixel++)
      values[pixel] += open[pixel] ? soft[pixel] / Math.max(1e-3, seen[pixel]) : 0
  }
  for (let pixel = 0; pixel < values.length; pixel++) if (!open[pixel]) values[pixel] = whole[pixel]
  return values
}

/**
 * Heights from the ground up. High parts need a wide blur, since a few samples draw their edges far apart; the same blur would
 * wipe out what low parts do beside the feet.
 */
function bandsOf(volumes: readonly Volume[]): Band[] {
  const highest = volumes.reduce((most, { top }) => top.reduce((a, b) => Math.max(a, b), most), 0)
  return BANDS.map((upTo, index) => ({
    over: index === 0 ? -Infinity : BANDS[index - 1] * highest,
    upTo: upTo === 1 ? Infinity : upTo * highest,
  }))
}

/** What a band hides, blurred so that no single sample of it shows. */
function softened(map: Float32Array, spread: Spread, { columns, rows }: PixelGrid): Float32Array {
  const radius = spread.sum.map((sum, pixel) => sum / Math.max(1, spread.count[pixel]))
  // Where the spread ends nothing must end: it is softened first.
  const widest = radius.reduce((most, value) => Math.max(most, value), 0)
  blur(radius, columns, rows, widest / 2)
  return blurBy(map, radius, columns, rows)
}

/** One layer's part in the darkening: where, and how much of the light per channel it takes. */
export interface Darkening {
  /** Which light's shadow it is; null: it is contact. */
  light: number | null
  map: GridMap
  /** What it takes where all is hidden, at full strength. */
  share: Colour
}

/** How strongly a part of the darkening shows. */
export const amountOf = ({ light }: Darkening, amounts: Pick<LayerAmounts, 'shadow' | 'contact'>): number =>
  light === null ? amounts.contact : amounts.shadow[light]

/** The mask of a part of the darkening. */
export const maskOfPart = ({ light }: Darkening, masks: LayerMasks): Mask | null =>
  (light === null ? masks.contact : light === 0 ? masks.shadow : masks.shadow2) ?? null

/** What is hidden as layers, in the order of the lights; contact comes last. */
export function darkenings(hidden: Hidden, scene: SceneParameters): Darkening[] {
  const shadows = hidden.lights.flatMap((map, index): Darkening[] =>
    map ? [{ light: index, map, share: scene.lights[index].share }] : [],
  )
  return hidden.dome
    ? [...shadows, { light: null, map: hidden.dome, share: ambientOf(scene.lights) }]
    : shadows
}

/**
 * Darkens a picture by what is hidden: ratio = 1 - sum of (shadow * share * hidden) - contact * ambient * hidden dome,
 * per channel, in linear light, each as much weaker as its mask says. The picture is changed in place; its top left corner lies
 * at `origin` of the grids' frame.
 * @param masks of shadows and contact, over a picture of the size `whole`
 */
export function darken(
  picture: Raster,
  hidden: Hidden,
  scene: SceneParameters,
  amounts: Pick<LayerAmounts, 'shadow' | 'contact'>,
  masks: LayerMasks = {},
  origin = { x: 0, y: 0 },
  whole: Size = picture,
): void {
  const parts = darkenings(hidden, scene)
    .filter((part) => shows(part.share, amountOf(part, amounts)))
    .map((part) => ({
      map: part.map,
      share: scaled(part.share, amountOf(part, amounts)),
      weigh: weigher(maskOfPart(part, masks), whole),
    }))
  if (parts.length === 0) return
  const { data, width, height } = picture
  const losses = new Float32Array(3 * width)
  const line = new Float32Array(width)
  for (let y = 0; y < height; y++) {
    beat()
    losses.fill(0)
    for (const { map, share, weigh } of parts) {
      if (!readRow(map, origin.x, origin.y + y, line)) continue
      weigh?.(line, origin.x, origin.y + y)
      for (let x = 0; x < width; x++)
        for (let channel = 0; channel < 3; channel++) losses[3 * x + channel] += share[channel] * line[x]
    }
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4
      for (let channel = 0; channel < 3; channel++) {
        const loss = losses[3 * x + channel]
        // Rounded to a byte, a darkening of less than a quarter of one is none: pixels keep their bits.
        if (loss > 0)
          data[at + channel] = 255 * quicklyEncoded(LINEAR[data[at + channel]] * Math.max(0, 1 - loss))
      }
    }
  }
}

const scaled = (colour: Colour, by: number): Colour => [colour[0] * by, colour[1] * by, colour[2] * by]
