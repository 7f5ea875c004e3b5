import * as v from 'valibot'

import { count, depth, theta } from '@/families/sizes'

/** Sizes that every model of the FLUX family has; see `nets/flux/flux.ts`. */
export const transformer = {
  hidden: count,
  heads: count,
  axesDim: v.pipe(v.array(count), v.length(3)),
  theta,
  doubleBlocks: depth,
  singleBlocks: depth,
  mlpRatio: count,
  contextDim: count,
  inChannels: count,
  outChannels: count,
}

/** FLUX.1 and its pruned relatives (specs: FLUX §1). */
export const FluxConfig = v.object({ ...transformer, vectorDim: v.nullable(count), guidance: v.boolean() })
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
