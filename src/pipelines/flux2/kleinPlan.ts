/** How a run on FLUX.2 [klein] would go on a device, said before anything is loaded. */
import type { Size } from '@/base/geometry'
import { KLEIN_4B } from '@/families/flux2/transformer'
import { qwen3Flops } from '@/nets/encoders/qwen3'
import { flux2Dit } from '@/nets/flux/flux2'
import { adapterRanks, type Speed } from '@/nets/runner/memoryPlan'
import { vaeFlops } from '@/nets/vae/vae'
import { kleinSegments } from '@/pipelines/flux2/kleinDenoise'
import type { KleinModels } from '@/pipelines/flux2/kleinModel'
import { KLEIN_TEXT_TOKENS } from '@/pipelines/flux2/kleinText'
import { tokenGrid } from '@/pipelines/flux2/kleinVae'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { pictureSeconds, planPicture, type TransformerWork } from '@/pipelines/shared/pictureWork'
import type { MemoryPlan, TypicalPicture } from '@/pipelines/shared/report'
import type { VaeConfig } from '@/schema/pack'
import type { Qwen3Config } from '@/families/flux2/config'

/** What a recipe asks of klein; sizes in pixels, multiples of a token's side. */
export interface KleinWork {
  /** Pictures that are sampled: references, steps that are run, and how often. */
  samplings: readonly { size: Size; references: readonly Size[]; steps: number; count: number }[]
  /** Base: every step a second time, for another text. */
  guided: boolean
  /** All texts: those that are kept, and cost nothing, are counted, too. */
  texts: number
  /** Pictures that pass the autoencoder. */
  encoded: readonly { size: Size; count: number }[]
  decoded: readonly { size: Size; count: number }[]
}

/** @throws bad-weights when an adapter cannot be read */
export async function planKleinWork(
  models: KleinModels,
  work: KleinWork,
  context: EngineContext,
): Promise<MemoryPlan> {
  const { transformer, encoder, vae } = models.set
  const adapters = (await models.adapters()).map(({ adapter }) => adapter)
  const planned = {
    network: models.network(),
    tensors: transformer.manifest.tensors,
    loraRank: adapterRanks(adapters),
  }
  const beside = besideFlops(encoder?.pack?.manifest.config ?? null, vae.manifest.config, work)
  const asked = transformerWork(work)
  const plan = planPicture(context, planned, asked, beside)
  const isHasty = work.guided && work.samplings.some(({ steps }) => steps < HASTY)
  const reason = [
    plan.reason,
    !context.speed &&
      plan.verdict !== 'too-large' &&
      costOf(tokensOf(asked), pictureSeconds(planned, asked, beside, UNIT, 0)),
    isHasty && 'This is Base, which needs about 50 steps.',
  ]
  return { ...plan, reason: reason.filter(Boolean).join(' ') }
}

/** Its seconds are TFLOP. */
const UNIT: Speed = { linearTflops: 1, attentionTflops: 1, diskGBps: null }

/** What a picture costs at most, kept texts and padding counted, where nobody has measured how long that takes. */
const costOf = (tokens: number, teraflop: number | null): string | false =>
  teraflop !== null &&
  `${tokens.toLocaleString('en')} tokens a step, ${teraflop < 10 ? teraflop.toFixed(1) : teraflop.toFixed(0)} TFLOP at most: measure this device in Models to see how long that takes.`

const tokensOf = ({ segments }: Pick<TransformerWork, 'segments'>): number =>
  segments.reduce((sum, { tokens }) => sum + tokens, 0)

/** Fewer steps than this make no picture with Base. */
const HASTY = 20

function transformerWork({ samplings, guided }: KleinWork): TransformerWork {
  const passes = guided ? 2 : 1
  const forwards = samplings.map(({ size, references, steps, count }) => ({
    segments: kleinSegments(KLEIN_TEXT_TOKENS, tokenGrid(size), references.map(tokenGrid)),
    count: passes * steps * count,
  }))
  const longest = forwards.toSorted((a, b) => tokensOf(b) - tokensOf(a)).at(0)
  return {
    segments: longest?.segments ?? [],
    conditionings: Math.max(0, ...samplings.map(({ steps }) => steps)),
    forwards,
  }
}

/** Arithmetic of texts and autoencoder. */
function besideFlops(
  encoder: Qwen3Config | null,
  vae: VaeConfig,
  { texts, encoded, decoded }: KleinWork,
): number {
  let flops = encoder ? texts * qwen3Flops(encoder, KLEIN_TEXT_TOKENS) : 0
  for (const { size, count } of encoded) flops += count * vaeFlops(vae, 'encoder', size)
  for (const { size, count } of decoded) flops += count * vaeFlops(vae, 'decoder', size)
  return flops
}

/** The released encoder and autoencoder (specs: FLUX.2 §6, §7). */
const QWEN3_4B: Qwen3Config = {
  width: 2560,
  heads: 32,
  keyHeads: 8,
  headDim: 128,
  mlp: 9728,
  vocabulary: 151936,
  theta: 1e6,
  states: [9, 18, 27],
}
const FLUX2_VAE: VaeConfig = {
  latentChannels: 32,
  channels: [128, 256, 512, 512],
  resnets: 2,
  groups: 32,
  quantConvs: true,
  scaling: 1,
  shift: 0,
}

/** How long a picture takes with the released 4B, whose weights fit into memory. */
export function kleinTypical(label: string, work: KleinWork, speed: Speed): TypicalPicture {
  const planned = { network: flux2Dit(KLEIN_4B), loraRank: () => 0 }
  const beside = besideFlops(QWEN3_4B, FLUX2_VAE, work)
  return { label, seconds: pictureSeconds(planned, transformerWork(work), beside, speed, 0) ?? 0 }
}
