/** How long typical pictures take with the released models, told before anything is downloaded (specs: FLUX §1). */
import { FLUX_DEV } from '@/families/flux/transformer'
import type { Speed } from '@/nets/runner/memoryPlan'
import { workSeconds, type FluxWork } from '@/pipelines/flux/fluxPlan'
import type { TypicalPicture } from '@/pipelines/shared/report'
import type { T5Config, VaeConfig } from '@/schema/pack'

export const T5_XXL: T5Config = {
  vocabulary: 32128,
  width: 4096,
  layers: 24,
  heads: 64,
  headDim: 64,
  mlp: 10240,
  buckets: 32,
  maxDistance: 128,
}

export const FLUX_VAE: VaeConfig = {
  latentChannels: 16,
  channels: [128, 256, 512, 512],
  resnets: 2,
  groups: 32,
  quantConvs: false,
  scaling: 0.3611,
  shift: 0.1159,
}

/** What the released adapters change: qkv and output projections of all blocks. */
const ADAPTED = /(qkv|proj|linear1|linear2)$/

/** Weights fit into memory, the prompt is new. @param rank of all adapters together */
export function typicalPicture(label: string, work: FluxWork, rank: number, speed: Speed): TypicalPicture {
  const sizes = { transformer: FLUX_DEV, t5: T5_XXL, vae: FLUX_VAE }
  const loraRank = (linear: string) => (ADAPTED.test(linear) ? rank : 0)
  return { label, seconds: workSeconds(sizes, work, loraRank, speed, 0) ?? 0 }
}
