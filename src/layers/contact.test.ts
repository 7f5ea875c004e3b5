import { expect, it } from 'vitest'

import { cameraOf } from '@/layers/camera'
import { castBits, hiddenShare, wordsFor } from '@/layers/cast'
import { readRow } from '@/layers/gridMap'
import { domeSlopes } from '@/layers/light'
import { hiddenLight } from '@/layers/shade'
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
  const amounts = { shadow: [], contact: 1, reflection: 0, edge: 0, relight: 0, tone: 0, grain: 0 }
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
  for (const { row, ours, truth } of besides([112, 114, 116]))
    expect(ours, `row ${row}: ${ours} for ${truth}`).toBeGreaterThan(0.9 * truth)
  for (const { row, ours, truth } of besides([118, 120, 123, 126, 130, 136]))
    expect(Math.abs(ours - truth), `row ${row}: ${ours} for ${truth}`).toBeLessThan(0.05)
})
