import { describe, expect, it } from 'vitest'

import { dequantise, quantise, quantiseInto } from '@/weights/formats/quantise'

describe.each([8, 4] as const)('%i-bit blocks', (bits) => {
  it.each([
    [3, 32],
    [5, 48],
    [2, 16],
    [4, 100],
  ])('stand for [%i, %i] weights within half a level', (rows, cols) => {
    const weight = Float32Array.from(
      { length: rows * cols },
      (_, i) => Math.sin(1.7 * i + bits) * (1 + (i % 7)),
    )
    const quantised = quantise(weight, rows, cols, bits)
    const back = dequantise(quantised, rows, cols, bits)
    const blocks = Math.ceil(cols / 32)
    back.forEach((value, i) => {
      const scale = quantised.scales[Math.floor(i / cols) * blocks + Math.floor((i % cols) / 32)]
      expect(Math.abs(value - weight[i])).toBeLessThanOrEqual(scale / 2 + 1e-6)
    })
    expect(back).not.toEqual(weight)
  })

  it('keeps a block of zeros zero', () => {
    const quantised = quantise(new Float32Array(64), 2, 32, bits)
    expect(dequantise(quantised, 2, 32, bits).every((value) => value === 0)).toBe(true)
  })
})

it.each([8, 4] as const)(
  'reaches the outermost levels and says when a number is not finite, %i bits',
  (bits) => {
    const weight = Float32Array.from(
      { length: 96 },
      (_, i) => (i % 2 ? 1 : -1) * (i < 32 ? 3e38 : i < 64 ? 1e-35 : 1e-44),
    )
    const packed = new Uint8Array((96 * bits) / 8)
    const scales = new Float32Array(3)
    expect(quantiseInto(weight, 1, 96, bits, packed, scales)).toBe(true)
    const back = dequantise({ packed, scales }, 1, 96, bits)
    expect(Math.abs(back[1] / 3e38 - 1)).toBeLessThan(1e-6)
    expect(Math.abs(back[32] / -1e-35 - 1)).toBeLessThan(1e-6)
    expect(back[64]).toBe(0)
    for (const odd of [NaN, Infinity, -Infinity]) {
      weight[40] = odd
      expect(quantiseInto(weight, 1, 96, bits, packed, scales)).toBe(false)
    }
  },
)

it('puts the first of two 4-bit values into the low nibble', () => {
  const { packed } = quantise(Float32Array.of(7, -7, ...new Array<number>(30).fill(0)), 1, 32, 4)
  expect(packed[0]).toBe((1 << 4) | 15)
})
