import { expect, test } from 'vitest'

import { sharedAttentionReference } from '@/backend/kernels/sharedAttention/reference'
import { KNOWN_ATTENTION, KNOWN_OUTPUTS, knownNumbers } from '@/backend/webgpu/knownAttention'

test('the stored outputs are those of the definition, in every tile and head', () => {
  const { heads, headDim, queries, keys } = KNOWN_ATTENTION
  const { q, k, v, scale } = knownNumbers()
  const inputs = {
    batch: 1,
    heads,
    headDim,
    scale,
    queryTokens: queries,
    q,
    sources: [{ tokens: keys, k, v }],
  }
  const { out } = sharedAttentionReference(inputs, 0, queries, [{ source: 0, start: 0, length: keys }])
  for (const [at, value] of KNOWN_OUTPUTS) expect(value).toBeCloseTo(out[at], 6)
  const values = KNOWN_OUTPUTS.map(([, value]) => value)
  expect(new Set(values).size).toBe(20)
  expect(Math.min(...values.map(Math.abs))).toBeGreaterThan(1e-3)
  // The last tile of queries begins at 64, and the last query is among them.
  expect(KNOWN_OUTPUTS.filter(([at]) => at >= 64 * heads * headDim).length).toBeGreaterThan(5)
})
