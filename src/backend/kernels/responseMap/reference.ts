/**
 * The definition of the response map in f64 on plain arrays; serves tests only.
 * Sources: specs: DreamO §8 (probability form), D-Fusion §4.
 */
import { EMPTY_LSE, type KeyRange } from '@/backend/kernels/sharedAttention/types'
import type { AttentionInputs } from '@/backend/kernels/sharedAttention/reference'

/**
 * Rows `start` to `start + length` of the queries against each group.
 * @param lse [batch, heads, length] of these rows.
 * @returns [batch, groups, length]
 */
export function responseMapReference(
  inputs: AttentionInputs,
  start: number,
  length: number,
  lse: ArrayLike<number>,
  groups: readonly (readonly KeyRange[])[],
): Float64Array {
  const { batch, heads, headDim, scale, q, queryTokens, sources } = inputs
  const out = new Float64Array(batch * groups.length * length)
  for (let item = 0; item < batch; item++)
    for (const [group, keys] of groups.entries())
      for (let row = 0; row < length; row++)
        for (let head = 0; head < heads; head++) {
          const query = ((item * queryTokens + start + row) * heads + head) * headDim
          const total = lse[(item * heads + head) * length + row]
          if (total === EMPTY_LSE) continue
          for (const range of keys) {
            const { k, tokens, mask } = sources[range.source]
            for (let key = range.start; key < range.start + range.length; key++) {
              if (mask && mask[item * tokens + key] === 0) continue
              const at = ((item * tokens + key) * heads + head) * headDim
              let score = 0
              for (let c = 0; c < headDim; c++) score += q[query + c] * k[at + c]
              out[(item * groups.length + group) * length + row] += Math.exp(score * scale - total) / heads
            }
          }
        }
  return out
}
