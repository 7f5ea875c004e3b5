/**
 * Tokens of any number of objects as one (specs: vmdiff §5). Two are mixed as the authors do (`slerp.ts`); more, which is ours, by
 * the weighted mean on the sphere, which does not depend on their order.
 */
import { fail } from '@/base/errors'
import { slerp, type Mixed, type SlerpMode } from '@/pipelines/mix/slerp'

/** Rounds of the mean; each squares the error. */
const ROUNDS = 12
const STILL = 1e-9

/**
 * @param tokens per object [tokens, width] @param shares per object, together 1
 * @throws internal where sizes differ
 */
export function mixture(
  tokens: readonly Float32Array[],
  shares: readonly number[],
  width: number,
  mode: SlerpMode,
): Mixed {
  const [first, second] = tokens
  if (tokens.length === 2) return slerp(first, second, width, shares[1], mode)
  if (tokens.some(({ length }) => length !== first.length) || tokens.length !== shares.length)
    fail('internal', `mixture: ${tokens.length} objects of other sizes.`, 'Report this.')
  const out = new Float32Array(first.length)
  const length = mode === 'whole' ? first.length : width
  let turned = 0
  for (let from = 0; from < first.length; from += length) {
    const rows = tokens.map((one) => one.subarray(from, from + length))
    const mean = sphericalMean(rows, shares)
    if (mean) turned += length / width
    out.set(mean ?? straight(rows, shares), from)
  }
  return { tokens: out, turned }
}

const straight = (rows: readonly Float32Array[], shares: readonly number[]): Float32Array =>
  rows[0].map((_, i) => rows.reduce((sum, row, k) => sum + shares[k] * row[i], 0))

/**
 * The direction from which the weighted directions of all lie evenly around, with the weighted mean of their lengths; null where a
 * row has no direction or the directions cancel.
 */
function sphericalMean(rows: readonly Float32Array[], shares: readonly number[]): Float32Array | null {
  const lengths = rows.map((row) => Math.hypot(...row))
  if (lengths.some((length) => !(length > 0))) return null
  const units = rows.map((row, k) => Float64Array.from(row, (value) => value / lengths[k]))
  const mean = normalised(Float64Array.from(units[0], (_, i) => weighted(units, shares, i)))
  if (!mean) return null
  for (let round = 0; round < ROUNDS; round++) {
    // Each direction as seen from the mean: how far and which way.
    const step = new Float64Array(mean.length)
    for (const [k, unit] of units.entries()) {
      const cosine = Math.min(1, Math.max(-1, dot(mean, unit)))
      const angle = Math.acos(cosine)
      const scale = angle < STILL ? 1 : angle / Math.sin(angle)
      if (!Number.isFinite(scale)) return null
      for (let i = 0; i < step.length; i++) step[i] += shares[k] * scale * (unit[i] - cosine * mean[i])
    }
    const length = Math.hypot(...step)
    if (length < STILL) break
    for (let i = 0; i < mean.length; i++)
      mean[i] = Math.cos(length) * mean[i] + (Math.sin(length) * step[i]) / length
  }
  const size = lengths.reduce((sum, length, k) => sum + shares[k] * length, 0)
  return Float32Array.from(mean, (value) => value * size)
}

const weighted = (rows: readonly Float64Array[], shares: readonly number[], i: number): number =>
  rows.reduce((sum, row, k) => sum + shares[k] * row[i], 0)

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0)

function normalised(values: Float64Array): Float64Array | null {
  const length = Math.hypot(...values)
  return length > 1e-6 ? values.map((value) => value / length) : null
}
