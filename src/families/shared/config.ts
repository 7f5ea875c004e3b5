import * as v from 'valibot'

import { count, depth } from '@/families/sizes'

/** CLIP's text transformers (specs: encoders §2). */
export const ClipTextConfig = v.object({
  width: count,
  heads: count,
  layers: depth,
  mlp: count,
  vocabulary: count,
  positions: count,
  activation: v.picklist(['quickGelu', 'gelu']),
  /** Width of the text projection, or null where there is none. */
  projection: v.nullable(count),
})
export type ClipTextConfig = v.InferOutput<typeof ClipTextConfig>

/** CLIP's vision transformers (specs: encoders §6). */
export const ClipVisionConfig = v.object({
  width: count,
  heads: count,
  layers: depth,
  mlp: count,
  /** Pixels per side of the picture and of a patch. */
  image: count,
  patch: count,
  activation: v.picklist(['quickGelu', 'gelu']),
  projection: count,
})
export type ClipVisionConfig = v.InferOutput<typeof ClipVisionConfig>

/** Both towers of CLIP, projected to the same width: what scores pictures against words. */
export const ClipConfig = v.object({ text: ClipTextConfig, vision: ClipVisionConfig })
export type ClipConfig = v.InferOutput<typeof ClipConfig>

/** AutoencoderKL (specs: encoders §1). */
export const VaeConfig = v.object({
  /** Of a picture as the network sees it; 3 where it is absent, else those of folded pixels (`nets/vae/fold.ts`). */
  imageChannels: v.optional(count),
  latentChannels: count,
  /** Channels per level, finest first. */
  channels: v.pipe(v.array(count), v.minLength(1), v.maxLength(8)),
  /** The decoder's, where they are others: FLUX.2's small decoder. */
  decoderChannels: v.optional(v.pipe(v.array(count), v.minLength(1), v.maxLength(8))),
  /** Resnets per encoder level; the decoder has one more. */
  resnets: v.pipe(count, v.maxValue(16)),
  groups: count,
  /** 1x1 convolutions around the latent. */
  quantConvs: v.boolean(),
  scaling: v.number(),
  shift: v.number(),
})
export type VaeConfig = v.InferOutput<typeof VaeConfig>
