import type { Tensor } from '@/backend/tensor'

/** A run of keys that a query segment sees. */
export interface KeyRange {
  /** Index into `sources`. */
  source: number
  /** First token in that source. */
  start: number
  length: number
}

/** A run of query tokens with its own visibility and its own output. */
export interface QuerySegment {
  /** First token in `q`. */
  start: number
  length: number
  /** Keys seen by every query of the segment; an empty list means none (the row is 0, LSE -3.4e38). */
  keys: readonly KeyRange[]
  /** f32 [batch, outTokens, heads*headDim]. */
  out: Tensor
  /** First token in `out`. */
  outStart: number
  /** Optional f32 [batch, heads, outTokens]: natural-log sum of exponentials, scale included. */
  lse?: Tensor
}

/**
 * softmax(scale * Q K^T) V over segments: every query segment names the key ranges that it sees, so
 * invisible keys cost nothing and no mask tensor exists. Statistics and accumulators are f32.
 */
export interface SharedAttentionArgs {
  batch: number
  heads: number
  /** 1 to 128. */
  headDim: number
  /** Usually 1/sqrt(headDim). */
  scale: number
  /** f32 [batch, queryTokens, heads, headDim]. */
  q: Tensor
  /**
   * One or two sources of keys and values: the arena, and a block's cached K/V.
   * Each f32 (or packed f16, dtype float16) [batch, tokens, heads, headDim].
   */
  sources: readonly { k: Tensor; v: Tensor }[]
  /**
   * Optional per-key mask, one tensor per source: f32 [batch, tokens], 1 = visible, 0 = hidden; for
   * guidance batches whose prompts differ in length. A row with no visible key gives 0 and LSE -3.4e38.
   */
  keyMask?: readonly Tensor[]
  queries: readonly QuerySegment[]
}

/** LSE of a row that sees no key. */
export const EMPTY_LSE = -3.4e38
