/** Place's layers on the cpu: the picture at 12 megapixels with one and two foregrounds, and a light drag on the proxy. */
import type { BenchOptions } from './options'
import { median } from './time'

import { blankRaster } from '@/assets/raster'
import type { Raster, Size } from '@/base/geometry'
import { held, type LayerForeground } from '@/layers/bodies'
import { Ground } from '@/layers/ground'
import { renderLayers } from '@/layers/render'
import type { LayerAmounts, SceneParameters } from '@/layers/scene'
import { DRAFT_QUALITY } from '@/layers/shade'

const FULL: Size = { width: 4000, height: 3000 }
const PROXY: Size = { width: 1024, height: 768 }
const FRAMES = 7
const GROUND_ONLY: LayerAmounts = {
  shadow: [1],
  contact: 1,
  reflection: 1,
  edge: 0,
  relight: 0,
  tone: 0,
  grain: 0,
  grass: 0,
}

const sceneAt = (azimuthDegrees: number): SceneParameters => ({
  camera: { horizon: 0.35, tiltDegrees: 0, fovDegrees: 55 },
  lights: [{ azimuthDegrees, elevationDegrees: 35, discDegrees: 3, share: [0.7, 0.65, 0.6] }],
  ground: { reflectance: 0.5, roughness: 0.3 },
})

const even = ({ width, height }: Size, byte: number): Raster => {
  const raster = blankRaster(width, height)
  raster.data.fill(byte)
  for (let at = 3; at < raster.data.length; at += 4) raster.data[at] = 255
  return raster
}

/** Foregrounds of a tenth of the picture's area each, side by side. */
const foregrounds = ({ width, height }: Size, count: number): LayerForeground[] =>
  Array.from({ length: count }, (_, index) => {
    const box = { x: (0.2 + 0.3 * index) * width, y: 0.35 * height, width: 0.2 * width, height: 0.5 * height }
    return held(even({ width: Math.round(box.width), height: Math.round(box.height) }, 90 + 40 * index), {
      box,
      stretch: true,
      rotationDegrees: 0,
      flipX: false,
    })
  })

export async function benchLayers({ log }: BenchOptions): Promise<void> {
  for (const count of [1, 2]) {
    const since = performance.now()
    await renderLayers(even(FULL, 170), foregrounds(FULL, count), sceneAt(110), GROUND_ONLY)
    log(`cpu, 12 MP, ${count} foregrounds: ${((performance.now() - since) / 1000).toFixed(2)} s`)
  }
  for (const count of [1, 2]) {
    const ground = new Ground(PROXY, foregrounds(PROXY, count), sceneAt(0).camera, DRAFT_QUALITY)
    const frames = Array.from({ length: FRAMES }, (_, frame) => {
      const since = performance.now()
      ground.layers(sceneAt(110 + 5 * frame), GROUND_ONLY)
      return performance.now() - since
    })
    log(`cpu, light drag on the proxy, ${count} foregrounds: ${median(frames).toFixed(0)} ms a frame`)
  }
}
