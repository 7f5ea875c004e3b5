import { describe, expect, it } from 'vitest'

import { blankMask } from '@/assets/mask'
import { randomRaster } from '@/assets/testImages'
import type { Mask, Raster } from '@/base/geometry'
import { held } from '@/layers/bodies'
import { Ground } from '@/layers/ground'
import { effectThrough, type LayerMasks } from '@/layers/masks'
import { renderLayers } from '@/layers/render'
import type { LayerAmounts, SceneParameters } from '@/layers/scene'

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
    const masked = ground.layers(SCENE, ALL, { ground: mask })
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

/** Half see-through here and there, so that every effect on objects has something to do. */
const SOFT = held(
  (() => {
    const raster = randomRaster(40, 60, 7)
    for (let at = 3; at < raster.data.length; at += 4) raster.data[at] = at % 5 === 0 ? 140 : 255
    return raster
  })(),
  { box: { x: 30.5, y: 8, width: 40, height: 55 }, stretch: true, rotationDegrees: 0, flipX: false },
)
const NOTHING = { ...ALL, shadow: [0], contact: 0, reflection: 0 }
const EFFECTS = {
  shadow: { with: ALL, without: { ...ALL, shadow: [0] } },
  contact: { with: ALL, without: { ...ALL, contact: 0 } },
  reflection: { with: ALL, without: { ...ALL, reflection: 0 } },
  tone: { with: { ...NOTHING, tone: 1 }, without: NOTHING },
  edge: { with: { ...NOTHING, edge: 1 }, without: NOTHING },
} satisfies Record<string, Record<'with' | 'without', LayerAmounts>>
type Tried = keyof typeof EFFECTS

describe.each([
  [97, 71],
  [33, 25],
])('the mask of an effect, of %i x %i cells', (width, height) => {
  const mask = ramp(width, height, 0.4, 0.6)
  const render = (amounts: LayerAmounts, masks: LayerMasks = {}) =>
    renderLayers(BACKGROUND, [SOFT, OBJECTS[1]], SCENE, amounts, undefined, QUALITY, masks)

  it.each(Object.keys(EFFECTS) as Tried[])(
    '%s: bits are with it or without it, and mixed between',
    async (effect) => {
      const amounts = EFFECTS[effect]
      const shown = await render(amounts.with)
      const without = await render(amounts.without)
      const masked = await render(amounts.with, { [effect]: mask })
      const differ = (side: number) =>
        shown.data.filter((byte, at) => share(mask, at >> 2) === side && byte !== without.data[at]).length
      expect([differ(0), differ(1)].every((count) => count > 0)).toBe(true)
      const wrong = masked.data.filter((byte, at) => {
        const open = share(mask, at >> 2)
        return (open === 1 && byte !== shown.data[at]) || (open === 0 && byte !== without.data[at])
      })
      expect(wrong).toHaveLength(0)
      // In light: what is darkened, before anything is laid over it.
      const light = effect === 'shadow' || effect === 'contact'
      if (light) {
        const between = masked.data.filter((byte, at) => {
          const [low, high] = [shown.data[at], without.data[at]].sort((a, b) => a - b)
          return byte < low - 1 || byte > high + 1
        })
        return expect(between).toHaveLength(0)
      }
      near(masked, (at) => {
        const open = share(mask, at >> 2)
        return open * shown.data[at] + (1 - open) * without.data[at]
      })
    },
  )

  it('takes back what an effect added around an object', () => {
    const rect = { x: 10, y: 10, width: 6, height: 5 }
    const before = { rect, contentRect: rect, image: randomRaster(6, 5, 3, true) }
    const wide = { x: 8, y: 9, width: 10, height: 8 }
    const after = { rect: wide, contentRect: rect, image: randomRaster(10, 8, 4, true) }
    const closed = effectThrough(blankMask({ width, height }), after, before, SIZE)
    const inside = (at: number) => {
      const [x, y] = [((at >> 2) % 10) - 2, Math.floor((at >> 2) / 10) - 1]
      return x >= 0 && y >= 0 && x < 6 && y < 5 ? before.image.data[(y * 6 + x) * 4 + (at % 4)] : 0
    }
    const wrong = closed.image.data.filter(
      (byte, at) => (at % 4 === 3 || inside(at | 3) > 0) && byte !== inside(at),
    )
    expect([closed.rect, wrong.length]).toEqual([wide, 0])
    expect(effectThrough(blankMask({ width, height }, 255), after, before, SIZE)).toEqual(after)
  })

  it('of a shadow weakens it in light', async () => {
    const dark = { ...NOTHING, shadow: [1] }
    const bare = renderLayers(BACKGROUND, [OBJECTS[0]], SCENE, NOTHING, undefined, QUALITY)
    const full = renderLayers(BACKGROUND, [OBJECTS[0]], SCENE, dark, undefined, QUALITY)
    const half = { width: 1, height: 1, values: Uint8Array.of(51) }
    const masked = await renderLayers(BACKGROUND, [OBJECTS[0]], SCENE, dark, undefined, QUALITY, {
      shadow: half,
    })
    const weak = await renderLayers(
      BACKGROUND,
      [OBJECTS[0]],
      SCENE,
      { ...dark, shadow: [0.2] },
      undefined,
      QUALITY,
    )
    expect((await full).data).not.toEqual((await bare).data)
    near(masked, (at) => weak.data[at])
  })

  it('is seen on the ground alone, too', () => {
    const ground = new Ground(SIZE, OBJECTS, SCENE.camera, QUALITY)
    const masked = ground.layers(SCENE, ALL, { shadow: mask, contact: mask, reflection: mask })
    const plain = ground.layers(SCENE, ALL)
    const wrong = masked.darkening.data.filter((byte, at) => {
      const open = share(mask, at >> 2)
      return (open === 0 && byte !== 255) || (open === 1 && byte !== plain.darkening.data[at])
    })
    expect(wrong).toHaveLength(0)
    const mirrored = masked.reflection.data.filter(
      (byte, at) => at % 4 === 3 && Math.abs(byte - share(mask, at >> 2) * plain.reflection.data[at]) > 1,
    )
    expect(mirrored).toHaveLength(0)
  })
})

describe('the mask of an object', () => {
  it('hides parts of it alone, moves and turns with it, and leaves its shadow', async () => {
    const mask: Mask = { width: 2, height: 1, values: Uint8Array.of(0, 255) }
    const turned = {
      ...OBJECTS[0],
      placement: { ...OBJECTS[0].placement, flipX: true, rotationDegrees: 180 },
    }
    for (const one of [OBJECTS[0], turned]) {
      const render = (objects: typeof OBJECTS) =>
        renderLayers(BACKGROUND, objects, SCENE, ALL, undefined, QUALITY)
      const [whole, masked] = [await render([one]), await render([{ ...one, mask }])]
      const gone = await render([{ ...one, opacity: 0 }])
      // The left quarter of the mask is closed, the right one open; mirrored and upside down they are as they were.
      const { x, width: across } = one.placement.box
      const wrong = masked.data.filter((byte, at) => {
        const place = (((at >> 2) % SIZE.width) + 0.5 - x) / across
        return (place < 0.24 && byte !== gone.data[at]) || (place > 0.76 && byte !== whole.data[at])
      })
      expect(wrong).toHaveLength(0)
      expect(masked.data).not.toEqual(whole.data)
    }
  })
})
