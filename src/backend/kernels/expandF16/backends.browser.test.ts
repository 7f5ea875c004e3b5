import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBackend } from '@/backend/create'
import { halfReference } from '@/backend/kernels/expandF16/reference'
import { seededUniform } from '@/backend/kernels/seeded'
import type { Backend } from '@/backend/types'
import { InlayError } from '@/base/errors'

describe.each(['cpu', 'webgpu'] as const)('halves widened on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
  })
  afterAll(() => backend.dispose())

  /** Indices whose value is not the definition's; -0 and 0 differ, all NaN are alike. */
  const wrong = (values: Float32Array, bits: Uint16Array): number[] =>
    [...bits.keys()].filter((at) => !Object.is(values[at], halfReference(bits[at])))

  test.each([1, 3])('every half, %i at a time', async (rowLength) => {
    const bits = Uint16Array.from({ length: 65536 + rowLength - 1 }, (_, at) => at)
    const rows = Math.floor(bits.length / rowLength)
    const source = backend.upload(bits.subarray(0, rows * rowLength), [rows, rowLength], 'halves')
    const target = backend.allocate('float32', source.dims, 'floats')
    backend.expandF16(source, target)
    expect(wrong(await backend.read(target), bits.subarray(0, rows * rowLength))).toEqual([])
    backend.free(source, target)
  })

  test.each([
    // rows, width, from, to, count
    [5, 8, 1, 2, 3],
    [7, 5, 2, 0, 3],
    [7, 5, 1, 1, 1],
    [1, 1, 0, 0, 1],
    [2, 3, 1, 0, 0],
  ])('%i rows of %i: from %i to %i, %i rows', async (rows, width, from, to, count) => {
    const uniform = seededUniform(rows * width)
    const bits = Uint16Array.from({ length: rows * width }, () => Math.floor(uniform() * 0x7c00))
    const source = backend.upload(bits, [rows, width], 'halves')
    const target = backend.upload(new Float32Array(rows * width).fill(77), [rows, width], 'floats')
    backend.expandF16(source, target, { from, to, rows: count })
    const values = await backend.read(target)
    const expected = new Array<number>(rows * width).fill(77)
    for (let at = 0; at < count * width; at++)
      expected[to * width + at] = halfReference(bits[from * width + at])
    expect([...values.subarray(0, rows * width)]).toEqual(expected)
    backend.free(source, target)
  })

  test.each([
    ['rows behind the source', { from: 2, rows: 3 }],
    ['rows behind the target', { to: 3, rows: 2 }],
    ['a negative row', { from: -1 }],
  ])('refuses %s', (_, part) => {
    const source = backend.upload(new Uint16Array(12), [4, 3], 'halves')
    const target = backend.allocate('float32', [4, 3], 'floats')
    expect(() => backend.expandF16(source, target, part)).toThrow(InlayError)
    expect(() => backend.expandF16(target, target)).toThrow(/float16/)
    backend.free(source, target)
  })
})
