import * as v from 'valibot'

import { count } from '@/families/sizes'

/** Stable Diffusion's U-Net (specs: D-Fusion §2, §3). */
export const UnetConfig = v.object({
  inChannels: count,
  outChannels: count,
  /** Channels per level, finest first. */
  channels: v.pipe(v.array(count), v.minLength(1), v.maxLength(8)),
  /** Attention heads per level. */
  heads: v.array(count),
  /** Which levels have transformers. */
  attention: v.array(v.boolean()),
  /** Resnets per level on the way down; one more on the way up. */
  resnets: count,
  contextDim: count,
  groups: count,
  prediction: v.picklist(['epsilon', 'v_prediction']),
})
export type UnetConfig = v.InferOutput<typeof UnetConfig>

/** A Stable Diffusion U-Net as it is installed. */
export const InstalledUnetConfig = v.object({
  ...UnetConfig.entries,
  /** Distilled to a few steps without guidance, as SD-Turbo. */
  fewSteps: v.optional(v.boolean(), false),
})
export type InstalledUnetConfig = v.InferOutput<typeof InstalledUnetConfig>
