/** Place: a background, cut-outs where they stand, and light that is read off the photo unless somebody says it. */
import { fail } from '@/base/errors'
import { newId } from '@/base/id'
import { lookOf } from '@/base/look'
import { boundsOf } from '@/document/layers'
import { intersect, type Size } from '@/base/geometry'
import type { LightInput, PlaceOptions } from '@/engine/api'
import { extraJob, type Running } from '@/engine/jobs'
import type { PictureBook } from '@/engine/pictures'
import { inRange, lorasOf, seedText, setGiven } from '@/engine/settings'
import { emptyDocument, type ForegroundLayer, type FusionDocument } from '@/schema/document'
import { aloft, defaultPlaceScene, type PhotoScene, type PlaceScene } from '@/schema/modes/place'

/** @throws as reading pictures and the photo's light */
export async function placeDocument(
  running: Running,
  options: PlaceOptions,
  book: PictureBook,
): Promise<FusionDocument> {
  const doc = emptyDocument(newId())
  doc.mode = 'place'
  doc.prompt = options.prompt ?? ''
  doc.loras = lorasOf(options.loras)
  doc.transformer = options.transformer ?? null
  doc.placeModel = options.model ?? 'mini2'
  const background = await book.add(options.background, 'Background')
  doc.background = background
  for (const foreground of options.foregrounds) {
    const layer = await layerOf(foreground, book)
    if (!intersect(boundsOf(layer), { x: 0, y: 0, ...background }))
      fail('bad-box', `“${layer.name}” lies outside the picture.`, 'Give a box that reaches into it.')
    doc.layers.push(layer)
  }
  const { steps, strength = 1 } = options
  setGiven(doc.settings, { seed: seedText(options.seed), steps, strength })
  switch (doc.placeModel) {
    case 'mini2':
      doc.scene = sceneOf(options, await photoOf(running, options, inRange(doc), book), background)
      break
    case 'klein':
      Object.assign(doc.kleinPlace, {
        ...{ strength, variations: 1, transformer: doc.transformer },
        ...options.klein,
      })
      setGiven(doc.kleinPlace, { steps })
      break
    case 'dreamfuse':
      Object.assign(doc.fluxPlace, options.flux)
      setGiven(doc.fluxPlace, { steps })
  }
  return doc
}

async function layerOf(
  { picture, name = '', ...given }: PlaceOptions['foregrounds'][number],
  book: PictureBook,
): Promise<ForegroundLayer> {
  const asset = await book.add(name === '' ? picture : { picture, name }, 'Foreground')
  const { box, stretch = false, rotationDegrees = 0, flipX = false, lift = 0, opacity, blend } = given
  const look = { ...(opacity === undefined ? {} : { opacity }), ...(blend === undefined ? {} : { blend }) }
  return {
    ...{ kind: 'foreground', id: newId(), name: asset.name, visible: true, asset },
    ...{ box: { ...box }, stretch, rotationDegrees, flipX },
    ...(lift === 0 ? {} : aloft({ stands: false, lift })),
    ...lookOf(look),
  }
}

/** What the photo says; null where nothing is left for it to say. Of its ground no option speaks. */
async function photoOf(
  running: Running,
  options: PlaceOptions,
  { background, prompt, settings: { seed, steps } }: FusionDocument,
  book: PictureBook,
): Promise<PhotoScene | null> {
  const { scene, lights = [], horizon = null, fovDegrees = null } = options
  if (scene) return scene as PhotoScene
  if (lights.length > 0 && horizon !== null && fovDegrees !== null) return null
  const rasters = book.pixelsOf(background ? [background] : [])
  const recipe = { prompt, seed, steps }
  const [read] = await extraJob(running, { kind: 'scene', recipe, rasters }, options)
  return read ?? fail('internal', 'The photo’s light could not be read.', 'Run it again.')
}

/** Light as a recipe has it: what nobody has said is the photo's. Strength is that of what the layers change. */
function sceneOf(options: PlaceOptions, read: PhotoScene | null, picture: Size): PlaceScene {
  const { lights = [], horizon = null, fovDegrees = null, strength = 1 } = options
  const scene: PlaceScene = { ...defaultPlaceScene(), ...structuredClone(read) }
  if (options.scene || lights.length > 0 || horizon || fovDegrees !== null) scene.source = 'hand'
  for (const layer of ['shadow', 'contact', 'reflection', 'relight', 'tone'] as const)
    scene.amounts[layer] *= strength
  if (lights.length > 0) scene.lights = lightsOf(lights)
  if (horizon) {
    scene.camera.horizon = horizon.row / picture.height
    scene.camera.tiltDegrees = horizon.tiltDegrees ?? 0
  }
  if (fovDegrees !== null) scene.camera.fovDegrees = fovDegrees
  return scene
}

/** Two lights share what one has, unless it is said; never more than there is. */
function lightsOf(lights: readonly LightInput[]): PlaceScene['lights'] {
  const [usual] = defaultPlaceScene().lights
  const total = lights.reduce((sum, { share }) => sum + (share ?? usual.share[0] / lights.length), 0)
  return lights.map(({ azimuthDegrees, elevationDegrees, discDegrees = 10, share }) => ({
    ...{ azimuthDegrees, elevationDegrees, discDegrees },
    share: usual.share.map((one) => (share ?? one / lights.length) / Math.max(1, total)) as [
      number,
      number,
      number,
    ],
  }))
}
