import * as v from 'valibot'

import { count, depth, theta } from '@/families/sizes'

/** FLUX.2 [klein] (specs: FLUX.2 §1); see `nets/flux/flux2.ts`. */
export const Flux2Config = v.object({
  hidden: count,
  heads: count,
  /** Channels per id axis (picture, row, column, word), summing to hidden/heads. */
  axesDim: v.pipe(v.array(count), v.length(4)),
  theta,
  doubleBlocks: depth,
  singleBlocks: depth,
  /** Width of the MLPs, behind their gates. */
  mlp: count,
  /** Width of a text token: three of the text encoder's hidden states. */
  contextDim: count,
  /** Channels of an image token, and those that the head gives for one. */
  inChannels: count,
  outChannels: count,
  /** Whether four steps without guidance are enough; null where nothing tells it from Base, which has the same shapes. */
  distilled: v.nullable(v.boolean()),
})
export type Flux2Config = v.InferOutput<typeof Flux2Config>

/** Qwen3, of which the first layers serve as text encoder (specs: FLUX.2 §6); see `nets/encoders/qwen3.ts`. */
export const Qwen3Config = v.object({
  width: count,
  heads: count,
  /** Heads of keys and values; each serves as many query heads. */
  keyHeads: count,
  headDim: v.pipe(count, v.multipleOf(2)),
  mlp: count,
  vocabulary: count,
  theta,
  /** The hidden states that make up a token's features: after so many layers. None beyond the last is needed. */
  states: v.pipe(v.array(v.pipe(depth, v.minValue(1))), v.minLength(1), v.maxLength(8)),
})
export type Qwen3Config = v.InferOutput<typeof Qwen3Config>
