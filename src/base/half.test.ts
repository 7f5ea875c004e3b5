import { describe, expect, it } from 'vitest'

import { bf16ToF32, f16ToF32, f32ToBf16, f32ToF16 } from '@/base/half'

const every = Uint16Array.from({ length: 65536 }, (_, bits) => bits)
const isNan16 = (bits: number, exponent: number) =>
  (bits & exponent) === exponent && (bits & ~exponent & 0x7fff) !== 0

describe('half floats', () => {
  it('brings every f16 through f32 and back', () => {
    const back = f32ToF16(f16ToF32(every))
    every.forEach((bits) => {
      if (!isNan16(bits, 0x7c00)) expect(back[bits]).toBe(bits)
    })
  })

  it('rounds to nearest, ties to even', () => {
    const values = Float32Array.of(
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      1 + 2 ** -11 + 2 ** -20,
      65504,
      65520,
      2 ** -25,
      3 * 2 ** -26,
    )
    expect([...f32ToF16(values)]).toEqual([0x3c00, 0x3c02, 0x3c01, 0x7bff, 0x7c00, 0, 1])
  })

  it('brings every bf16 through f32 and back', () => {
    const back = f32ToBf16(bf16ToF32(every))
    every.forEach((bits) => {
      if (!isNan16(bits, 0x7f80)) expect(back[bits]).toBe(bits)
    })
  })
})
