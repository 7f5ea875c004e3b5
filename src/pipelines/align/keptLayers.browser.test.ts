import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import { seededNormals } from '@/backend/kernels/seeded'
import type { Backend } from '@/backend/types'
import { f16ToF32, f32ToF16 } from '@/base/half'
import type { AttentionSite } from '@/nets/unet/unetHooks'
import { KeptLayers, type KeptFormat } from '@/pipelines/align/keptLayers'

const runtimeUrl = new URL('/ort/', location.href).href

const site = (name: string, side: number, heads: number, headDim: number): AttentionSite => ({
  name,
  layer: 0,
  rows: side,
  columns: side,
  heads,
  headDim,
})

let backend: Backend
afterEach(() => backend.dispose())

describe.each(['cpu', 'webgpu'] as const)('what waits for the target on %s', (name) => {
  it.each<[KeptFormat, (values: Float32Array) => Float32Array]>([
    ['f32', (values) => values],
    ['f16', (values) => f16ToF32(f32ToF16(values))],
  ])(
    '%s: the target gets it as it was kept, whatever became of the tensors since',
    async (format, rounded) => {
      ;({ backend } = await createBackend(name, runtimeUrl))
      const kept = new KeptLayers(backend, format)
      // An odd width and an odd number of values among them.
      for (const where of [site('a', 3, 1, 7), site('b', 2, 4, 8)]) {
        const { rows, columns, heads, headDim } = where
        const dims = [1, rows * columns, heads, headDim]
        const count = rows * columns * heads * headDim
        const values = { k: seededNormals(1, count), v: seededNormals(2, count) }
        const [k, v] = [backend.upload(values.k, dims, 'k'), backend.upload(values.v, dims, 'v')]
        kept.keep(where, k, v)
        backend.write(k, new Float32Array(count))
        backend.write(v, new Float32Array(count))

        const [keptK, keptV] = kept.of(where)!
        const mask = backend.upload(Float32Array.of(1), [1, 1, 1], 'mask')
        backend.kvFusion({
          batch: 1,
          width: heads * headDim,
          grid: where,
          target: { k, v },
          reference: { k: keptK, v: keptV },
          mask,
        })
        expect(await backend.read(k)).toEqual(rounded(values.k))
        expect(await backend.read(v)).toEqual(rounded(values.v))
        backend.free(k, v, mask)
      }
      expect(kept.bytes).toBe((format === 'f16' ? 2 : 4) * 2 * (9 * 7 + 4 * 32))
      kept.clear()
      expect(kept.bytes).toBe(0)
      backend.trim()
      expect(backend.memory().residentBytes).toBe(0)
    },
  )
})

it('one step of Stable Diffusion 2.1 at 512 x 512 takes the 55.7 MB of specs: D-Fusion §6', async () => {
  ;({ backend } = await createBackend('cpu', runtimeUrl))
  const kept = new KeptLayers(backend, 'f16')
  const levels: [blocks: number, side: number, heads: number][] = [
    [1, 8, 20],
    [3, 16, 20],
    [3, 32, 10],
    [3, 64, 5],
  ]
  for (const [blocks, side, heads] of levels)
    for (let block = 0; block < blocks; block++) {
      const where = site(`${side}.${block}`, side, heads, 64)
      const k = backend.allocate('float32', [2, side * side, heads, 64], 'k')
      kept.keep(where, k, k)
      backend.free(k)
    }
  expect(kept.bytes).toBe(2 * 27_852_800)
  expect(backend.memory().residentBytes).toBe(kept.bytes)
  kept.clear()
})
