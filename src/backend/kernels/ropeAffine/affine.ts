/** What the two backends' RoPE kernels share: checks, pair table, and the affine in its effective form. */
import type { IdAffine, RopeAffineArgs } from '@/backend/kernels/ropeAffine/types'
import { fail } from '@/base/errors'

/** Stability term of the QK norm (specs: FLUX, QK norm). */
export const NORM_EPSILON = 1e-6

export interface Pair {
  /** Id axis that turns this channel pair. */
  axis: number
  /** theta^(-2k/d), radians per unit of position. */
  frequency: number
}

/** The headDim/2 channel pairs in order, axis after axis. */
export function pairsOf(axesDim: readonly number[], theta: number): Pair[] {
  return axesDim.flatMap((dim, axis) =>
    Array.from({ length: dim / 2 }, (_, k) => ({ axis, frequency: theta ** ((-2 * k) / dim) })),
  )
}

/**
 * The affine as it applies to ids. DreamFuse's (px, py) are affine in the grid ids:
 * a*(j+0.5)*(n-1)/n + tx = a'*j + (a'/2 + tx) with a' = a*(n-1)/n; what remains of the mode is the fading.
 */
export function effectiveAffine(affine: IdAffine): Omit<IdAffine, 'mode'> & { fading: boolean } {
  const { mode, ...map } = affine
  if (mode === 'exact') return { ...map, fading: false }
  const { a, d, tx, ty, rows, columns } = map
  const across = (a * (columns - 1)) / columns
  const down = (d * (rows - 1)) / rows
  return { ...map, a: across, b: 0, c: 0, d: down, tx: tx + across / 2, ty: ty + down / 2, fading: true }
}

/** Refuses arguments whose result would be silently wrong. */
export function checkRope(args: RopeAffineArgs): void {
  const { headDim, heads, axesDim, segments, qkv, ids, arena } = args
  const bad = (what: string): never =>
    fail('internal', `rope_affine: ${what}.`, 'This is a mistake in Inlay; please report it.')
  if (axesDim.some((dim) => dim % 2 !== 0 || dim < 0))
    bad(`axes of ${axesDim.join(', ')} channels are not even`)
  if (axesDim.reduce((sum, dim) => sum + dim, 0) !== headDim) bad(`axes do not sum to ${headDim}`)
  if (headDim < 2 || headDim > 128)
    fail(
      'unsupported',
      `Rotary heads of ${headDim} channels are not supported, 2 to 128 are.`,
      'Use another model.',
    )
  if (qkv.dims.at(-1) !== 3 * heads * headDim) bad(`qkv is [${qkv.dims.join(', ')}]`)
  if (!args.table && ids.dims.at(-1) !== axesDim.length) bad(`ids are [${ids.dims.join(', ')}]`)
  for (const { start, length, arenaStart, affine } of segments) {
    if (start < 0 || length < 0 || start + length > qkv.dims[1]) bad(`tokens ${start}+${length} leave qkv`)
    if (arenaStart < 0 || arenaStart + length > arena.q.dims[1])
      bad(`tokens ${arenaStart}+${length} leave the arena`)
    if (!affine) continue
    const { rowAxis, columnAxis } = affine
    if (rowAxis === columnAxis || !(rowAxis in axesDim) || !(columnAxis in axesDim))
      bad(
        `an affine of row axis ${rowAxis} and column axis ${columnAxis} does not fit ${axesDim.length} axes`,
      )
    if (affine.mode === 'dreamfuse' && (affine.b !== 0 || affine.c !== 0))
      bad("DreamFuse's affine cannot turn or shear")
  }
}
