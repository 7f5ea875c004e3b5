/** Shared cases of shared attention, for tests and benches. */
import { seededNormals, seededUniform } from '@/backend/kernels/seeded'
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import { f16ToF32, f32ToF16 } from '@/base/half'

export interface AttentionCase {
  name: string
  batch: number
  heads: number
  headDim: number
  /** Default 1/sqrt(headDim). */
  scale?: number
  queryTokens: number
  sources: readonly { tokens: number; half?: boolean }[]
  /** `random`: about a third hidden; `hidden`: also, the last batch item sees nothing. */
  mask?: 'random' | 'hidden'
  /** Rows of the outputs; default as many as queries. */
  outTokens?: number
  queries: readonly {
    start: number
    length: number
    outStart: number
    keys: readonly KeyRange[]
    lse?: boolean
  }[]
}

export interface AttentionData {
  scale: number
  /** [batch, queryTokens, heads, headDim] */
  q: Float32Array
  /** k, v: [batch, tokens, heads, headDim], already rounded where `half` holds the packed form. */
  sources: {
    tokens: number
    k: Float32Array
    v: Float32Array
    half: { k: Uint16Array; v: Uint16Array } | null
    mask?: Float32Array
  }[]
}

/** Unit-normal tensors of a case; the same for the same seed. */
export function buildAttention(test: AttentionCase, seed = 1): AttentionData {
  const { batch, heads, headDim } = test
  const normals = (tokens: number, salt: number): Float32Array =>
    seededNormals(seed * 1000 + salt, batch * tokens * heads * headDim)
  return {
    scale: test.scale ?? 1 / Math.sqrt(headDim),
    q: normals(test.queryTokens, 1),
    sources: test.sources.map(({ tokens, half }, index) => {
      const k = normals(tokens, 10 + index)
      const v = normals(tokens, 20 + index)
      const packed = half ? { k: f32ToF16(k), v: f32ToF16(v) } : null
      const uniform = seededUniform(seed * 1000 + 30 + index)
      const mask = Float32Array.from({ length: batch * tokens }, (_, at) =>
        uniform() < 0.3 || (test.mask === 'hidden' && at >= (batch - 1) * tokens) ? 0 : 1,
      )
      return {
        tokens,
        k: packed ? f16ToF32(packed.k) : k,
        v: packed ? f16ToF32(packed.v) : v,
        half: packed,
        ...(test.mask ? { mask } : {}),
      }
    }),
  }
}

/** Every query sees every key of one source. */
export function fullCase(
  name: string,
  shape: { batch?: number; heads: number; headDim: number; queries: number; keys: number; half?: boolean },
): AttentionCase {
  const { batch = 1, heads, headDim, queries, keys, half } = shape
  return {
    name,
    batch,
    heads,
    headDim,
    queryTokens: queries,
    sources: [{ tokens: keys, half }],
    queries: [
      { start: 0, length: queries, outStart: 0, keys: [{ source: 0, start: 0, length: keys }], lse: true },
    ],
  }
}

const HEAD_DIMS = [1, 4, 5, 6, 16, 18, 64, 72, 128]

/** [text, target, condition] with the visibility of a model whose conditions do not see the target. */
const SEGMENTED: AttentionCase = {
  name: 'segments, three outputs, keys of one source in two ranges',
  batch: 2,
  heads: 3,
  headDim: 16,
  queryTokens: 60,
  sources: [{ tokens: 60 }],
  queries: [
    { start: 0, length: 7, outStart: 0, keys: [{ source: 0, start: 0, length: 7 }] },
    { start: 7, length: 33, outStart: 7, keys: [{ source: 0, start: 0, length: 60 }], lse: true },
    {
      start: 40,
      length: 20,
      outStart: 40,
      keys: [
        { source: 0, start: 0, length: 7 },
        { source: 0, start: 40, length: 20 },
      ],
    },
  ],
}

const TWO_SOURCES: AttentionCase = {
  name: 'arena and cached keys, masked, LSE, output rows shifted',
  batch: 2,
  heads: 2,
  headDim: 32,
  queryTokens: 21,
  sources: [{ tokens: 21 }, { tokens: 45 }],
  mask: 'random',
  outTokens: 40,
  queries: [
    {
      start: 3,
      length: 17,
      outStart: 11,
      keys: [
        { source: 1, start: 5, length: 40 },
        { source: 0, start: 0, length: 21 },
      ],
      lse: true,
    },
  ],
}

export const ATTENTION_CASES: readonly AttentionCase[] = [
  ...HEAD_DIMS.map((headDim) =>
    fullCase(`head dim ${headDim}`, { heads: 2, headDim, queries: 37, keys: 53 }),
  ),
  fullCase('one query, one key', { heads: 1, headDim: 8, queries: 1, keys: 1 }),
  fullCase('three in a batch, many keys', { batch: 3, heads: 2, headDim: 8, queries: 5, keys: 301 }),
  fullCase('more queries than a workgroup', { heads: 1, headDim: 4, queries: 300, keys: 9 }),
  ...[2, 16, 18, 64].map((headDim) =>
    fullCase(`half precision, head dim ${headDim}`, {
      batch: 2,
      heads: 3,
      headDim,
      queries: 19,
      keys: 41,
      half: true,
    }),
  ),
  SEGMENTED,
  TWO_SOURCES,
  {
    ...TWO_SOURCES,
    name: 'cached keys in half precision',
    sources: [{ tokens: 21 }, { tokens: 45, half: true }],
  },
  { ...TWO_SOURCES, name: 'an item that sees nothing', mask: 'hidden' },
  {
    ...SEGMENTED,
    name: 'empty key ranges, an empty segment',
    queries: [
      { start: 0, length: 30, outStart: 0, keys: [], lse: true },
      { start: 30, length: 0, outStart: 30, keys: [{ source: 0, start: 0, length: 9 }] },
      { start: 30, length: 30, outStart: 30, keys: [{ source: 0, start: 9, length: 0 }], lse: true },
    ],
  },
  { ...fullCase('large scores', { heads: 2, headDim: 16, queries: 16, keys: 64 }), scale: 8 },
]
