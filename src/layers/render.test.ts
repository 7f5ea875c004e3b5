import { describe, expect, it } from 'vitest'

import { blankRaster } from '@/assets/raster'
import type { Raster, Rect } from '@/base/geometry'
import { cameraOf } from '@/layers/camera'
import { discSlopes } from '@/layers/light'
import { hiddenOn } from '@/layers/receive'
import { hiddenReference, mirrorReference } from '@/layers/reference'
import { mirrorMap, schlick } from '@/layers/reflect'
import { held, type LayerForeground } from '@/layers/bodies'
import { Ground } from '@/layers/ground'
import { renderLayers } from '@/layers/render'
import type { LayerAmounts, SceneParameters } from '@/layers/scene'
import { toEncoded, toLinear } from '@/base/srgb'
import { standingGeometry } from '@/layers/standing'
import { billboardGeometry } from '@/layers/testBodies'
import { volumeOf, type Outline } from '@/layers/volume'

const PICTURE = { width: 97, height: 71 }
const BOX: Rect = { x: 40.2, y: 18.6, width: 17.5, height: 34.3 }
const SCENE: SceneParameters = {
  camera: { horizon: 0.3, tiltDegrees: 0, fovDegrees: 55 },
  lights: [{ azimuthDegrees: 110, elevationDegrees: 40, discDegrees: 2, share: [0.7, 0.6, 0.5] }],
  ground: { reflectance: 0.8, roughness: 0 },
}
/** The ground's layers; objects stay as they are. */
const ALL: LayerAmounts = {
  shadow: [1],
  contact: 1,
  reflection: 1,
  edge: 0,
  relight: 0,
  tone: 0,
  grain: 0,
  grass: 0,
}
const NONE: LayerAmounts = { ...ALL, shadow: [0], contact: 0, reflection: 0 }
const QUALITY = { discSamples: 32, domeSamples: 32, discGrid: 512, domeGrid: 128, outlineCells: 96 }

const filled = (width: number, height: number, colour: readonly number[]): Raster => {
  const raster = blankRaster(width, height)
  for (let at = 0; at < raster.data.length; at++) raster.data[at] = colour[at % 4]
  return raster
}
const GROUND_WHITE = filled(PICTURE.width, PICTURE.height, [255, 255, 255, 255])
const GROUND = filled(PICTURE.width, PICTURE.height, [180, 170, 160, 255])

const foreground = (box = BOX, colour = [200, 40, 40, 255]): LayerForeground => ({
  raster: filled(20, 40, colour),
  placement: { box, stretch: true, rotationDegrees: 0, flipX: false },
  geometry: null,
  lift: 0,
})

const full = (columns: number, rows: number): Outline => ({
  columns,
  rows,
  coverage: new Float32Array(columns * rows).fill(1),
})

const changed = (before: Raster, after: Raster): number[] => {
  const rows: number[] = []
  for (let at = 0; at < before.data.length; at++)
    if (before.data[at] !== after.data[at]) rows.push(Math.floor(at / 4 / before.width))
  return rows
}

describe('the layers of a picture', () => {
  it('leave every byte above the horizon and every byte without a layer as it is', async () => {
    const box = { ...BOX, y: 25 }
    const none = await renderLayers(GROUND, [foreground(box)], SCENE, NONE, undefined, QUALITY)
    const all = await renderLayers(GROUND, [foreground(box)], SCENE, ALL, undefined, QUALITY)
    const inBox = (row: number) => row >= Math.floor(box.y) && row <= Math.ceil(box.y + box.height)
    expect(changed(GROUND, none).every(inBox)).toBe(true)
    const horizon = SCENE.camera.horizon * PICTURE.height
    expect(changed(GROUND, all).every((row) => inBox(row) || row >= horizon)).toBe(true)
    expect(changed(none, all).length).toBeGreaterThan(200)
  })

  it('darken by the share of the light that is hidden, in linear light', async () => {
    // No ambient, no contact: deep in the shadow the light's share is gone.
    const scene = { ...SCENE, ground: { reflectance: 0, roughness: 0 } }
    const out = await renderLayers(GROUND, [foreground()], scene, { ...ALL, contact: 0 }, undefined, QUALITY)
    const darkest = [255, 255, 255]
    for (let at = 0; at < out.data.length; at += 4)
      if (Math.floor(at / 4 / PICTURE.width) > BOX.y + BOX.height + 1)
        for (let c = 0; c < 3; c++) darkest[c] = Math.min(darkest[c], out.data[at + c])
    // Nowhere is the shadow of so thin a thing quite free of its penumbra.
    for (const [c, share] of SCENE.lights[0].share.entries()) {
      const core = 255 * toEncoded(toLinear([180, 170, 160][c] / 255) * (1 - share))
      expect(darkest[c]).toBeGreaterThan(core - 1)
      expect(darkest[c]).toBeLessThan(core + 8)
    }
  })

  it('cast nothing from what is turned off, and less contact the higher it hangs', async () => {
    const dark = async (lift: number) => {
      const out = await renderLayers(
        GROUND,
        [{ ...foreground(), lift }],
        { ...SCENE, lights: [] },
        { ...ALL, reflection: 0 },
        undefined,
        QUALITY,
      )
      const last = PICTURE.width * (PICTURE.height - 1) * 4
      const below = (Math.ceil(BOX.y + BOX.height) + 1) * PICTURE.width * 4
      return GROUND.data.subarray(below, last).reduce((sum, byte, at) => sum + byte - out.data[below + at], 0)
    }
    expect(await dark(0)).toBeGreaterThan(await dark(0.15))
    expect(await dark(0.15)).toBeGreaterThan(0)
    expect(await dark(0.35)).toBe(0)
  })

  it('throw the shadow of what flies away from it, and mirror less of it the higher it is', async () => {
    const flying = (lift: number) => {
      const box = { ...BOX, y: BOX.y - 12 }
      const placement = { ...foreground(box).placement, stands: lift === 0, lift }
      return held(filled(20, 40, [200, 40, 40, 255]), placement)
    }
    const scene = { ...SCENE, lights: [{ ...SCENE.lights[0], azimuthDegrees: 90, elevationDegrees: 45 }] }
    const draw = (lift: number, amounts: LayerAmounts) => groundOf([flying(lift)], scene, amounts)
    const bottom = BOX.y - 12 + BOX.height
    const shadowRows = (lift: number) => changed(GROUND_WHITE, draw(lift, { ...NONE, shadow: [1] }).darkening)
    expect(Math.min(...shadowRows(0))).toBeLessThan(bottom)
    // Half a height below its lowest point, less the shadow's own blur.
    expect(Math.min(...shadowRows(0.5))).toBeGreaterThan(bottom + 0.5 * BOX.height - 5)
    const mirrored = (lift: number) =>
      draw(lift, { ...NONE, reflection: 1 }).reflection.data.reduce(
        (most, byte, at) => (at % 4 === 3 ? Math.max(most, byte) : most),
        0,
      )
    expect(mirrored(0)).toBeGreaterThan(mirrored(0.15))
    expect(mirrored(0.15)).toBeGreaterThan(0)
    expect(mirrored(0.3)).toBe(0)
  })

  it('take a turned cut-out that is thinner than a cell', async () => {
    const thin = { ...foreground(), raster: filled(400, 2, [9, 9, 9, 255]) }
    thin.placement = { ...thin.placement, box: { x: 20, y: 40, width: 60, height: 0.6 }, rotationDegrees: 45 }
    await expect(renderLayers(GROUND, [thin], SCENE, ALL, undefined, QUALITY)).resolves.toBeDefined()
  })

  it('lay the shadow of one foreground on another', async () => {
    // The second stands in the shadow of the first: the light comes from the left.
    const scene = { ...SCENE, lights: [{ ...SCENE.lights[0], azimuthDegrees: 180 }] }
    const amounts = { ...NONE, shadow: [1] }
    const second = foreground({ x: 66, y: 30, width: 12, height: 23 }, [90, 90, 220, 255])
    const alone = await renderLayers(GROUND, [second], scene, amounts, undefined, QUALITY)
    const both = await renderLayers(GROUND, [foreground(), second], scene, amounts, undefined, QUALITY)
    const blue = (raster: Raster, row: number) => raster.data[(row * PICTURE.width + 70) * 4 + 2]
    expect(blue(both, 48)).toBeLessThan(blue(alone, 48) - 30)
    expect(blue(alone, 48)).toBe(220)
  })
})

/** The ground's layers, drawn once. */
const groundOf = (foregrounds: LayerForeground[], scene: SceneParameters, amounts: LayerAmounts) =>
  new Ground(PICTURE, foregrounds, scene.camera, QUALITY).layers(scene, amounts)

describe('the ground alone', () => {
  it('remembers nothing that has changed', () => {
    const gloss = (reflectance: number) => ({ reflectance, roughness: 0.2 })
    const kept = new Ground(PICTURE, [foreground()], SCENE.camera, QUALITY)
    const scenes = [30, 200, 30].flatMap((azimuthDegrees, at): [SceneParameters, LayerAmounts][] => {
      const light = { ...SCENE.lights[0], azimuthDegrees }
      const lights = at === 1 ? [light, SCENE.lights[0]] : [light]
      return [
        [
          { ...SCENE, lights, ground: gloss(0.5) },
          { ...ALL, shadow: [1, 0.5] },
        ],
        [
          { ...SCENE, lights, ground: gloss(1) },
          { ...ALL, shadow: [0.4, 1], contact: 0, reflection: 0.5 },
        ],
      ]
    })
    for (const [scene, amounts] of scenes)
      expect(kept.layers(scene, amounts)).toEqual(groundOf([foreground()], scene, amounts))
  })

  it('darkens a background by multiplying about as it is darkened in linear light', async () => {
    const scene = { ...SCENE, ground: { reflectance: 0, roughness: 0 } }
    const truth = await renderLayers(GROUND, [foreground()], scene, ALL, undefined, QUALITY)
    const { darkening, reflection } = groundOf([foreground()], scene, ALL)
    const below = Math.ceil(BOX.y + BOX.height + 2) * PICTURE.width * 4
    let worst = 0
    for (let at = below; at < truth.data.length; at++)
      worst = Math.max(worst, Math.abs((GROUND.data[at] * darkening.data[at]) / 255 - truth.data[at]))
    expect(worst).toBeLessThan(8)
    expect(darkening.data.some((byte) => byte < 200)).toBe(true)
    expect(reflection.data.every((byte) => byte === 0)).toBe(true)
  })
})

describe('shadows on a standing surface', () => {
  it('are those of the level planes through its points', () => {
    const camera = cameraOf(SCENE.camera, PICTURE)
    const slopes = discSlopes({ azimuthDegrees: 180, elevationDegrees: 38, discDegrees: 5 }, 24)
    const thick = billboardGeometry(0.2)
    const box = { x: 66, y: 27, width: 12, height: 23 }
    const receiver = volumeOf(camera, full(6, 12), billboardGeometry(), box)
    const caster = volumeOf(camera, full(6, 12), thick, BOX)
    const grid = { x: 66, y: 27, columns: 12, rows: 23, step: 1 }
    const ours = hiddenOn(camera, receiver, box, [caster], slopes, grid)
    for (const row of [9, 14, 19]) {
      // A flat thing that faces the camera is as high in a row as the ray there over its foot.
      const corner = (r: number) => receiver.corners[r * 7 * 3 + 1]
      const at = ((row + 0.5) / 23) * 12
      const height = corner(Math.floor(at)) * (1 - (at % 1)) + corner(Math.floor(at) + 1) * (at % 1)
      const truth = hiddenReference(camera, [caster], slopes, { ...grid, y: 27 + row, rows: 1 }, height)
      // Edges are blurred a little: the row is compared as a whole.
      const mean = (row: ArrayLike<number>) => Array.from(row).reduce((sum, value) => sum + value, 0) / 12
      expect(mean(ours.subarray(row * 12, row * 12 + 12))).toBeCloseTo(mean(truth), 0.9)
      expect(mean(truth)).toBeGreaterThan(0.3)
    }
  })
})

describe('mirror images', () => {
  it.each([
    { name: 'a level horizon', camera: {}, box: BOX },
    { name: 'a tilted one', camera: { tiltDegrees: 6 }, box: BOX },
    { name: 'cut by the border', camera: {}, box: { ...BOX, x: -6 } },
    { name: 'the horizon above the picture', camera: { horizon: -0.5 }, box: BOX },
    { name: 'of something that hangs', camera: {}, box: { ...BOX, y: BOX.y - 8 }, lift: 0.2 },
  ])('are those of the slow reference: $name', ({ camera: change, box, lift }) => {
    const camera = cameraOf({ ...SCENE.camera, ...change }, PICTURE)
    const outline = full(7, 11)
    const volume = volumeOf(camera, outline, standingGeometry(outline, box.width / box.height), box, lift)
    const grid = { x: 0, y: 0, columns: PICTURE.width, rows: PICTURE.height, step: 1 }
    const ours = mirrorMap(camera, volume, grid).height
    const truth = mirrorReference(camera, volume, grid)
    const covered = truth.reduce((count, value) => count + (value > 0 ? 1 : 0), 0)
    expect(covered).toBeGreaterThan(50)
    const top = Math.max(...truth)
    const off = truth.reduce(
      (count, value, at) => count + (Math.abs(value - ours[at]) > 0.03 * top ? 1 : 0),
      0,
    )
    expect(off / covered).toBeLessThan(0.02)
  })

  it('fade into the ground where it is rough, at their outline and at the end of their grid', () => {
    const scene = { ...SCENE, lights: [{ ...SCENE.lights[0], share: [0, 0, 0] as const }] }
    const row = Math.round(BOX.y + BOX.height + 6)
    const alphas = (roughness: number) => {
      const { reflection } = groundOf(
        [foreground()],
        { ...scene, ground: { reflectance: 1, roughness } },
        { ...NONE, reflection: 1 },
      )
      return Array.from(
        { length: PICTURE.width },
        (_, x) => reflection.data[(row * PICTURE.width + x) * 4 + 3],
      )
    }
    const jump = (line: number[]) => Math.max(...line.slice(1).map((value, x) => Math.abs(value - line[x])))
    const [sharp, rough] = [alphas(0), alphas(0.5)]
    expect(jump(sharp)).toBe(Math.max(...sharp))
    expect(Math.max(...rough)).toBeGreaterThan(2)
    expect(jump(rough)).toBeLessThan(0.5 * Math.max(...rough))
    const wide = (line: number[]) => line.filter((value) => value > 0).length
    expect(wide(rough)).toBeGreaterThan(wide(sharp))
  })

  it('lie over each other in a layer of their own', () => {
    const scene = { ...SCENE, ground: { reflectance: 1, roughness: 0 } }
    const draw = (...boxes: Rect[]) =>
      groundOf(
        boxes.map((box) => foreground(box)),
        scene,
        { ...ALL, shadow: [0], contact: 0 },
      ).reflection.data
    const behind = { ...BOX, x: BOX.x + 6, y: BOX.y - 8 }
    const [one, both] = [draw(BOX), draw(BOX, behind)]
    expect(both.every((byte, at) => at % 4 < 3 || byte >= one[at])).toBe(true)
  })

  it('grow stronger towards the horizon', () => {
    const camera = cameraOf(SCENE.camera, PICTURE)
    expect(schlick(camera, 48, 70)).toBeGreaterThan(0.04)
    expect(schlick(camera, 48, 30)).toBeGreaterThan(schlick(camera, 48, 70))
    expect(schlick(camera, 48, 10)).toBe(0)
  })
})
