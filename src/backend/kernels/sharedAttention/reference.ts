/**
 * The definition of shared attention in f64 on plain arrays; serves tests only.
 * Sources: DESIGN's attention contract (segments, key ranges, LSE), Dao et al. 2022 for the LSE's form.
 */
import { EMPTY_LSE, type KeyRange } from '@/backend/kernels/sharedAttention/types'

export interface AttentionInputs {
  batch: number
  heads: number
  headDim: number
  scale: number
  /** [batch, queryTokens, heads, headDim] */
  q: ArrayLike<number>
  queryTokens: number
  /** k, v: [batch, tokens, heads, headDim]; mask: [batch, tokens], 1 = visible. */
  sources: readonly { k: ArrayLike<number>; v: ArrayLike<number>; tokens: number; mask?: ArrayLike<number> }[]
}

export interface AttentionRows {
  /** [batch, length, heads, headDim] */
  out: Float64Array
  /** [batch, heads, length] */
  lse: Float64Array
}

/** Rows `start` to `start + length` of the queries against the given key ranges. */
export function sharedAttentionReference(
  inputs: AttentionInputs,
  start: number,
  length: number,
  keys: readonly KeyRange[],
): AttentionRows {
  const { batch, heads, headDim, scale, q, queryTokens, sources } = inputs
  const out = new Float64Array(batch * length * heads * headDim)
  const lse = new Float64Array(batch * heads * length).fill(EMPTY_LSE)
  for (let item = 0; item < batch; item++)
    for (let head = 0; head < heads; head++)
      for (let row = 0; row < length; row++) {
        const query = ((item * queryTokens + start + row) * heads + head) * headDim
        const scores: number[] = []
        const rows: { v: ArrayLike<number>; at: number }[] = []
        for (const range of keys) {
          const { k, v, tokens, mask } = sources[range.source]
          for (let key = range.start; key < range.start + range.length; key++) {
            if (mask && mask[item * tokens + key] === 0) continue
            const at = ((item * tokens + key) * heads + head) * headDim
            let score = 0
            for (let c = 0; c < headDim; c++) score += q[query + c] * k[at + c]
            scores.push(score * scale)
            rows.push({ v, at })
          }
        }
        if (scores.length === 0) continue
        const max = scores.reduce((a, b) => Math.max(a, b))
        const total = scores.reduce((sum, score) => sum + Math.exp(score - max), 0)
        lse[(item * heads + head) * length + row] = max + Math.log(total)
        const to = ((item * length + row) * heads + head) * headDim
        scores.forEach((score, index) => {
          const weight = Math.exp(score - max) / total
          const { v, at } = rows[index]
          for (let c = 0; c < headDim; c++) out[to + c] += weight * v[at + c]
        })
      }
  return { out, lse }
}
