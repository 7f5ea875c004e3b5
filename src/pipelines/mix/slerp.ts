/** Mixing two pictures' Redux tokens (specs: vmdiff §5): 0 is the first picture, 1 the second. */
import { fail } from '@/base/errors'

/**
 * `released`: each token of its own, on raw vectors; what is nearly parallel by that (nearly every real token) is mixed straight.
 * `true`: the angle of a token is that of its normalised vectors. `whole`: one angle for all tokens together.
 */
export type SlerpMode = 'released' | 'true' | 'whole'

export interface Mixed {
  tokens: Float32Array // [tokens, width]
  /** How many tokens were turned on an arc; the others were mixed straight. */
  turned: number
}

/** From this dot product on, either sign, two vectors are mixed straight. */
const PARALLEL = 0.9995

/**
 * @param a [tokens, width] @param b the same size
 * @param share of the second, 0..1
 * @throws internal where sizes differ
 */
export function slerp(
  a: Float32Array,
  b: Float32Array,
  width: number,
  share: number,
  mode: SlerpMode,
): Mixed {
  if (a.length !== b.length || a.length % width !== 0)
    fail('internal', `slerp: ${a.length} and ${b.length} numbers in rows of ${width}.`, 'Report this.')
  const out = new Float32Array(a.length)
  const length = mode === 'whole' ? a.length : width
  let turned = 0
  for (let from = 0; from < a.length; from += length) {
    const angle = angleOf(a, b, from, from + length, mode)
    const straight = angle === null
    const [wa, wb] = straight
      ? [1 - share, share]
      : [Math.sin((1 - share) * angle) / Math.sin(angle), Math.sin(share * angle) / Math.sin(angle)]
    if (!straight) turned += length / width
    for (let i = from; i < from + length; i++) out[i] = wa * a[i] + wb * b[i]
  }
  return { tokens: out, turned }
}

/** Null where the vectors are mixed straight. */
function angleOf(a: Float32Array, b: Float32Array, from: number, to: number, mode: SlerpMode): number | null {
  let [dot, lengthA, lengthB] = [0, 0, 0]
  for (let i = from; i < to; i++) {
    dot += a[i] * b[i]
    lengthA += a[i] * a[i]
    lengthB += b[i] * b[i]
  }
  if (mode !== 'released') dot /= Math.sqrt(lengthA * lengthB)
  // Not a number where a vector is zero, or holds none.
  return Math.abs(dot) <= PARALLEL ? Math.acos(dot) : null
}
