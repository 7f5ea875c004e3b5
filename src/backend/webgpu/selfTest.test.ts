import { describe, expect, test } from 'vitest'

import { ropeAffineReference } from '@/backend/kernels/ropeAffine/reference'
import { sharedAttentionReference } from '@/backend/kernels/sharedAttention/reference'
import {
  attentionNumbers,
  graphNumbers,
  KNOWN_ATTENTION,
  KNOWN_GRAPH,
  KNOWN_OUTPUTS,
  KNOWN_PRODUCTS,
  KNOWN_ROPE,
  KNOWN_ROTATED,
  ropeNumbers,
} from '@/backend/webgpu/known'

/** Those that are stored are those of the definition, and say something. */
function expectKnown(known: readonly (readonly [number, number])[], values: ArrayLike<number>): void {
  for (const [at, value] of known) expect(value).toBeCloseTo(values[at], 6)
  expect(new Set(known.map(([, value]) => value)).size).toBe(known.length)
  expect(Math.min(...known.map(([, value]) => Math.abs(value)))).toBeGreaterThan(1e-3)
}

describe('what the self-test knows is what the definitions give', () => {
  test('attention, in every tile and head', () => {
    const { heads, headDim, queries, keys } = KNOWN_ATTENTION
    const { q, k, v, scale } = attentionNumbers()
    const sources = [{ tokens: keys, k, v }]
    const inputs = { batch: 1, heads, headDim, scale, queryTokens: queries, q, sources }
    const { out } = sharedAttentionReference(inputs, 0, queries, [{ source: 0, start: 0, length: keys }])
    expectKnown(KNOWN_OUTPUTS, out)
    expect(KNOWN_OUTPUTS).toHaveLength(20)
    // The last tile of queries begins at 64, and the last query is among them.
    expect(KNOWN_OUTPUTS.filter(([at]) => at >= 64 * heads * headDim).length).toBeGreaterThan(5)
  })

  test('RoPE', () => {
    const { tokens, heads, headDim, axesDim, theta } = KNOWN_ROPE
    const inputs = { batch: 1, tokens, heads, headDim, axesDim, theta, ...ropeNumbers() }
    const segment = { start: 0, length: tokens, arenaStart: 0, affine: null }
    const rows = ropeAffineReference(inputs, segment)
    expectKnown(KNOWN_ROTATED.q, rows.q)
    expectKnown(KNOWN_ROTATED.k, rows.k)
    expect(KNOWN_ROTATED.q.length + KNOWN_ROTATED.k.length).toBe(10)
  })

  test('a graph', () => {
    expectKnown(KNOWN_PRODUCTS, graphInF64())
    expect(KNOWN_PRODUCTS).toHaveLength(8)
  })
})

function graphInF64(): Float64Array {
  const { tokens, width, middle, out } = KNOWN_GRAPH
  const { x, codes, scale, down } = graphNumbers()
  const y = new Float64Array(tokens * out)
  for (let token = 0; token < tokens; token++) {
    const row = Array.from(x.subarray(token * width, (token + 1) * width))
    const mean = row.reduce((sum, value) => sum + value, 0) / width
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width
    const normed = row.map((value) => (value - mean) / Math.sqrt(variance + 1e-6))
    const inner = Array.from({ length: middle }, (_, m) =>
      normed.reduce((sum, value, k) => sum + value * (codes[m * width + k] - 8) * scale, 0),
    ).map((value) => 0.5 * value * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3))))
    for (let o = 0; o < out; o++)
      y[token * out + o] = inner.reduce((sum, value, m) => sum + value * down[o * middle + m], 0)
  }
  return y
}
