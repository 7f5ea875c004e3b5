/** The uniform blocks that TypeScript packs, held against the structs of the shaders. */
import { describe, expect, test } from 'vitest'
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js'
import attentionIo from '@shaders/attention_io.wgsl?raw'
import attentionLoad from '@shaders/attention_load.wgsl?raw'
import fixedTrig from '@shaders/fixed_trig.wgsl?raw'
import rope from '@shaders/rope_affine.wgsl?raw'
import attention from '@shaders/shared_attention.wgsl?raw'
import { fieldOffsets, packFields, type Field } from '@/backend/kernels/params'
import { ropeFields } from '@/backend/kernels/ropeAffine/webgpu'
import { attentionFields } from '@/backend/kernels/sharedAttention/webgpu'
import type { Tensor } from '@/backend/types'
import { preprocess, type Defines } from '@/backend/webgpu/preprocess'

const tensor = (...dims: number[]): Tensor => ({ dtype: 'float32', dims, label: 'test' })

/** Offsets by member and size of `Params`. */
function paramsOf(code: string): { offsets: Record<string, number>; size: number } {
  const struct = new WgslReflect(code).structs.find(({ name }) => name === 'Params')
  if (!struct) throw new Error('the shader has no Params')
  return {
    offsets: Object.fromEntries(struct.members.map(({ name, offset }) => [name, offset])),
    size: struct.size,
  }
}

function expectSame(fields: Field[], code: string): void {
  const { offsets, size } = paramsOf(code)
  expect(fieldOffsets(fields)).toEqual(offsets)
  expect(packFields(fields).byteLength).toBe(size)
}

describe('uniform layouts', () => {
  test('shared_attention', () => {
    const q = tensor(1, 2, 3, 4)
    const query = { start: 0, length: 2, keys: [], out: tensor(1, 2, 12), outStart: 0 }
    const args = { batch: 1, heads: 3, headDim: 4, scale: 1, q, sources: [{ k: q, v: q }], queries: [query] }
    const defines: Defines = {
      HEAD_DIM: 4,
      D4: 1,
      SOURCES: 2,
      VEC4: true,
      MASK: true,
      WRITE_OUT: true,
      WRITE_LSE: true,
    }
    const cut: Defines = { WORKGROUP: 16, ROWS: 4, TILE: 16, KEYS: 4 }
    const code = preprocess(
      attention,
      { ...defines, ...cut },
      {
        'attention_io.wgsl': attentionIo,
        'attention_load.wgsl': attentionLoad,
      },
    )
    expectSame(attentionFields(args, query, [0], [{ source: 0, start: 0, length: 2 }]), code)
  })

  test('rope_affine', () => {
    const arena = tensor(1, 2, 3, 6)
    const args = {
      heads: 3,
      headDim: 6,
      axesDim: [2, 2, 2],
      theta: 10000,
      qkv: tensor(1, 2, 54),
      queryScale: tensor(6),
      keyScale: tensor(6),
      ids: tensor(2, 3),
      segments: [],
      arena: { q: arena, k: arena, v: arena },
    }
    const defines: Defines = {
      WORKGROUP: 64,
      HEADS: 3,
      HEAD_DIM: 6,
      PAIRS: 3,
      AXES: 3,
      LANES: 4,
      AFFINE: true,
      FADING: true,
    }
    const code = preprocess(rope, defines, { 'fixed_trig.wgsl': fixedTrig })
    expectSame(ropeFields(args, { start: 0, length: 2, arenaStart: 0, affine: null }), code)
  })
})

describe('packFields', () => {
  test('writes every type little-endian', () => {
    const view = new DataView(
      packFields([
        { name: 'a', type: 'u32', values: [4294967295] },
        { name: 'b', type: 'i32', values: [-2] },
        { name: 'c', type: 'f32', values: [0.5] },
      ]),
    )
    expect([view.getUint32(0, true), view.getInt32(4, true), view.getFloat32(8, true)]).toEqual([
      4294967295, -2, 0.5,
    ])
  })
})
