import { describe, expect, it } from 'vitest'

import { blankMask } from '@/assets/mask'
import { randomRaster } from '@/assets/testImages'
import type { Mask, Raster } from '@/base/geometry'
import { held } from '@/layers/bodies'
import { Ground } from '@/layers/ground'
import { renderLayers, type LayerMasks } from '@/layers/render'
import type { SceneParameters } from '@/layers/scene'

const SIZE = { width: 97, height: 71 }
const BACKGROUND = randomRaster(SIZE.width, SIZE.height, 1, true)
const SCENE: SceneParameters = {
  camera: { horizon: 0.3, tiltDegrees: 0, fovDegrees: 55 },
  lights: [{ azimuthDegrees: 110, elevationDegrees: 40, discDegrees: 2, share: [0.7, 0.6, 0.5] }],
  ground: { reflectance: 0.8, roughness: 0.2 },
}
const ALL = { shadow: [1], contact: 1, reflection: 1, edge: 0, relight: 0, tone: 0, grain: 0, grass: 0 }
const QUALITY = { discSamples: 8, domeSamples: 8, discGrid: 96, domeGrid: 48, outlineCells: 96 }
/** Reaches over the picture's right edge. */
const OBJECTS = [
  held(randomRaster(20, 40, 5, true), {
    box: { x: 40.2, y: 18.6, width: 17.5, height: 34.3 },
    stretch: true,
    rotationDegrees: 0,
    flipX: false,
  }),
  held(randomRaster(30, 30, 6, true), {
    box: { x: 80, y: 22, width: 30, height: 40 },
    stretch: true,
    rotationDegrees: 10,
    flipX: false,
  }),
]

const draw = (objects: typeof OBJECTS, masks: LayerMasks): Promise<Raster> =>
  renderLayers(BACKGROUND, objects, SCENE, ALL, undefined, QUALITY, masks)

const PLAIN = draw(OBJECTS, { front: null, ground: null })

/** A feathered edge along a column, the picture's own size or coarser. */
function ramp(width: number, height: number, from: number, to: number): Mask {
  const value = (x: number) => 255 * Math.min(1, Math.max(0, ((x + 0.5) / width - from) / (to - from)))
  return { width, height, values: Uint8Array.from({ length: width * height }, (_, i) => value(i % width)) }
}

/** The mask at a pixel of the picture, 0..1. */
function share(mask: Mask, pixel: number): number {
  const x = ((pixel % SIZE.width) + 0.5) * (mask.width / SIZE.width) - 0.5
  const at = (column: number) => mask.values[Math.min(mask.width - 1, Math.max(0, column))] / 255
  const left = Math.floor(x)
  return at(left) * (1 - (x - left)) + at(left + 1) * (x - left)
}

/** Of bytes that were rounded up to three times. */
const near = (picture: Raster, wanted: (at: number) => number) => {
  let worst = 0
  for (const [at, byte] of picture.data.entries()) worst = Math.max(worst, Math.abs(byte - wanted(at)))
  expect(worst).toBeLessThan(1.5)
}

describe.each([
  [97, 71],
  [33, 25],
])('masks of %i x %i cells', (width, height) => {
  const mask = ramp(width, height, 0.35, 0.7)

  it('keep the background before objects and what they do to it', async () => {
    const plain = await PLAIN
    const masked = await draw(OBJECTS, { front: mask, ground: null })
    near(masked, (at) => {
      const kept = share(mask, at >> 2)
      return kept * BACKGROUND.data[at] + (1 - kept) * plain.data[at]
    })
    const wrong = masked.data.filter((byte, at) => {
      const kept = share(mask, at >> 2)
      return (kept === 1 && byte !== BACKGROUND.data[at]) || (kept === 0 && byte !== plain.data[at])
    })
    expect(wrong).toHaveLength(0)
    expect(masked).not.toEqual(plain)
  })

  it('let shadow, contact and reflection fall on the ground only, and leave objects alone', async () => {
    const none = await draw(OBJECTS, { front: null, ground: blankMask({ width, height }) })
    // Beside the objects nothing at all has happened.
    const beside = (at: number) => (at >> 2) % SIZE.width < 40
    expect(none.data.filter((byte, at) => beside(at) && byte !== BACKGROUND.data[at])).toHaveLength(0)
    const plain = await PLAIN
    const masked = await draw(OBJECTS, { front: null, ground: mask })
    expect(plain.data.filter((byte, at) => beside(at) && byte !== BACKGROUND.data[at])).not.toHaveLength(0)
    near(masked, (at) => {
      const kept = share(mask, at >> 2)
      return kept * plain.data[at] + (1 - kept) * none.data[at]
    })
  })

  it('do the same to the ground alone', () => {
    const ground = new Ground(SIZE, OBJECTS, SCENE.camera, QUALITY)
    const plain = ground.layers(SCENE, ALL)
    const masked = ground.layers(SCENE, ALL, mask)
    near(masked.darkening, (at) => {
      const kept = share(mask, at >> 2)
      return kept * plain.darkening.data[at] + (1 - kept) * 255
    })
    const wrong = masked.reflection.data.filter(
      (byte, at) => at % 4 === 3 && Math.abs(byte - share(mask, at >> 2) * plain.reflection.data[at]) > 1,
    )
    expect(wrong).toHaveLength(0)
  })
})
