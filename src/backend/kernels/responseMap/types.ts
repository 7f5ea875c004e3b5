import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import type { Tensor } from '@/backend/tensor'

/** A run of query tokens, the statistics of their softmax, and where their map goes. */
export interface ResponseQueries {
  /** First token in `q`. */
  start: number
  length: number
  /** f32 [batch, heads, lseTokens], as shared attention wrote it over all keys that these queries see. */
  lse: Tensor
  /** First token in `lse`. */
  lseStart: number
  /** First token in `out`. */
  outStart: number
}

/**
 * How much every query attends to each group of keys, averaged over heads, without an attention matrix:
 * value[group, query] = 1/heads * sum over heads and keys of exp(scale * q·k - lse). Over groups that
 * hold all visible keys once, the values of a query add up to 1.
 *
 * Serves Compose's maps per reference (specs: DreamO §8) and Align's maps of token columns (D-Fusion §4).
 */
export interface ResponseMapArgs {
  batch: number
  heads: number
  /** 1 to 128. */
  headDim: number
  /** As attention had it; usually 1/sqrt(headDim). */
  scale: number
  /** f32 [batch, queryTokens, heads, headDim]. */
  q: Tensor
  /** One or two, as attention had them: f32 or packed f16 [batch, tokens, heads, headDim]; values are not read. */
  sources: readonly { k: Tensor }[]
  /** As attention had it: f32 [batch, tokens] per source, 0 = hidden. A hidden key counts nothing. */
  keyMask?: readonly Tensor[]
  queries: readonly ResponseQueries[]
  /**
   * Keys of each group, of those that the queries see: ranges, a single key being a range of length 1.
   * A group without keys gives 0; at most 64 separate ranges per group. Groups may share keys.
   */
  groups: readonly (readonly KeyRange[])[]
  /** f32 [batch, groups, outTokens]. Tokens of no query are left alone. */
  out: Tensor
  /** Factor of the values, so that a sum over layers and steps can be a mean; default 1. */
  weight?: number
  /** Adds to `out` instead of overwriting it. */
  accumulate?: boolean
}
