import { expect, it } from 'vitest'

import { cameraOf } from '@/layers/camera'
import { castBits, hiddenShare, wordsFor } from '@/layers/cast'
import { readRow } from '@/layers/gridMap'
import { discSlopes, domeSlopes } from '@/layers/light'
import { hiddenLight, hiddenOfLight, PREVIEW_QUALITY } from '@/layers/shade'
import { blankRaster } from '@/assets/raster'
import type { Raster } from '@/base/geometry'
import { bodyOf, held } from '@/layers/bodies'
import { billboardGeometry } from '@/layers/testBodies'
import { volumeOf, type Outline } from '@/layers/volume'

const PICTURE = { width: 160, height: 140 }
const BOX = { x: 55, y: 20, width: 30, height: 90 }
const WHOLE: Outline = { columns: 16, rows: 48, coverage: new Float32Array(16 * 48).fill(1) }

it('contact beside the feet of something tall is what many more directions give, not washed out by its top', () => {
  const camera = cameraOf({ horizon: 0.2, tiltDegrees: 0, fovDegrees: 55 }, PICTURE)
  const volume = volumeOf(camera, WHOLE, billboardGeometry(0.15), BOX)
  const scene = {
    camera: { horizon: 0.2, tiltDegrees: 0, fovDegrees: 55 },
    lights: [],
    ground: { reflectance: 0, roughness: 0 },
  }
  const amounts = { shadow: [], contact: 1, reflection: 0, edge: 0, relight: 0, tone: 0, grain: 0, grass: 0 }
  const caster = { volume, near: volume, extent: BOX.height }
  const { dome } = hiddenLight(camera, PICTURE, [caster], scene, amounts)

  const many = domeSlopes(1024)
  const grid = { x: 0, y: 0, columns: PICTURE.width, rows: PICTURE.height, step: 1 }
  const area = grid.columns * grid.rows
  const bits = new Uint32Array(wordsFor(many.length) * area)
  castBits(camera, volume, many, grid, bits)
  const truth = hiddenShare(bits, many.length, area)

  const ours = new Float32Array(PICTURE.width)
  const besides = (rows: number[]) =>
    rows.map((row) => {
      readRow(dome!, 0, row, ours)
      const columns = Array.from({ length: 20 }, (_, i) => 60 + i)
      const sum = (map: Float32Array, at: number) => columns.reduce((total, x) => total + map[at + x], 0) / 20
      return { row, ours: sum(ours, 0), truth: sum(truth, row * grid.columns) }
    })
  for (const { row, ours, truth } of besides([111, 112, 114, 116, 118, 120, 123, 126, 130, 136]))
    expect(Math.abs(ours - truth), `row ${row}: ${ours} for ${truth}`).toBeLessThan(0.05)
})

/** A round cut-out of this width. */
function disc(width: number): Raster {
  const raster = blankRaster(width, width)
  for (let at = 0; at < width * width; at++)
    if (Math.hypot((at % width) - width / 2, Math.floor(at / width) - width / 2) < width / 2)
      raster.data[4 * at + 3] = 255
  return raster
}

it('the shadow of a light is whole: nothing shows where one height’s ends and another’s begins', () => {
  const picture = { width: 1024, height: 768 }
  const box = { x: 360, y: 300, width: 300, height: 300 }
  const camera = cameraOf({ horizon: 0.4, tiltDegrees: 0, fovDegrees: 55 }, picture)
  const placement = { box, stretch: false, rotationDegrees: 0, flipX: false }
  const { caster } = bodyOf(camera, held(disc(300), placement), picture, PREVIEW_QUALITY)
  const light = { azimuthDegrees: 145, elevationDegrees: 40, discDegrees: 8 }
  const map = hiddenOfLight(camera, picture, [caster], light, PREVIEW_QUALITY)
  if (!map) throw new Error('there is no shadow')
  const { grid, values } = map
  const { columns, rows } = grid
  const slopes = discSlopes(light, PREVIEW_QUALITY.discSamples)
  const bits = new Uint32Array(wordsFor(slopes.length) * values.length)
  castBits(camera, caster.volume, slopes, grid, bits)
  const share = hiddenShare(bits, slopes.length, values.length)
  const steps = [-12, -6, 0, 6, 12]
  let [looked, least] = [0, 1]
  for (let y = 12; y < rows - 12; y++)
    for (let x = 12; x < columns - 12; x++) {
      const inside = steps.every((dy) => steps.every((dx) => share[(y + dy) * columns + x + dx] === 1))
      if (!inside) continue
      looked++
      least = Math.min(least, values[y * columns + x])
    }
  expect(looked).toBeGreaterThan(1000)
  expect(least).toBeGreaterThan(0.95)
})
