import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createBackend } from '@/backend/create'
import { halfReference } from '@/backend/kernels/expandF16/reference'
import { everyRounding, extremes } from '@/backend/kernels/packF16/cases'
import { packReference } from '@/backend/kernels/packF16/reference'
import type { Backend } from '@/backend/types'

describe.each(['cpu', 'webgpu'] as const)('halves packed on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    ;({ backend } = await createBackend(name, new URL('/ort/', location.href).href))
  })
  afterAll(() => backend.dispose())

  /** Packed, and widened again to be read. */
  async function packed(values: Float32Array): Promise<Float32Array> {
    const source = backend.upload(values, [values.length], 'floats')
    const halves = backend.allocate('float16', [values.length], 'halves')
    const target = backend.allocate('float32', [values.length], 'floats')
    backend.packF16(source, halves)
    backend.expandF16(halves, target)
    const result = await backend.read(target)
    backend.free(source, halves, target)
    return result
  }

  test.each([
    ['every half, every middle and their neighbours', everyRounding()],
    ['no numbers, large and small ones', extremes()],
    ['one value', Float32Array.of(0.1)],
    ['three values', Float32Array.of(0.1, -0.2, 0.3)],
  ])('%s', async (_, values) => {
    const found = await packed(values)
    expect(found.length).toBe(values.length)
    const wrong = [...values.keys()].filter(
      // -0 and 0 differ, all NaN are alike.
      (at) => !Object.is(found[at], halfReference(packReference(values[at]))),
    )
    expect(wrong.map((at) => [values[at], found[at]])).toEqual([])
  })

  test('refuses other types and other sizes', () => {
    const floats = backend.allocate('float32', [4], 'floats')
    const halves = backend.allocate('float16', [3], 'halves')
    expect(() => backend.packF16(floats, halves)).toThrow(/4 values/)
    expect(() => backend.packF16(halves, floats)).toThrow(/float16 to float32/)
    expect(() => backend.packF16(floats, floats)).toThrow(/float32 to float32/)
    backend.free(floats, halves)
  })
})
