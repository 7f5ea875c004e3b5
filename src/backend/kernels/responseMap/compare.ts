/** Runs one case on a backend and holds it against the definition; shared by the backends' tests. */
import { partition, WHOLE_GROUPS, type ResponseCase } from '@/backend/kernels/responseMap/cases'
import { responseMapReference } from '@/backend/kernels/responseMap/reference'
import type { ResponseMapArgs } from '@/backend/kernels/responseMap/types'
import { buildAttention } from '@/backend/kernels/sharedAttention/cases'
import { sharedAttentionReference } from '@/backend/kernels/sharedAttention/reference'
import { EMPTY_LSE } from '@/backend/kernels/sharedAttention/types'
import type { HostArray, Tensor } from '@/backend/tensor'

/** What the output holds before; tokens of no query must keep it. */
const UNTOUCHED = 77

export interface ResponseErrors {
  /** Largest absolute error, untouched tokens included. */
  map: number
  /** How far the groups of a `whole` case are from adding up to 1, over rows that see a key; else 0. */
  sum: number
}

/** A case as a kernel's arguments, and the judge of the map that was read back. */
export function prepareResponse(
  test: ResponseCase,
  seed: number,
  tensor: (values: HostArray, dims: readonly number[], label: string) => Tensor,
): { args: ResponseMapArgs; errors(map: Float32Array): ResponseErrors } {
  const { batch, heads, headDim, queryTokens, outTokens = queryTokens, weight = 1, accumulate } = test
  const groups = test.groups === 'whole' ? partition(test.queries[0].keys, WHOLE_GROUPS) : test.groups
  const data = buildAttention(test, seed)
  const inputs = { batch, heads, headDim, queryTokens, ...data }
  const expected = new Float64Array(batch * groups.length * outTokens).fill(UNTOUCHED)
  const seen = new Set<number>()

  const queries = test.queries
    .filter(({ lse }) => lse)
    .map(({ start, length, outStart, keys }) => {
      // One row before and two behind, so that lseStart and the stride matter.
      const lseTokens = length + 3
      const lse = new Float32Array(batch * heads * lseTokens).fill(UNTOUCHED)
      const exact = sharedAttentionReference(inputs, start, length, keys).lse
      for (let line = 0; line < batch * heads; line++)
        lse.set(exact.subarray(line * length, (line + 1) * length), line * lseTokens + 1)
      const map = responseMapReference(inputs, start, length, exact, groups)
      for (let item = 0; item < batch; item++)
        for (let row = 0; row < length; row++) {
          if (exact[item * heads * length + row] !== EMPTY_LSE) seen.add(item * outTokens + outStart + row)
          for (let group = 0; group < groups.length; group++) {
            const at = (item * groups.length + group) * outTokens + outStart + row
            const value = weight * map[(item * groups.length + group) * length + row]
            expected[at] = accumulate ? UNTOUCHED + value : value
          }
        }
      return { start, length, lse: tensor(lse, [batch, heads, lseTokens], 'lse'), lseStart: 1, outStart }
    })

  const args: ResponseMapArgs = {
    batch,
    heads,
    headDim,
    scale: data.scale,
    q: tensor(data.q, [batch, queryTokens, heads, headDim], 'q'),
    sources: data.sources.map(({ tokens, k, half }) => ({
      k: tensor(half?.k ?? k, [batch, tokens, heads, headDim], 'k'),
    })),
    ...(test.mask
      ? { keyMask: data.sources.map(({ tokens, mask }) => tensor(mask!, [batch, tokens], 'mask')) }
      : {}),
    queries,
    groups,
    out: tensor(new Float32Array(expected.length).fill(UNTOUCHED), [batch, groups.length, outTokens], 'map'),
    weight,
    accumulate,
  }

  const errors = (map: Float32Array): ResponseErrors => {
    const worst = { map: 0, sum: 0 }
    const note = (key: keyof ResponseErrors, error: number): void => {
      if (!(error <= worst[key])) worst[key] = error // NaN wins
    }
    expected.forEach((value, at) => note('map', Math.abs(map[at] - value)))
    if (test.groups === 'whole')
      for (const place of seen) {
        const item = Math.floor(place / outTokens)
        let sum = 0
        for (let group = 0; group < groups.length; group++)
          sum += map[(item * groups.length + group) * outTokens + (place % outTokens)]
        note('sum', Math.abs(sum - 1))
      }
    return worst
  }
  return { args, errors }
}
