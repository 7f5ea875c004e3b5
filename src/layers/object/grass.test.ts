import { describe, expect, it } from 'vitest'

import type { PlacedRaster } from '@/assets/paste'
import { blankRaster } from '@/assets/raster'
import { noise as random } from '@/assets/testImages'
import type { Raster } from '@/base/geometry'
import { grassHeight, withGrass } from '@/layers/object/grass'
import { dressed } from '@/layers/object/look'
import type { CutoutGeometry } from '@/layers/volume'

const [WIDTH, HEIGHT] = [301, 223]

/** Blades of one pixel's width, twelve high, each of a brightness of its own, in a colour. */
function lawn(colour: readonly [number, number, number], contrast = 1): Raster {
  const uniform = random(7)
  const raster = blankRaster(WIDTH, HEIGHT)
  for (let x = 0; x < WIDTH; x++)
    for (let y = 0, left = 0, light = 1; y < HEIGHT; y++, left--) {
      if (left <= 0) [left, light] = [1 + Math.floor(12 * uniform()), 1 + contrast * (uniform() - 0.5)]
      raster.data.set([...colour.map((byte) => byte * light), 255], (y * WIDTH + x) * 4)
    }
  return raster
}
const GREEN = [70, 150, 50] as const

/** A red table of 101 x 80: a top over two legs, of which the left one alone touches the ground. */
function table(): PlacedRaster {
  const image = blankRaster(101, 80)
  for (let y = 0; y < 80; y++)
    for (let x = 0; x < 101; x++)
      if (y < 20 || x < 30 || x >= 71) image.data.set([200, 20, 20, 255], (y * 101 + x) * 4)
  const rect = { x: 90, y: 90, width: 101, height: 80 }
  return { rect, image, contentRect: rect }
}

function geometry(size = 32): CutoutGeometry {
  const cells = size * size
  const contact = Float32Array.from({ length: cells }, (_, cell) => {
    const [x, y] = [(cell % size) / size, Math.floor(cell / size) / size]
    return x < 0.35 && y > 0.7 && y < 0.85 ? 0.9 : 0
  })
  const maps = { front: new Float32Array(cells), back: new Float32Array(cells), contact }
  const square = { x: 0, y: 0, side: 1 }
  return { size, square, ...maps, normals: new Float32Array(3 * cells), sight: 0, focal: 2 }
}

/** Rows of the lowest `rows` in which a column has lost its red. */
function covered({ image }: PlacedRaster, columns: readonly [number, number]): number[] {
  const rows = new Set<number>()
  for (let y = 0; y < image.height; y++)
    for (let x = columns[0]; x < columns[1]; x++) {
      const at = (y * image.width + x) * 4
      if (image.data[at + 3] > 0 && image.data[at] < 180) rows.add(y)
    }
  return [...rows]
}

describe('grass', () => {
  const photo = lawn(GREEN)
  const height = grassHeight(table().contentRect, photo)

  it('is as high as the photo has it, never more than a fifth of the object', () => {
    expect(height).toBeGreaterThan(6)
    expect(height).toBeLessThanOrEqual(16)
  })

  it('stands before the foot that touches the ground and nowhere else', () => {
    const after = withGrass(table(), geometry(), photo, 1)
    const rows = covered(after, [0, 30])
    expect(Math.max(...rows)).toBe(79)
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(79 - height)
    expect(rows.length).toBeGreaterThan(3)
    expect(covered(after, [30, 101])).toEqual([])
    const alphas = (placed: PlacedRaster) => placed.image.data.filter((_, at) => at % 4 === 3)
    expect(alphas(after)).toEqual(alphas(table()))
  })

  it('is as high as it is asked to be', () => {
    const top = (amount: number) =>
      Math.min(...covered(withGrass(table(), geometry(), photo, amount), [0, 30]))
    expect(top(0.5)).toBeGreaterThan(top(1))
    const placed = table()
    expect(withGrass(placed, geometry(), photo, 0)).toBe(placed)
  })

  it.each([
    ['asphalt', lawn([120, 120, 118])],
    ['sand', lawn([190, 160, 110])],
    ['a green wall', lawn(GREEN, 0.03)],
  ])('is none on %s', (_, ground) => {
    const placed = table()
    expect(grassHeight(placed.contentRect, ground)).toBe(0)
    expect(withGrass(placed, geometry(), ground, 1)).toBe(placed)
  })

  it('is not before what hangs, nor before what no network has seen', () => {
    const placed = table()
    const amounts = { edge: 0, relight: 0, tone: 0, grain: 0, grass: 1 }
    const place = { photo, lights: [] }
    expect(dressed(placed, { geometry: geometry(), lift: 0.3 }, place, amounts, 0)).toBe(placed)
    expect(dressed(placed, { geometry: null, lift: 0 }, place, amounts, 0)).toBe(placed)
    expect(dressed(placed, { geometry: geometry(), lift: 0 }, place, amounts, 0)).not.toBe(placed)
  })

  it('takes objects that the picture’s border cuts', () => {
    const { image } = table()
    const rect = { x: 0, y: HEIGHT - 80, width: 101, height: 80 }
    const after = withGrass(
      { rect, image, contentRect: { ...rect, x: -3, height: 90 } },
      geometry(),
      photo,
      1,
    )
    expect(after.image.width).toBe(101)
  })
})
