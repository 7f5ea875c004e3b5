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
