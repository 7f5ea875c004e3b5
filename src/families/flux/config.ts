import * as v from 'valibot'

import { count, depth, theta } from '@/families/sizes'

/** FLUX.1 and its pruned relatives (specs: FLUX §1); see `nets/flux/flux.ts`. */
export const FluxConfig = v.object({
  hidden: count,
  heads: count,
  /** Channels per id axis, summing to hidden/heads. */
  axesDim: v.pipe(v.array(count), v.length(3)),
  theta,
  doubleBlocks: depth,
  singleBlocks: depth,
  /** MLP width over hidden. */
  mlpRatio: count,
  /** Width of a text token. */
  contextDim: count,
  /** Channels of an image token, and those that the head gives for one. */
  inChannels: count,
  outChannels: count,
  /** Width of the pooled text, or null where the model has none. */
  vectorDim: v.nullable(count),
  /** Whether the guidance scale is embedded. */
  guidance: v.boolean(),
})
export type FluxConfig = v.InferOutput<typeof FluxConfig>

/** The T5 v1.1 encoder (specs: encoders §3). */
export const T5Config = v.object({
  width: count,
  heads: count,
  headDim: count,
  layers: depth,
  mlp: count,
  vocabulary: count,
  buckets: count,
  maxDistance: count,
})
export type T5Config = v.InferOutput<typeof T5Config>
