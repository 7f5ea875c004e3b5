/** A picture with its foregrounds and what they do to its light: the layers of Place, drawn at any scale. */
import { inverted, keptThrough } from '@/assets/mask'
import { compositeOver, placeForeground, type PlacedRaster } from '@/assets/paste'
import { coveredRect } from '@/assets/alpha'
import { shownThrough } from '@/assets/layerMask'
import {
  fileOpacity,
  lookInFile,
  throughMask,
  wholeLayer,
  type Called,
  type LayeredPicture,
  type StackLayer,
} from '@/assets/layered'
import { blankRaster, cropRaster } from '@/assets/raster'
import type { Raster, Size } from '@/base/geometry'

import { bodyOf, maskWhereLaid, reflect, type Body, type LayerForeground } from './bodies'
import { cameraOf, type Camera } from './camera'
import { gridOver } from './gridMap'
import { discSlopes } from './light'
import { dressed } from './object/look'
import { maskOver, type LayerMasks } from './masks'
import { hiddenOn } from './receive'
import { multiplyLayers } from './multiply'
import { layReflection, layReflectionAsLayer } from './reflect'
import type { LayerAmounts, SceneParameters } from './scene'
import { darken, hiddenLight, shows, SHADOW_QUALITY, type Caster, type ShadowQuality } from './shade'

/** Longer side of the largest grid that shadows on a foreground are drawn on. */
const RECEIVER_GRID = 512

/** Samples of a light's disc for those shadows: what lies between two planes is mixed anyway. */
const RECEIVER_SAMPLES = 24

/**
 * The picture that is shown and kept: the background with shadow, contact and reflection, the foregrounds as they look in
 * it, with each other's shadows, bottom to top. Where no layer does anything the background's bytes stay as they are.
 * @param pause is awaited between parts of the work; throwing there stops it
 * @throws empty-foreground, bad-box as `placeForeground`
 */
export async function renderLayers(
  background: Raster,
  foregrounds: readonly LayerForeground[],
  scene: SceneParameters,
  amounts: LayerAmounts,
  pause: () => Promise<void> = () => Promise.resolve(),
  quality: ShadowQuality = SHADOW_QUALITY,
  masks: LayerMasks = {},
): Promise<Raster> {
  return draw(background, foregrounds, scene, amounts, pause, quality, masks, null)
}

export interface LayerNames {
  background: Called
  foregrounds: readonly Called[]
}

/**
 * The same picture with all of its layers: what an image editor makes of them differs by a level or two. Layers of the ground
 * that do not show, being hidden or of no strength, are there as well, invisible.
 * @param amounts as they show: 0 for what is hidden
 * @param stored those that hidden layers wait with; where that is 0, too, they are drawn at full
 */
export async function renderStack(
  background: Raster,
  foregrounds: readonly LayerForeground[],
  scene: SceneParameters,
  amounts: LayerAmounts,
  stored: LayerAmounts,
  names: LayerNames,
  pause: () => Promise<void> = () => Promise.resolve(),
  quality: ShadowQuality = SHADOW_QUALITY,
  masks: LayerMasks = {},
): Promise<LayeredPicture> {
  const layers = [wholeLayer(names.background, background)]
  const keep: Keep = { layers, grounded: 1, names, drawn: atSomeStrength(stored) }
  const flat = await draw(background, foregrounds, scene, amounts, pause, quality, masks, keep)
  return { width: background.width, height: background.height, layers, grounded: keep.grounded, flat }
}

/** Where the layers of a picture go as it is drawn. */
interface Keep {
  /** Bottom to top. */
  layers: StackLayer[]
  /** How many of them belong to the ground. */
  grounded: number
  names: LayerNames
  /** How strongly each is drawn, also where it does not show. */
  drawn: LayerAmounts
}

async function draw(
  background: Raster,
  foregrounds: readonly LayerForeground[],
  scene: SceneParameters,
  amounts: LayerAmounts,
  pause: () => Promise<void>,
  quality: ShadowQuality,
  masks: LayerMasks,
  keep: Keep | null,
): Promise<Raster> {
  const camera = cameraOf(scene.camera, background)
  const bodies: Body[] = []
  for (const [index, foreground] of foregrounds.entries()) {
    await pause()
    const body = bodyOf(camera, foreground, background, quality)
    const place = { photo: background, lights: scene.lights, masks }
    const placed = dressed(body.placed, foreground, place, amounts, index)
    bodies.push({ ...body, placed })
  }
  const casters = bodies.map(({ caster }) => caster)
  await pause()
  let picture: Raster = { ...background, data: background.data.slice() }
  const hidden = hiddenLight(camera, background, casters, scene, keep?.drawn ?? amounts, quality)
  keep?.layers.push(...multiplyLayers(background, hidden, scene, keep.drawn, amounts, masks))
  darken(picture, hidden, scene, amounts, masks)
  await pause()
  const dry = masks.reflection ? { ...picture, data: picture.data.slice() } : picture
  if (keep) keep.layers.push(...reflectionLayer(picture, camera, bodies, scene, amounts, keep.drawn, masks))
  else for (const body of bodies) reflect(picture, camera, body, scene, amounts.reflection, layReflection)
  if (masks.reflection) picture = keptThrough(masks.reflection, picture, dry)
  if (masks.ground) {
    keep?.layers.push(...throughMask('Not ground', background, inverted(masks.ground)))
    picture = keptThrough(masks.ground, picture, background)
  }
  if (keep) keep.grounded = keep.layers.length
  for (const [index, body] of bodies.entries()) {
    await pause()
    const others = casters.filter((_, other) => other !== index)
    const lit =
      others.length > 0 ? shaded(camera, body, others, scene, amounts, quality, masks, picture) : body.placed
    const look = foregrounds[index]
    const mask = maskWhereLaid(look, lit.rect)
    const whole = keep && wholeLayer(keep.names.foregrounds[index], lit.image)
    if (whole) keep.layers.push({ ...whole, ...lookInFile(look), rect: lit.rect, mask })
    picture = compositeOver(picture, shownThrough(lit, mask), look)
  }
  if (!masks.front) return picture
  keep?.layers.push(...throughMask('In front', background, masks.front))
  return keptThrough(masks.front, background, picture)
}

/** What a layer that does not show looks like once it does. */
const atSomeStrength = (amounts: LayerAmounts): LayerAmounts => ({
  ...amounts,
  shadow: amounts.shadow.map((amount) => amount || 1),
  contact: amounts.contact || 1,
  reflection: amounts.reflection || 1,
})

/** Reflects all bodies, in place unless reflections do not show; as a layer over the picture, none where there is nothing. */
function reflectionLayer(
  picture: Raster,
  camera: Camera,
  bodies: readonly Body[],
  scene: SceneParameters,
  amounts: LayerAmounts,
  drawn: LayerAmounts,
  masks: LayerMasks,
): StackLayer[] {
  const visible = amounts.reflection > 0
  const under = visible ? picture : { ...picture, data: picture.data.slice() }
  const layer = blankRaster(picture.width, picture.height)
  for (const body of bodies)
    reflect(under, camera, body, scene, drawn.reflection, (...given) => layReflectionAsLayer(...given, layer))
  const rect = coveredRect(layer)
  if (!rect) return []
  const image = cropRaster(layer, rect)
  // Brighter than a mixture of encoded colours, a layer may have to be more opaque than it is strong.
  const opacity = Math.max(fileOpacity(drawn.reflection), mostOpaque(image) / 255)
  for (let at = 3; at < image.data.length; at += 4) image.data[at] /= opacity
  const mask = masks.reflection && maskOver(masks.reflection, rect, picture)
  return [{ name: 'Reflection', blend: 'normal', opacity, visible, rect, image, mask }]
}

const mostOpaque = ({ data }: Raster): number => {
  let most = 0
  for (let at = 3; at < data.length; at += 4) most = Math.max(most, data[at])
  return most
}

/** The foregrounds as they look in a photo, without each other's shadows. */
export const renderObjects = (
  photo: Raster,
  foregrounds: readonly LayerForeground[],
  { lights }: SceneParameters,
  amounts: LayerAmounts,
  masks: LayerMasks = {},
): PlacedRaster[] =>
  foregrounds.map((foreground, index) => {
    const placed = placeForeground(foreground.raster, foreground.placement, photo)
    const looks = dressed(placed, foreground, { photo, lights, masks }, amounts, index)
    return shownThrough(looks, maskWhereLaid(foreground, looks.rect))
  })

/** A foreground with the shadows of others on it. */
function shaded(
  camera: Camera,
  { placed, box, caster }: Body,
  others: readonly Caster[],
  scene: SceneParameters,
  amounts: LayerAmounts,
  quality: ShadowQuality,
  masks: LayerMasks,
  picture: Size,
): PlacedRaster {
  const grid = gridOver(placed.rect, RECEIVER_GRID)
  const volumes = others.map(({ volume }) => volume)
  const lights = scene.lights.map((light, index) => {
    if (!shows(light.share, amounts.shadow[index])) return null
    const slopes = discSlopes(light, Math.min(quality.discSamples, RECEIVER_SAMPLES))
    return { grid, values: hiddenOn(camera, caster.volume, box, volumes, slopes, grid) }
  })
  const image: Raster = { ...placed.image, data: placed.image.data.slice() }
  darken(image, { lights, dome: null }, scene, amounts, masks, placed.rect, picture)
  return { ...placed, image }
}
