import { describe, expect, it } from 'vitest'

import { f32ToBf16, f32ToF16 } from '@/base/half'
import { TYPE_BYTES, widenInto, type StoredType } from '@/weights/formats/widen'

/** Positive E4M3 codes 0x00 to 0x7e, as the format's definition lists them; 0x7f is NaN. */
const E4M3 = [
  [0, 0.001953125, 0.00390625, 0.005859375, 0.0078125, 0.009765625, 0.01171875, 0.013671875],
  [0.015625, 0.017578125, 0.01953125, 0.021484375, 0.0234375, 0.025390625, 0.02734375, 0.029296875],
  [0.03125, 0.03515625, 0.0390625, 0.04296875, 0.046875, 0.05078125, 0.0546875, 0.05859375],
  [0.0625, 0.0703125, 0.078125, 0.0859375, 0.09375, 0.1015625, 0.109375, 0.1171875],
  [0.125, 0.140625, 0.15625, 0.171875, 0.1875, 0.203125, 0.21875, 0.234375],
  [0.25, 0.28125, 0.3125, 0.34375, 0.375, 0.40625, 0.4375, 0.46875],
  [0.5, 0.5625, 0.625, 0.6875, 0.75, 0.8125, 0.875, 0.9375],
  [1, 1.125, 1.25, 1.375, 1.5, 1.625, 1.75, 1.875],
  [2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 3.75],
  [4, 4.5, 5, 5.5, 6, 6.5, 7, 7.5],
  [8, 9, 10, 11, 12, 13, 14, 15],
  [16, 18, 20, 22, 24, 26, 28, 30],
  [32, 36, 40, 44, 48, 52, 56, 60],
  [64, 72, 80, 88, 96, 104, 112, 120],
  [128, 144, 160, 176, 192, 208, 224, 240],
  [256, 288, 320, 352, 384, 416, 448, NaN],
].flat()

function widen(dtype: StoredType, bytes: Uint8Array<ArrayBuffer>): number[] {
  const out = new Float32Array(bytes.length / TYPE_BYTES[dtype])
  widenInto(dtype, bytes, out)
  return [...out]
}

const bytesOf = (array: ArrayBufferView): Uint8Array<ArrayBuffer> =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength)

describe('widening', () => {
  it('knows all 256 codes of fp8 e4m3', () => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code)
    expect(widen('F8_E4M3', codes)).toEqual([...E4M3, ...E4M3.map((value) => -value)])
  })

  it.each([
    ['F16', bytesOf(f32ToF16(Float32Array.of(0, -1.5, 65504, 2 ** -24)))],
    ['BF16', bytesOf(f32ToBf16(Float32Array.of(0, -1.5, 65536, 2 ** -24)))],
  ] as const)('reads %s', (dtype, bytes) => {
    expect(widen(dtype, bytes)).toEqual([0, -1.5, dtype === 'F16' ? 65504 : 65536, 2 ** -24])
  })

  it('reads numbers that are not aligned', () => {
    const shifted = new Uint8Array(9).subarray(1)
    shifted.set(bytesOf(Float32Array.of(1.25, -3)))
    expect(widen('F32', shifted as Uint8Array<ArrayBuffer>)).toEqual([1.25, -3])
  })

  it.each([
    ['I64', BigInt64Array.of(-7n, 8n), [-7, 8]],
    ['I16', Int16Array.of(-7, 8), [-7, 8]],
    ['BOOL', Uint8Array.of(1, 0), [1, 0]],
    ['F8_E5M2', Uint8Array.of(0x3c, 0xc0), [1, -2]],
  ] as const)('reads %s', (dtype, array, expected) => {
    expect(widen(dtype, bytesOf(array))).toEqual(expected)
  })
})
