import { describe, expect, it } from 'vitest'

import { compositeOver, placeForeground, type PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import { clamp, type Raster } from '@/base/geometry'
import { blur } from '@/layers/blur'
import { detailLocked, LEAST_AGREEMENT, lockDetail } from '@/pipelines/place/detailLock'

const SIDE = 200
const AREA = SIDE * SIDE

/** Smooth waves with fine detail on them, opaque. */
function picture(key: number, fine: number): Raster {
  const raster = blankRaster(SIDE, SIDE)
  let state = key
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const grain = Float32Array.from({ length: AREA }, () => random() - 0.5)
  blur(grain, SIDE, SIDE, 0.8)
  const blocks = Float32Array.from({ length: AREA }, () => random() - 0.5)
  blur(blocks, SIDE, SIDE, 4)
  for (let i = 0; i < AREA; i++)
    for (let c = 0; c < 4; c++)
      raster.data[4 * i + c] = c === 3 ? 255 : 120 + 10 * c + 700 * blocks[i] + fine * grain[i]
  return raster
}

/** What a model may give back: the object moved, enlarged, softer, and in another light. */
function repainted(object: Raster, change: { dx: number; dy: number; scale: number; soft: number }): Raster {
  const out = picture(77, 0)
  const planes = [0, 1, 2].map((c) => Float32Array.from({ length: AREA }, (_, i) => object.data[4 * i + c]))
  for (const plane of planes) blur(plane, SIDE, SIDE, change.soft)
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const u = (x - 100 - change.dx) / change.scale + 100
      const v = (y - 100 - change.dy) / change.scale + 100
      if (u < 50 || v < 40 || u > 150 || v > 160) continue
      const [left, top] = [Math.floor(u), Math.floor(v)]
      for (let c = 0; c < 3; c++) {
        const at = (i: number, j: number) => planes[c][(top + j) * SIDE + left + i]
        const upper = at(0, 0) * (1 - u + left) + at(1, 0) * (u - left)
        const lower = at(0, 1) * (1 - u + left) + at(1, 1) * (u - left)
        // Warmer, and darker to the right.
        const light = [0.9, 0.75, 0.6][c] * (1.1 - x / 500)
        out.data[4 * (y * SIDE + x) + c] = light * (upper * (1 - v + top) + lower * (v - top))
      }
    }
  return out
}

const object = picture(5, 160)
const placedAt = (raster: Raster): PlacedRaster => {
  const cut = blankRaster(SIDE, SIDE)
  for (let y = 40; y < 160; y++)
    cut.data.set(raster.data.subarray(4 * (y * SIDE + 50), 4 * (y * SIDE + 150)), 4 * (y * SIDE + 50))
  const box = { x: 50, y: 40, width: 100, height: 120 }
  return placeForeground(cut, { box, stretch: false, rotationDegrees: 0, flipX: false }, cut)
}

/** Root of the mean squared difference inside the object. */
function difference(a: Raster, b: Raster): number {
  let sum = 0
  for (let y = 60; y < 140; y++)
    for (let x = 70; x < 130; x++)
      for (let c = 0; c < 3; c++)
        sum += (a.data[4 * (y * SIDE + x) + c] - b.data[4 * (y * SIDE + x) + c]) ** 2
  return Math.sqrt(sum / (80 * 60 * 3))
}

describe('the detail lock', () => {
  it.each([
    { dx: 0, dy: 0, scale: 1 },
    { dx: 5.3, dy: -4.6, scale: 1 },
    { dx: -3, dy: 6, scale: 1.05 },
  ])('finds where the object went and gives its detail back under the new light (%o)', (change) => {
    const soft = repainted(object, { ...change, soft: 1.6 })
    const sharp = repainted(object, { ...change, soft: 0 })
    const { image, registration, locked } = lockDetail(placedAt(object), soft, 1)
    expect(locked).toBe(true)
    expect(registration.dx).toBeCloseTo(change.dx, 0)
    expect(registration.dy).toBeCloseTo(change.dy, 0)
    expect(registration.scale).toBeCloseTo(change.scale, 1)
    expect(difference(image, sharp)).toBeLessThan(0.5 * difference(soft, sharp))
    const half = lockDetail(placedAt(object), soft, 0.5).image
    expect(difference(half, sharp)).toBeGreaterThan(difference(image, sharp))
    expect(difference(half, sharp)).toBeLessThan(0.8 * difference(soft, sharp))
  })

  it('touches nothing beside the object, and nothing at all at 0', () => {
    const soft = repainted(object, { dx: 0, dy: 0, scale: 1, soft: 1.6 })
    const { image } = lockDetail(placedAt(object), soft, 1)
    for (const [x, y] of [
      [20, 20],
      [100, 30],
      [170, 100],
    ])
      expect(image.data[4 * (y * SIDE + x)]).toBe(soft.data[4 * (y * SIDE + x)])
    expect(detailLocked(placedAt(object), soft, 0, { name: 'cup', notes: [] })).toBe(soft)
  })

  it('does nothing, and says so, where the model made something else', () => {
    for (const key of [6, 7]) {
      const other = compositeOver(picture(1, 0), placedAt(picture(key, 160)))
      const { image, registration, locked } = lockDetail(placedAt(object), other, 1)
      expect(registration.agreement).toBeLessThan(LEAST_AGREEMENT)
      expect(locked).toBe(false)
      expect(image).toBe(other)
      const notes: string[] = []
      expect(detailLocked(placedAt(object), other, 1, { name: 'cup', notes })).toBe(other)
      expect(notes).toEqual([expect.stringContaining('“cup”')])
    }
  })

  it('leaves places alone where the model shows something else', () => {
    const soft = repainted(object, { dx: 0, dy: 0, scale: 1, soft: 1 })
    const strange = picture(9, 160)
    for (let y = 86; y < 118; y++)
      for (let x = 84; x < 116; x++)
        for (let c = 0; c < 3; c++)
          soft.data[4 * (y * SIDE + x) + c] = clamp(strange.data[4 * (y * SIDE + x) + c], 0, 255)
    const { image, locked } = lockDetail(placedAt(object), soft, 1)
    expect(locked).toBe(true)
    let most = 0
    for (let y = 99; y < 105; y++)
      for (let x = 97; x < 103; x++) {
        const at = 4 * (y * SIDE + x)
        most = Math.max(most, Math.abs(image.data[at] - soft.data[at]))
      }
    expect(most).toBeLessThan(12)
  })
})
