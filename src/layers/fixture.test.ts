import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'

import { cameraOf } from '@/layers/camera'
import { castBits, hiddenShare, wordsFor } from '@/layers/cast'
import { discSlopes, domeSlopes } from '@/layers/light'
import { volumeOf } from '@/layers/volume'

const numbers = v.array(v.number())
const Fixture = v.object({
  rows: v.number(),
  columns: v.number(),
  cases: v.array(
    v.object({
      name: v.string(),
      horizon: v.number(),
      fov: v.number(),
      box: v.tuple([v.number(), v.number(), v.number(), v.number()]),
      azimuth: v.number(),
      elevation: v.number(),
      disc: v.nullable(v.number()),
      lift: v.number(),
      samples: v.number(),
      cells: v.number(),
      mask: numbers,
      front: numbers,
      back: numbers,
      share: numbers,
    }),
  ),
})
const file = new URL('./fixtures/shadows.json', import.meta.url)
const { rows, columns, cases } = v.parse(Fixture, JSON.parse(readFileSync(file, 'utf8')))

describe('shadows', () => {
  // training/layers/reference.py, which throws polygons of a body's surface and knows nothing of cells or bits.
  it.each(cases)('are those of the reference in NumPy: $name', (one) => {
    const camera = cameraOf(
      { horizon: one.horizon, tiltDegrees: 0, fovDegrees: one.fov },
      { width: columns, height: rows },
    )
    const [x, y, width, height] = one.box
    const map = (values: number[]) => Float32Array.from(values)
    const geometry = {
      size: one.cells,
      square: { x: 0, y: 0, side: 1 },
      front: map(one.front),
      back: map(one.back),
      contact: map([]),
    }
    const outline = { columns: one.cells, rows: one.cells, coverage: map(one.mask) }
    const volume = volumeOf(camera, outline, geometry, { x, y, width, height }, one.lift)
    const slopes =
      one.disc === null
        ? domeSlopes(one.samples)
        : discSlopes(
            { azimuthDegrees: one.azimuth, elevationDegrees: one.elevation, discDegrees: one.disc },
            one.samples,
          )
    const bits = new Uint32Array(wordsFor(one.samples) * rows * columns)
    castBits(camera, volume, slopes, { x: 0, y: 0, columns, rows, step: 1 }, bits)
    const ours = hiddenShare(bits, one.samples, rows * columns)
    const dark = one.share.reduce((sum, value) => sum + value / 255, 0)
    const off = one.share.reduce((sum, value, pixel) => sum + Math.abs(value / 255 - ours[pixel]), 0)
    expect(dark).toBeGreaterThan(5)
    expect(off / dark).toBeLessThan(0.02)
  })
})
