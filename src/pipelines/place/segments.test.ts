import { expect, it } from 'vitest'

import type { Raster } from '@/base/geometry'
import { straightEdges } from '@/pipelines/place/segments'

/** Bright where `isBright` says so, four samples a pixel. */
function picture(width: number, height: number, isBright: (x: number, y: number) => boolean): Raster {
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)]
    const corners = [0.25, 0.75].flatMap((dx) => [0.25, 0.75].map((dy) => isBright(x + dx, y + dy)))
    data.fill(40 + 40 * corners.filter(Boolean).length, at * 4, at * 4 + 3)
  }
  return { width, height, data }
}

it.each([
  { turned: 0, width: 200, height: 140 },
  { turned: 27, width: 201, height: 333 },
  { turned: -61, width: 256, height: 255 },
])('finds the one edge of a half plane turned by $turned degrees', ({ turned, width, height }) => {
  const [cos, sin] = [Math.cos((turned * Math.PI) / 180), Math.sin((turned * Math.PI) / 180)]
  // 10 px beside the middle.
  const off = (x: number, y: number) => (x - width / 2) * -sin + (y - height / 2) * cos - 10
  const edges = straightEdges(picture(width, height, (x, y) => off(x, y) > 0))
  expect(edges).toHaveLength(1)
  const [{ x, y, dx, dy, length }] = edges
  const longer = Math.max(width, height)
  expect(Math.abs(dx * sin - dy * cos)).toBeLessThan(0.005)
  expect(Math.abs(off(x * longer + width / 2, y * longer + height / 2))).toBeLessThan(0.3)
  expect(length * longer).toBeGreaterThan(0.9 * Math.min(width, height))
})

it('finds the four sides of a square, none in a disc, a plain or in noise', () => {
  const square = straightEdges(picture(300, 300, (x, y) => Math.abs(x - 150) < 60 && Math.abs(y - 150) < 60))
  expect(
    square.map(({ length }) => Math.round(length * 300)).every((length) => Math.abs(length - 120) < 4),
  ).toBe(true)
  expect(square).toHaveLength(4)
  expect(straightEdges(picture(300, 300, () => true))).toEqual([])
  const noise = picture(300, 300, (x, y) => (Math.sin(x * 12.9898 + y * 78.233) * 43758.5) % 1 > 0)
  const total = straightEdges(noise).reduce((sum, { length }) => sum + length, 0)
  expect(total).toBeLessThan(1.2)
  // Tangents of a circle, in all directions alike.
  const disc = straightEdges(picture(300, 300, (x, y) => Math.hypot(x - 150, y - 150) < 60))
  expect(Math.max(0, ...disc.map(({ length }) => length))).toBeLessThan(0.25)
})
