import { describe, expect, it } from 'vitest'

import { InlayError, type Problem } from '@/base/errors'
import { joinedBytes, memoryBytes } from '@/weights/formats/bytes'
import { openCheckpoint } from '@/weights/formats/checkpoint'
import { readRows, readTensor } from '@/weights/formats/tensorEntry'
import { toFloat32, writeSafetensors, type TensorToWrite } from '@/weights/formats/safetensors'
import { fileOf, jsonFile, shardsOf } from '@/weights/testModels'

const source = (name: string, tensors: Record<string, TensorToWrite>) =>
  memoryBytes(writeSafetensors(tensors), name)

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

const TENSORS = {
  a: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  b: { shape: [2], data: Float32Array.of(7, 8) },
  c: { shape: [1], data: Float32Array.of(9) },
}

describe('checkpoints', () => {
  const shards = () =>
    Object.entries(shardsOf(TENSORS, 2, 'model', 'F32')).map(([name, b]) => memoryBytes(b, name))

  it('join shards, and read no more than asked for', async () => {
    const reads: number[] = []
    const watched = shards().map((file) => ({
      ...file,
      read: (begin: number, end: number) => {
        reads.push(end - begin)
        return file.read(begin, end)
      },
    }))
    const checkpoint = await openCheckpoint(watched)
    expect([...checkpoint.entries.keys()].sort()).toEqual(['a', 'b', 'c'])
    reads.length = 0
    expect(await readRows(checkpoint.entries.get('a')!, 1, 1)).toEqual(Float32Array.of(4, 5, 6))
    expect(reads).toEqual([12])
  })

  it('name a shard that is missing', async () => {
    const [first, second, index] = shards()
    for (const files of [[first, index], [first]]) {
      const problem = await problemOf(openCheckpoint(files))
      expect([problem.code, problem.message]).toEqual([
        'bad-weights',
        'The file "model-00002-of-00002.safetensors" is missing.',
      ])
    }
    const cut = memoryBytes((await second.read(0, second.size)).slice(0, -4), second.name)
    expect((await problemOf(openCheckpoint([first, cut, index]))).message).toContain(second.name)
  })

  it('name a tensor that is there twice, or only in the index', async () => {
    const twice = openCheckpoint([
      source('x.safetensors', TENSORS),
      source('y.safetensors', { b: TENSORS.b }),
    ])
    expect((await problemOf(twice)).detail).toBe('x.safetensors, y.safetensors')
    const index = jsonFile({ weight_map: { a: 'x.safetensors', gone: 'x.safetensors' } })
    const lacking = openCheckpoint([source('x.safetensors', TENSORS), memoryBytes(index, 'x.index.json')])
    expect((await problemOf(lacking)).message).toContain('"gone"')
  })

  it('refuse JSON that is broken or nested without end', async () => {
    for (const text of ['{', '['.repeat(1e6)]) {
      const file = memoryBytes(new TextEncoder().encode(text), 'config.json')
      expect((await problemOf(openCheckpoint([file]))).message).toContain('config.json')
    }
  })

  it('multiply fp8 weights by their scale, for the tensor or per row', async () => {
    // 0x38 is 1, 0x40 is 2 in E4M3.
    const fp8 = { shape: [2, 2], dtype: 'F8_E4M3' as const, data: Uint8Array.of(0x38, 0x40, 0x40, 0xb8) }
    const checkpoint = await openCheckpoint([
      source('x.safetensors', {
        'one.weight': fp8,
        'one.scale_weight': { shape: [], data: Float32Array.of(0.5) },
        'one.scale_input': { shape: [], data: Float32Array.of(3) },
        'rows.weight': fp8,
        'rows.scale_weight': { shape: [2, 1], data: Float32Array.of(10, 100) },
        'plain.weight': fp8,
        scaled_fp8: { shape: [0], data: new Uint8Array(0), dtype: 'F8_E4M3' },
      }),
    ])
    expect([...checkpoint.entries.keys()].sort()).toEqual(['one.weight', 'plain.weight', 'rows.weight'])
    const read = async (name: string) => [...toFloat32(await readTensor(checkpoint.entries.get(name)!))]
    expect(await read('one.weight')).toEqual([0.5, 1, 1, -0.5])
    expect(await read('rows.weight')).toEqual([10, 20, 200, -100])
    expect(await read('plain.weight')).toEqual([1, 2, 2, -1])
    expect([...(await readRows(checkpoint.entries.get('rows.weight')!, 1, 1))]).toEqual([200, -100])
  })

  it('refuse a scale that fits nothing', async () => {
    const file = source('x.safetensors', {
      'w.weight': { shape: [2, 2], dtype: 'F8_E4M3', data: new Uint8Array(4) },
      'w.scale_weight': { shape: [3], data: new Float32Array(3) },
    })
    expect((await problemOf(openCheckpoint([file]))).detail).toBe('expected [1] or [2], found [3]')
  })

  it('read across the seams of joined sources', async () => {
    const bytes = fileOf(TENSORS, 'F32')
    const cuts = [0, 3, 4, 90, bytes.length]
    const parts = cuts.slice(1).map((end, i) => memoryBytes(bytes.slice(cuts[i], end), 'part'))
    const joined = joinedBytes(parts, 'x.safetensors')
    expect(await joined.read(2, 92)).toEqual(bytes.slice(2, 92))
    const checkpoint = await openCheckpoint([joined])
    expect(await readRows(checkpoint.entries.get('b')!, 0, 2)).toEqual(Float32Array.of(7, 8))
  })
})
