/** Runs one case on a backend and holds it against the definition; shared by the backends' tests. */
import { buildAttention, type AttentionCase } from '@/backend/kernels/sharedAttention/cases'
import { sharedAttentionReference } from '@/backend/kernels/sharedAttention/reference'
import type { SharedAttentionArgs } from '@/backend/kernels/sharedAttention/types'
import type { HostArray, Tensor } from '@/backend/tensor'

/** What the outputs hold before; rows of no segment must keep it. */
const UNTOUCHED = 77

export interface AttentionErrors {
  out: number
  lse: number
}

/** A case as a kernel's arguments, with the outputs to read back and the judge of what was read. */
export function prepareAttention(
  test: AttentionCase,
  seed: number,
  tensor: (values: HostArray, dims: readonly number[], label: string) => Tensor,
): {
  args: SharedAttentionArgs
  out: Tensor
  lse: Tensor
  /** Largest errors, relative where values are large (EMPTY_LSE), untouched rows included. */
  errors(out: Float32Array, lse: Float32Array): AttentionErrors
} {
  const { batch, heads, headDim, queryTokens, outTokens = queryTokens } = test
  const width = heads * headDim
  const data = buildAttention(test, seed)
  const untouched = (count: number) => new Float32Array(count).fill(UNTOUCHED)
  const out = tensor(untouched(batch * outTokens * width), [batch, outTokens, width], 'out')
  const lse = tensor(untouched(batch * heads * outTokens), [batch, heads, outTokens], 'lse')
  const args: SharedAttentionArgs = {
    batch,
    heads,
    headDim,
    scale: data.scale,
    q: tensor(data.q, [batch, queryTokens, heads, headDim], 'q'),
    sources: data.sources.map(({ tokens, k, v, half }) => ({
      k: tensor(half?.k ?? k, [batch, tokens, heads, headDim], 'k'),
      v: tensor(half?.v ?? v, [batch, tokens, heads, headDim], 'v'),
    })),
    ...(test.mask
      ? { keyMask: data.sources.map(({ tokens, mask }) => tensor(mask!, [batch, tokens], 'mask')) }
      : {}),
    queries: test.queries.map(({ lse: wanted, ...query }) => ({ ...query, out, ...(wanted ? { lse } : {}) })),
  }

  const expectedOut = new Float64Array(batch * outTokens * width).fill(UNTOUCHED)
  const expectedLse = new Float64Array(batch * heads * outTokens).fill(UNTOUCHED)
  for (const { start, length, outStart, keys, lse: wanted } of test.queries) {
    const inputs = { batch, heads, headDim, queryTokens, ...data }
    const rows = sharedAttentionReference(inputs, start, length, keys)
    for (let item = 0; item < batch; item++) {
      const from = item * length * width
      expectedOut.set(rows.out.subarray(from, from + length * width), (item * outTokens + outStart) * width)
      for (let head = 0; wanted && head < heads; head++) {
        const row = item * heads + head
        expectedLse.set(rows.lse.subarray(row * length, (row + 1) * length), row * outTokens + outStart)
      }
    }
  }
  const errors = (outValues: Float32Array, lseValues: Float32Array) => ({
    out: maxError(outValues, expectedOut),
    lse: maxError(lseValues, expectedLse),
  })
  return { args, out, lse, errors }
}

function maxError(values: Float32Array, expected: Float64Array): number {
  let worst = 0
  expected.forEach((value, at) => {
    const error = Math.abs(values[at] - value) / Math.max(1, Math.abs(value))
    worst = error <= worst ? worst : error // NaN wins
  })
  return worst
}
