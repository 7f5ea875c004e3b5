import type { Layer } from 'ag-psd'
import { describe, expect, it } from 'vitest'

import { MIXERS, type Mixed } from '@/assets/blend'
import { encodePsd } from '@/assets/psd'
import { blankRaster } from '@/assets/raster'
import { readPsd } from '@/assets/testPsd'
import type { Raster, Rect } from '@/base/geometry'
import { BLEND_MODES, type BlendMode } from '@/base/look'
import { type LayerForeground } from '@/layers/bodies'
import type { LayerMasks } from '@/layers/masks'
import { renderLayers, renderStack } from '@/layers/render'
import type { LayerAmounts, SceneParameters } from '@/layers/scene'

const PICTURE = { width: 141, height: 105 }
const QUALITY = { discSamples: 6, domeSamples: 12, discGrid: 256, domeGrid: 64, outlineCells: 96 }
const LOOK = { edge: 0.5, relight: 0.5, tone: 0.5, grain: 0.5, grass: 0 }
const ALL: LayerAmounts = { ...LOOK, shadow: [1, 1], contact: 1, reflection: 1 }
const SCENE: SceneParameters = {
  camera: { horizon: 0.3, tiltDegrees: 4, fovDegrees: 55 },
  lights: [
    { azimuthDegrees: 160, elevationDegrees: 35, discDegrees: 8, share: [0.5, 0.45, 0.4] },
    { azimuthDegrees: 70, elevationDegrees: 50, discDegrees: 2, share: [0.2, 0.25, 0.3] },
  ],
  ground: { reflectance: 0.9, roughness: 0.1 },
}

/** Every byte of the background and many alphas occur; nothing is smooth. */
function noise(width: number, height: number, seed: number, alpha: (value: number) => number): Raster {
  const raster = blankRaster(width, height)
  let state = seed
  for (let at = 0; at < raster.data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    raster.data[at] = at % 4 === 3 ? alpha(state >>> 24) : state >>> 24
  }
  return raster
}
const opaque = () => 255
const BACKGROUND = noise(PICTURE.width, PICTURE.height, 1, opaque)

const foreground = (box: Rect, seed: number, lift = 0): LayerForeground => ({
  raster: noise(40, 70, seed, (value) => (value > 200 ? value : 255)),
  placement: { box, stretch: true, rotationDegrees: 0, flipX: false },
  geometry: null,
  lift,
})
const FIRST = foreground({ x: 40.4, y: 26.8, width: 25.5, height: 49.3 }, 2)
/** In the shadow of the first, and cut by the border. */
const SECOND = foreground({ x: 80, y: 40, width: 67, height: 40 }, 3)

/** The picture that an editor with 8 bits per channel shows: its layers mixed one by one, rounded after each. */
function composite(children: readonly Layer[], picture: Raster): Raster {
  let base: Layer | null = null
  for (const layer of children) {
    if (layer.children) {
      expect(layer.blendMode).toBe('pass through')
      composite(layer.children, picture)
      continue
    }
    if (!layer.clipping) base = layer
    if (layer.hidden || base?.hidden || !layer.imageData) continue
    const { data, width } = layer.imageData
    for (let i = 0; i < data.length / 4; i++) {
      const x = (layer.left ?? 0) + (i % width)
      const y = (layer.top ?? 0) + Math.floor(i / width)
      const at = (y * picture.width + x) * 4
      const open = (layer.mask?.imageData?.data[4 * i] ?? 255) / 255
      const a = (data[4 * i + 3] / 255) * (layer.opacity ?? 1) * open
      const under = picture.data[at + 3] / 255
      // What is clipped to a base with holes changes its colours, not its cover.
      const cover = layer.clipping ? under : a + under * (1 - a)
      const blended: Mixed = [0, 0, 0]
      MIXERS[layer.blendMode as BlendMode](data, 4 * i, picture.data, at, blended)
      for (let channel = 0; channel < 3; channel++) {
        const [s, b] = [data[4 * i + channel], picture.data[at + channel]]
        const mixed = blended[channel]
        if (layer.clipping) picture.data[at + channel] = b * (1 - a) + mixed * a
        else if (cover > 0)
          picture.data[at + channel] = (b * under * (1 - a) + s * a * (1 - under) + mixed * a * under) / cover
      }
      picture.data[at + 3] = 255 * cover
    }
  }
  return picture
}

/** The largest difference of two pictures; what nobody can see has no colour. */
const worst = (a: Pick<Raster, 'data'>, b: Pick<Raster, 'data'>): number =>
  a.data.reduce((most, value, at) => {
    const unseen = a.data[at | 3] === 0 && b.data[at | 3] === 0
    return unseen ? most : Math.max(most, Math.abs(value - b.data[at]))
  }, 0)

interface Case {
  name: string
  background?: Raster
  foregrounds?: LayerForeground[]
  scene?: SceneParameters
  shown?: LayerAmounts
  stored?: LayerAmounts
  masks?: LayerMasks
}
const NONE: LayerAmounts = { ...LOOK, shadow: [0, 0], contact: 0, reflection: 0 }
const FAINT: LayerAmounts = { ...LOOK, shadow: [0.5, 0.5], contact: 0.3, reflection: 0.15 }
/** From nothing to all, over twelve cells. */
const RAMP = { width: 6, height: 2, values: Uint8Array.from({ length: 12 }, (_, cell) => (cell * 255) / 11) }
const CASES: Case[] = [
  { name: 'two lights, two foregrounds that shade each other', foregrounds: [FIRST, SECOND] },
  { name: 'layers of half a strength', shown: FAINT },
  { name: 'hidden shadows', shown: { ...FAINT, shadow: [0, 0] }, stored: FAINT },
  {
    name: "one light's shadow hidden, the other's not",
    foregrounds: [FIRST, SECOND],
    shown: { ...FAINT, shadow: [0, 0.5] },
    stored: FAINT,
  },
  { name: 'masks of soft edges', masks: { front: RAMP, ground: { ...RAMP, width: 2, height: 6 } } },
  {
    name: 'effects and objects with masks of soft edges',
    foregrounds: [
      { ...FIRST, mask: RAMP },
      { ...SECOND, mask: { ...RAMP, width: 3, height: 4 }, opacity: 0.8 },
    ],
    shown: { ...FAINT, shadow: [1, 0.5] },
    masks: {
      shadow: RAMP,
      shadow2: { ...RAMP, width: 2, height: 6 },
      contact: RAMP,
      reflection: RAMP,
      tone: RAMP,
    },
  },
  {
    name: 'a masked shadow of full strength, and one that is masked and hidden',
    shown: { ...ALL, shadow: [1, 0] },
    stored: ALL,
    masks: { shadow: RAMP, shadow2: RAMP },
  },
  { name: 'everything hidden', shown: NONE, stored: ALL },
  { name: 'no strength at all', shown: NONE },
  {
    name: 'one that hangs, and a picture with holes',
    background: noise(PICTURE.width, PICTURE.height, 9, (value) => (value < 128 ? 0 : 255)),
    foregrounds: [{ ...FIRST, lift: 0.2 }],
  },
  ...BLEND_MODES.map((blend, index) => ({
    name: `${blend}, half transparent, over a picture with holes and in front of another`,
    background: noise(PICTURE.width, PICTURE.height, 9, (value) => (value < 128 ? 0 : 255)),
    foregrounds: [FIRST, { ...SECOND, blend, opacity: 0.3 + 0.1 * index }],
  })),
  {
    name: 'no horizon, light from above alone',
    scene: { ...SCENE, camera: { ...SCENE.camera, horizon: -0.5 }, lights: [] },
  },
  {
    name: 'light that takes everything',
    scene: { ...SCENE, lights: [{ ...SCENE.lights[0], share: [1, 1, 1] }] },
  },
]

const NAMES = {
  background: { name: 'Room' },
  foregrounds: [{ name: 'Thing', locked: true }, { name: 'Other' }],
}

describe('a picture in layers', () => {
  it.each(CASES)('flattens to the picture: $name', { timeout: 240_000 }, async (one) => {
    const { background = BACKGROUND, foregrounds = [FIRST], scene = SCENE, shown = ALL } = one
    const { stored = shown, masks = {} } = one
    const given = [background, foregrounds, scene, shown, stored, NAMES, undefined, QUALITY, masks] as const
    const stack = await renderStack(...given)
    const psd = readPsd(encodePsd(stack, null, null), { useImageData: true, skipThumbnail: true })
    if (!psd.imageData) throw new Error('there is no flat picture')
    // Half transparent, files hold it over white in bytes.
    if (!one.background) expect(worst(psd.imageData as Raster, stack.flat)).toBe(0)
    const flattened = composite(psd.children ?? [], blankRaster(psd.width, psd.height))
    expect(worst(flattened, stack.flat)).toBeLessThanOrEqual(2)
  })

  it('is the very picture that is drawn without them', async () => {
    const shown = { ...FAINT, contact: 0 }
    const given = [BACKGROUND, [FIRST], SCENE] as const
    const stack = await renderStack(...given, shown, FAINT, NAMES, undefined, QUALITY)
    const picture = await renderLayers(...given, shown, undefined, QUALITY)
    expect(worst(stack.flat, picture)).toBe(0)
  })

  it('has them by name, in order, as strong as they are, what is hidden too', async () => {
    const shown = { ...LOOK, shadow: [0, 0], contact: 0.25, reflection: 0.5 }
    const stack = await renderStack(
      BACKGROUND,
      [FIRST],
      SCENE,
      shown,
      { ...shown, shadow: [0.75, 0.75] },
      NAMES,
      undefined,
      QUALITY,
    )
    const recipe = '{"prompt":"a <b> & \\"c\\""}'
    const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)
    const file = encodePsd(stack, recipe, { width: 1, height: 1, jpeg })
    const { children = [], imageResources } = readPsd(file, { useImageData: true, useRawThumbnail: true })
    const told = ({ name, blendMode, opacity, hidden }: Layer) => [name, blendMode, opacity, hidden]
    expect(children.map(({ name }) => name)).toEqual(['Ground', 'Thing'])
    expect(children[1].protected).toMatchObject({ transparency: true, composite: true, position: true })
    expect(children[0].children?.[0].protected?.position ?? false).toBe(false)
    const [background, first, second, contact, reflection] = (children[0].children ?? []).map(told)
    expect(background).toEqual(['Room', 'normal', 1, false])
    const shadow = ['Shadow', 'multiply', Math.round(0.75 * 255) / 255, true]
    expect([first, second]).toEqual([shadow, shadow])
    expect(contact).toEqual(['Contact', 'multiply', Math.round(0.25 * 255) / 255, false])
    expect(reflection.slice(0, 2)).toEqual(['Reflection', 'normal'])
    // Light is brighter than encoded colours mixed half and half: no less opaque than asked.
    expect(reflection[2]).toBeGreaterThanOrEqual(0.5)
    expect(imageResources?.thumbnailRaw?.data).toEqual(jpeg)
    expect(imageResources?.xmpMetadata).toContain(
      'inlay:recipe="{&quot;prompt&quot;:&quot;a &lt;b&gt; &amp; ',
    )
  })

  it('has masks as masks, with what they hide below them', async () => {
    const given = [
      BACKGROUND,
      [{ ...FIRST, mask: RAMP }],
      SCENE,
      ALL,
      ALL,
      NAMES,
      undefined,
      QUALITY,
    ] as const
    const plain = await renderStack(...given)
    const stack = await renderStack(...given, { shadow: RAMP })
    const { children = [] } = readPsd(encodePsd(stack, null, null), { useImageData: true })
    const [background, shadow, second] = children[0].children ?? []
    expect([background.mask, second.mask]).toEqual([undefined, undefined])
    const thing = children[1]
    for (const layer of [shadow, thing]) {
      const { left, top, right, bottom } = layer
      expect(layer.mask).toMatchObject({ left, top, right, bottom, defaultColor: 255 })
      const values = layer.mask?.imageData?.data.filter((_, at) => at % 4 === 0) ?? []
      expect(new Set(values).size).toBeGreaterThan(50)
    }
    expect(thing.imageData?.data).toEqual(plain.layers.at(-1)?.image.data)
  })

  it('keeps the bits of what no layer changes', async () => {
    const stack = await renderStack(BACKGROUND, [FIRST], SCENE, ALL, ALL, NAMES, undefined, QUALITY)
    const { children = [] } = readPsd(encodePsd(stack, null, null), { useImageData: true })
    const flattened = composite(children, blankRaster(PICTURE.width, PICTURE.height))
    // Above the horizon, which tilts by four degrees, and beside the thing nothing happens.
    const row = 20 * PICTURE.width * 4
    expect(worst({ data: flattened.data.subarray(0, row) }, { data: BACKGROUND.data.subarray(0, row) })).toBe(
      0,
    )
  })
})
