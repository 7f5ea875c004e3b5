import type { Tensor } from '@/backend/tensor'

/**
 * Affine map of token ids, token units: `column' = a*column + b*row + tx`, `row' = c*column + d*row + ty`.
 * All other id axes are left alone.
 */
export interface IdAffine {
  /** Which id axis is the row, which the column. */
  rowAxis: number
  columnAxis: number
  a: number
  b: number
  c: number
  d: number
  tx: number
  ty: number
  /**
   * `exact`: as above. `dreamfuse`: the released code's map with its fading at the border, in closed form
   * (specs: DreamFuse, positional affine): with the plain grid ids (row i, column j) of a `rows` x `columns` grid,
   * px = a*(j+0.5)*(columns-1)/columns + tx, py = d*(i+0.5)*(rows-1)/rows + ty,
   * row' = V(py; rows)*O(px; columns), column' = V(px; columns)*O(py; rows). b and c must be 0.
   */
  mode: 'exact' | 'dreamfuse'
  rows: number
  columns: number
}

/** A run of tokens of `qkv` that goes to a run of tokens of the arena. */
export interface RopeSegment {
  /** First token in `qkv`. */
  start: number
  length: number
  /** First token in the arena. */
  arenaStart: number
  /** Affine applied to this segment's ids, or null for none. */
  affine: IdAffine | null
}

/**
 * QK RMS norm, the segment's affine on its ids, rotary embedding on adjacent channel pairs at the
 * resulting fractional positions, and packing into the joint Q/K/V arena.
 */
export interface RopeAffineArgs {
  heads: number
  headDim: number
  /** Channels per id axis, even, summing to headDim. Pair k of an axis of d channels turns by p * theta^(-2k/d). */
  axesDim: readonly number[]
  theta: number
  /** f32 [batch, tokens, 3*heads*headDim], fused [q | k | v]. */
  qkv: Tensor
  /** f32 [headDim] learned scales of the RMS norms (eps 1e-6). */
  queryScale: Tensor
  keyScale: Tensor
  /** f32 [tokens, axesDim.length], one row per token of `qkv`, shared by the batch; before the affine. */
  ids: Tensor
  /**
   * Optional check and fallback: f32 [tokens, headDim/2] cosines and sines made in f64, used instead
   * of `ids` and the affines.
   */
  table?: { cos: Tensor; sin: Tensor }
  segments: readonly RopeSegment[]
  /** Destination, each [batch, arenaTokens, heads, headDim]: q f32; k and v f32, on webgpu also packed f16. */
  arena: { q: Tensor; k: Tensor; v: Tensor }
}
