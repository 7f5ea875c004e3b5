import { describe, expect, it } from 'vitest'

import { bothOf, paintLine, withStroke } from '@/assets/brush'
import { blankMask, isEven } from '@/assets/mask'
import type { Mask } from '@/base/geometry'
import { snapStroke } from '@/assets/snapStroke'
import { paint } from '@/assets/testImages'

const SIZE = { width: 61, height: 47 }
const point = (x: number, y: number, radius: number) => ({ x, y, radius })

describe('a brush', () => {
  it('covers its core, nothing beyond its rim, and less and less between', () => {
    const stroke = blankMask(SIZE)
    paintLine(stroke, point(30.5, 20.5, 12), point(30.5, 20.5, 12), 0.5)
    const along = Array.from({ length: 16 }, (_, dx) => stroke.values[20 * SIZE.width + 30 + dx])
    expect(along.slice(0, 6)).toEqual(Array(6).fill(255))
    expect(along.slice(13)).toEqual([0, 0, 0])
    expect(along).toEqual(along.toSorted((a, b) => b - a))
    expect(new Set(along).size).toBeGreaterThan(5)
  })

  it('says which cells it has touched, cut off at the border, and touches no other', () => {
    const stroke = blankMask(SIZE)
    const touched = paintLine(stroke, point(-5, 10, 4), point(9.3, 44.7, 7), 1)
    expect(touched).not.toBeNull()
    const { x, y, width, height } = touched ?? { x: 0, y: 0, width: 0, height: 0 }
    const outside = stroke.values.filter((value, cell) => {
      const [column, row] = [cell % SIZE.width, Math.floor(cell / SIZE.width)]
      return value > 0 && (column < x || row < y || column >= x + width || row >= y + height)
    })
    expect(outside).toHaveLength(0)
    expect(stroke.values[44 * SIZE.width + 9]).toBe(255)
    expect(paintLine(stroke, point(-50, 3, 4), point(-40, 9, 4), 1)).toBeNull()
  })

  it('does not harden an edge that it goes over again', () => {
    const stroke = blankMask(SIZE)
    for (let time = 0; time < 3; time++) paintLine(stroke, point(10, 20, 8), point(50, 22, 8), 0)
    const once = blankMask(SIZE)
    paintLine(once, point(10, 20, 8), point(50, 22, 8), 0)
    expect(stroke).toEqual(once)
  })

  it('adds and takes away', () => {
    const stroke = blankMask(SIZE)
    paintLine(stroke, point(30, 20, 9), point(40, 20, 9), 0.3)
    const added = withStroke(blankMask(SIZE), stroke, false)
    expect(added).toEqual(stroke)
    const left = withStroke(blankMask(SIZE, 255), stroke, true)
    expect(left.values[20 * SIZE.width + 35]).toBe(0)
    expect(left.values[0]).toBe(255)
    // What is solid goes whole, what is half goes by half.
    expect(withStroke(added, blankMask(SIZE, 255), true).values.some((value) => value > 0)).toBe(false)
    expect(withStroke(blankMask(SIZE, 200), blankMask({ width: 5, height: 3 }, 51), true).values[7]).toBe(160)
  })
})

describe('a rough stroke', () => {
  /** A post in front of a wall, with the noise of a photo. */
  const isPost = (x: number) => x >= 60 && x < 84
  let state = 1
  const noise = () => {
    state = (state * 48271) % 2147483647
    return (state % 13) - 6
  }
  const photo = paint(160, 120, (x) => {
    const colour = isPost(x) ? [150, 90, 60] : [120, 140, 150]
    return [...colour.map((value) => value + noise()), 255] as [number, number, number, number]
  })
  const wrongCells = ({ values }: Mask) =>
    Array.from(values).filter((value, cell) => {
      const row = Math.floor(cell / 160)
      return row >= 30 && row < 90 && value > 127 !== isPost(cell % 160)
    }).length

  it('goes together with another as if they had come one after the other', () => {
    const mask = (...values: number[]): Mask => ({ width: 4, height: 1, values: Uint8Array.from(values) })
    expect([...bothOf(mask(0, 128, 255, 128), mask(40, 0, 7, 128)).values]).toEqual([40, 128, 255, 192])
  })

  it('snaps to the edges of what it was painted over', async () => {
    const stroke = blankMask({ width: 160, height: 120 })
    // Over the left edge by three, short of the right one by three.
    paintLine(stroke, point(69, 10, 12), point(69, 110, 12), 1)
    const snapped = await snapStroke(photo, stroke, () => Promise.resolve())
    expect(wrongCells(stroke)).toBeGreaterThan(300)
    expect(wrongCells(snapped)).toBeLessThan(wrongCells(stroke) / 5)
  })

  it('stays nothing where it is nothing', async () => {
    const nothing = blankMask({ width: 160, height: 120 })
    expect(isEven(await snapStroke(photo, nothing, () => Promise.resolve()), 0)).toBe(true)
  })
})
