import { expect, it } from 'vitest'

import { looksOf } from '@/assets/looks'
import { blankRaster } from '@/assets/raster'
import type { Raster } from '@/base/geometry'

type Pixel = readonly [red: number, green: number, blue: number, alpha: number]

function picture(width: number, height: number, colour: (x: number, y: number) => Pixel): Raster {
  const raster = blankRaster(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) raster.data.set(colour(x, y), 4 * (y * width + x))
  return raster
}

/** Between -1 and 1, without a pattern. */
const grain = (x: number, y: number): number => (Math.sin(x * 12.9898 + y * 78.233) * 43758.5453) % 1

it('lines on paper and flat colours are told from what has grain', () => {
  const lines = picture(500, 333, (x, y) =>
    x % 41 < 2 || y % 37 < 2 ? [10, 10, 10, 255] : [250, 250, 246, 255],
  )
  expect(looksOf(lines).flat).toBeGreaterThan(0.6)
  const photo = picture(500, 333, (x, y) => {
    const value = 90 + x / 5 + 8 * grain(x, y)
    return [value, value - 10, value - 20, 255]
  })
  expect(looksOf(photo).flat).toBeLessThan(0.05)
  // A third of burnt-out sky makes no drawing of it.
  const burnt = picture(500, 333, (x, y) =>
    y < 111 ? [255, 255, 255, 255] : [120 + 8 * grain(x, y), 90, 70, 255],
  )
  expect(looksOf(burnt).flat).toBeLessThan(0.45)
})

it('a night with a few lamps is dark, a dark thing before a wall is not', () => {
  const night = picture(400, 300, (x, y) =>
    Math.hypot(x - 200, y - 80) < 12 ? [255, 220, 160, 255] : [20, 22, 40, 255],
  )
  expect(looksOf(night).bright).toBeLessThan(60)
  const thing = picture(400, 300, (x) => (x < 320 ? [30, 25, 25, 255] : [180, 175, 170, 255]))
  expect(looksOf(thing).bright).toBeGreaterThan(150)
})

it('glass shines through inside; soft edges, hair and holes do not count', () => {
  const disc = (alphaAt: (distance: number) => number) =>
    looksOf(picture(300, 300, (x, y) => [90, 140, 150, Math.round(alphaAt(Math.hypot(x - 150, y - 150)))]))
      .glassy
  expect(disc((distance) => (distance < 120 ? 90 : 0))).toBeGreaterThan(0.8)
  expect(disc((distance) => (distance < 110 ? 255 : distance < 112 ? 130 : 0))).toBe(0)
  // A bottle of glass whose label is not.
  expect(disc((distance) => (distance < 60 ? 255 : distance < 120 ? 100 : 0))).toBeGreaterThan(0.5)
  expect(looksOf(picture(64, 64, (x) => [80, 60, 40, x % 4 < 2 ? 120 : 0])).glassy).toBeLessThan(0.2)
  expect(looksOf(blankRaster(10, 10))).toEqual({ flat: 0, bright: 255, glassy: 0 })
})
