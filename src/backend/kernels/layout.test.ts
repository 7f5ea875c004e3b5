/** The uniform blocks that TypeScript packs, held against the structs of the shaders. */
import { describe, expect, test } from 'vitest'
import { WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js'
import attentionIo from '@shaders/attention_io.wgsl?raw'
import attentionLoad from '@shaders/attention_load.wgsl?raw'
import expandF16 from '@shaders/expand_f16.wgsl?raw'
import fixedTrig from '@shaders/fixed_trig.wgsl?raw'
import kvFusion from '@shaders/kv_fusion.wgsl?raw'
import halfBits from '@shaders/half_bits.wgsl?raw'
import packF16 from '@shaders/pack_f16.wgsl?raw'
import responseMap from '@shaders/response_map.wgsl?raw'
import rope from '@shaders/rope_affine.wgsl?raw'
import { expandFields } from '@/backend/kernels/expandF16/webgpu'
import { fusionFields } from '@/backend/kernels/kvFusion/webgpu'
import { halvesFields } from '@/backend/kernels/packF16/webgpu'
import { packFields, type Field } from '@/backend/kernels/params'
import { responseFields } from '@/backend/kernels/responseMap/webgpu'
import { ropeFields } from '@/backend/kernels/ropeAffine/webgpu'
import {
  ATTENTION_KERNELS,
  ATTENTION_STRATEGIES,
  attentionPlans,
  planDefines,
} from '@/backend/kernels/sharedAttention/strategies'
import { attentionFields } from '@/backend/kernels/sharedAttention/webgpu'
import type { Tensor } from '@/backend/tensor'
import type { Capabilities } from '@/backend/webgpu/capabilities'
import { preprocess, type Defines } from '@/backend/webgpu/preprocess'

const tensor = (...dims: number[]): Tensor => ({ dtype: 'float32', dims, label: 'test' })

/** Gives what any kernel wants. */
const DEVICE: Capabilities = {
  adapter: 'test',
  software: false,
  workgroupBytes: 65536,
  invocations: 1024,
  storageBuffers: 16,
  shaderF16: true,
  smallestSubgroup: 32,
  subgroupMatrix: { m: 8, n: 8, k: 8, lanes: 32 },
  faulty: [],
  preferred: {},
}

/** Offsets by member and size of `Params`. */
function paramsOf(code: string): { offsets: Record<string, number>; size: number } {
  const struct = new WgslReflect(code).structs.find(({ name }) => name === 'Params')
  if (!struct) throw new Error('the shader has no Params')
  return {
    offsets: Object.fromEntries(struct.members.map(({ name, offset }) => [name, offset])),
    size: struct.size,
  }
}

/** Byte offset of every field, by name. */
function fieldOffsets(fields: readonly Field[]): Record<string, number> {
  let words = 0
  return Object.fromEntries(
    fields.map(({ name, values }) => {
      const offset = 4 * words
      words += values.length
      return [name, offset]
    }),
  )
}

function expectSame(fields: Field[], code: string): void {
  const { offsets, size } = paramsOf(code)
  expect(fieldOffsets(fields)).toEqual(offsets)
  expect(packFields(fields).byteLength).toBe(size)
}

describe('uniform layouts', () => {
  // The parser does not know subgroup matrices; that strategy's parameters are the others'.
  test.each(ATTENTION_STRATEGIES.filter((name) => name !== 'subgroup-matrix'))(
    'attention, strategy %s',
    (strategy) => {
      const q = tensor(1, 2, 3, 4)
      const query = { start: 0, length: 2, keys: [], out: tensor(1, 2, 12), outStart: 0 }
      const args = {
        batch: 1,
        heads: 3,
        headDim: 4,
        scale: 1,
        q,
        sources: [{ k: q, v: q }],
        queries: [query],
      }
      const shape = { headDim: 4, half: false }
      const plan = attentionPlans(DEVICE, shape, 2).find((one) => one.strategy === strategy)!
      const defines: Defines = {
        HEAD_DIM: 4,
        D4: 1,
        SOURCES: 2,
        VEC4: true,
        MASK: true,
        WRITE_OUT: true,
        WRITE_LSE: true,
        ...planDefines(plan, shape, DEVICE),
      }
      const { wgsl, includes } = ATTENTION_KERNELS[strategy]
      // The parser knows no features.
      const code = preprocess(wgsl, defines, includes ?? {}).replaceAll(/^enable.*;$/gm, '')
      expectSame(attentionFields(args, query, [0], [{ source: 0, start: 0, length: 2 }]), code)
    },
  )

  test('response_map', () => {
    const q = tensor(1, 2, 3, 4)
    const queries = { start: 0, length: 2, lse: tensor(1, 3, 2), lseStart: 0, outStart: 0 }
    const keys = [{ source: 0, start: 0, length: 2 }]
    const args = {
      batch: 1,
      heads: 3,
      headDim: 4,
      scale: 1,
      q,
      sources: [{ k: q }],
      queries: [queries],
      groups: [keys],
      out: tensor(1, 1, 2),
    }
    const shape: Defines = { HEAD_DIM: 4, D4: 1, SOURCES: 2, VEC4: true, MASK: true, SLICED: true }
    const cut: Defines = { WORKGROUP: 32, LANES: 16, SLICES: 2, ROWS: 2, TILE: 8, KEYS: 4 }
    const includes = { 'attention_io.wgsl': attentionIo, 'attention_load.wgsl': attentionLoad }
    const code = preprocess(responseMap, { ...shape, ...cut }, includes)
    expectSame(responseFields(args, queries, [{ index: 0, ranges: keys }], [0]), code)
  })

  test('kv_fusion', () => {
    const kv = { k: tensor(1, 4, 8), v: tensor(1, 4, 8) }
    const grid = { rows: 2, columns: 2 }
    const args = { batch: 1, width: 8, grid, target: kv, reference: kv, mask: tensor(1, 2, 2) }
    const defines: Defines = { WORKGROUP: 64, HEAD_DIM: 8, D4: 2, VEC4: true, HALF_REFERENCE: true }
    const code = preprocess(kvFusion, defines, { 'attention_load.wgsl': attentionLoad })
    expectSame(fusionFields(args), code)
  })

  test('expand_f16', () => {
    const code = preprocess(expandF16, { WORKGROUP: 64, ALIGNED: true }, {})
    expectSame(expandFields({ from: 0, to: 0, count: 4 }, 4), code)
  })

  test('pack_f16', () => {
    expectSame(halvesFields(5), preprocess(packF16, { WORKGROUP: 64 }, { 'half_bits.wgsl': halfBits }))
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
      HALF: true,
      AFFINE: true,
      FADING: true,
      ROW_AXIS: 1,
      COLUMN_AXIS: 2,
    }
    const code = preprocess(rope, defines, { 'fixed_trig.wgsl': fixedTrig, 'half_bits.wgsl': halfBits })
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
