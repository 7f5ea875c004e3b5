import { describe, expect, it } from 'vitest'

import { bicubicGrid } from '@/nets/encoders/positions'

/** A table [grid * grid, 2] of a function of the cells' middles, 0..1. */
const table = (grid: number, f: (y: number, x: number) => [number, number]): Float32Array =>
  Float32Array.from({ length: grid * grid }, (_, i) => i).reduce(
    (out, i) => {
      out.set(f((Math.floor(i / grid) + 0.5) / grid, ((i % grid) + 0.5) / grid), 2 * i)
      return out
    },
    new Float32Array(2 * grid * grid),
  )

describe('positions on another grid', () => {
  it('are the same on the same grid, in memory of their own', () => {
    const own = table(3, (y, x) => [y, x])
    const same = bicubicGrid(own, { grid: 3, width: 2 }, [3, 3])
    expect(same).toEqual(own)
    expect(same.buffer).not.toBe(own.buffer)
  })

  it('keep what is constant; rows and columns are two axes', () => {
    const out = bicubicGrid(
      table(8, (y, x) => [1, y * y - x]),
      { grid: 8, width: 2 },
      [4, 16],
    )
    const turned = bicubicGrid(
      table(8, (y, x) => [1, x * x - y]),
      { grid: 8, width: 2 },
      [16, 4],
    )
    for (let row = 0; row < 4; row++)
      for (let column = 0; column < 16; column++) {
        const at = 2 * (row * 16 + column)
        expect(out[at]).toBeCloseTo(1, 6)
        expect(out[at + 1]).toBeCloseTo(turned[2 * (column * 4 + row) + 1], 5)
      }
  })

  it('are PyTorch’s numbers: the cubic of -0.75 between four cells, the border repeated', () => {
    const four = Float32Array.of(0, 1, 4, 9, 0, 1, 4, 9, 0, 1, 4, 9, 0, 1, 4, 9)
    // torch.nn.functional.interpolate(four.view(1, 1, 4, 4), size=(1, 3), mode="bicubic")
    const [left, middle, right] = bicubicGrid(four, { grid: 4, width: 1 }, [1, 3])
    expect(left).toBeCloseTo(0.091435, 5)
    expect(middle).toBeCloseTo(2.125, 5)
    expect(right).toBeCloseTo(8.334492, 5)
  })
})
