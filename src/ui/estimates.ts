/** Arithmetic of the modes on imported models and what it means in time on a measured device (specs: FLUX §10, encoders §1, §3, D-Fusion §10). */
import type { Probe } from '@/worker/protocol'

const HIDDEN = 3072
const DOUBLE_BLOCKS = 19
const SINGLE_BLOCKS = 38
/** Multiply-adds of one token in one block of either kind, modulation left out: qkv, projection and MLP. */
const BLOCK_MACS = 12 * HIDDEN * HIDDEN
/** What rank 1 of a LoRA on qkv and output projections adds, multiply-adds per token through all blocks. */
const LORA_MACS =
  DOUBLE_BLOCKS * (HIDDEN + 3 * HIDDEN + 2 * HIDDEN) + SINGLE_BLOCKS * (4 * HIDDEN + 5 * HIDDEN + HIDDEN)
/** T5-XXL without its embedding table. */
const T5_MACS = 24 * 192_946_176
/** Multiply-adds of the autoencoder per pixel of the picture. */
const VAE_ENCODE_MACS = 2.44e12 / 1024 ** 2
const VAE_DECODE_MACS = 5.24e12 / 1024 ** 2

/** The rank of an adapter with so many parameters, were it one like DreamO's on all qkv and output projections. */
export const rankOf = (parameters: number): number => parameters / (239_075_328 / 128)

/** One forward of the transformer over `tokens` in all, in TFLOP (two per multiply-add). */
export function forwardTflop(tokens: number, loraRank = 0): { linear: number; attention: number } {
  const blocks = DOUBLE_BLOCKS + SINGLE_BLOCKS
  return {
    linear: (2 * tokens * (blocks * BLOCK_MACS + loraRank * LORA_MACS)) / 1e12,
    attention: (4 * tokens * tokens * HIDDEN * blocks) / 1e12,
  }
}

/** What is to be estimated; sizes in pixels. */
export type EstimateCase =
  | {
      mode: 'dreamfuse'
      width: number
      height: number
      steps: number
      /** Length of the text in tokens: 256 times the text strength. */
      textTokens: number
      loraRank: number
    }
  | {
      mode: 'dreamo'
      width: number
      height: number
      steps: number
      references: number
      referenceSize: number
      /** Steps that run a second time for true guidance. */
      guidedSteps: number
      loraRank: number
    }
  | {
      mode: 'align'
      width: number
      height: number
      steps: number
      /** Guidance runs every step with and without the prompt. */
      guided: boolean
    }

/** Stable Diffusion's U-Net on a latent of 64 x 64 (specs: D-Fusion §10); nearly all of it convolutions and linears. */
const UNET_TFLOP = 0.804

const tokensOf = (width: number, height: number): number => Math.round(width / 16) * Math.round(height / 16)
/** DreamO's text length. */
const TEXT_TOKENS = 512

interface Work {
  /** TFLOP of everything before and after the steps. */
  once: number
  linear: number
  attention: number
  steps: number
}

/** All arithmetic of one picture. A prompt that has run before saves T5; this counts it. */
export function workOf(one: EstimateCase): Work {
  const pixels = one.width * one.height
  const picture = tokensOf(one.width, one.height)
  switch (one.mode) {
    case 'dreamfuse': {
      const forward = forwardTflop(one.textTokens + 3 * picture, one.loraRank)
      const once = 2 * (T5_MACS * 256 + pixels * (2 * VAE_ENCODE_MACS + VAE_DECODE_MACS))
      return { once: once / 1e12, ...times(forward, one.steps), steps: one.steps }
    }
    case 'align': {
      // Reference, base and target run in lockstep.
      const forwards = 3 * one.steps * (one.guided ? 2 : 1)
      const once = (2 * 3 * pixels * VAE_DECODE_MACS) / 1e12
      return { once, linear: (forwards * UNET_TFLOP * pixels) / 512 ** 2, attention: 0, steps: 3 * one.steps }
    }
    case 'dreamo': {
      const reference = tokensOf(one.referenceSize, one.referenceSize)
      const full = times(
        forwardTflop(TEXT_TOKENS + picture + one.references * reference, one.loraRank),
        one.steps,
      )
      const guided = times(forwardTflop(TEXT_TOKENS + picture, one.loraRank), one.guidedSteps)
      const encoded = one.references * one.referenceSize ** 2
      const texts = one.guidedSteps > 0 ? 2 : 1
      const once = 2 * (texts * T5_MACS * TEXT_TOKENS + encoded * VAE_ENCODE_MACS + pixels * VAE_DECODE_MACS)
      return {
        once: once / 1e12,
        linear: full.linear + guided.linear,
        attention: full.attention + guided.attention,
        steps: one.steps + one.guidedSteps,
      }
    }
  }
}

const times = (forward: { linear: number; attention: number }, count: number) => ({
  linear: forward.linear * count,
  attention: forward.attention * count,
})

/** FLUX.1-dev; pruned relatives have fewer blocks of the same size. */
const FLUX_PARAMETERS = 11_901_408_320

export interface EstimateOptions {
  /** Bytes that pass from the disk to the device in every step; left out where the disk was not measured. */
  streamedBytes?: number
  /** Of the transformer. */
  parameters?: number
}

/**
 * Seconds for one picture on a measured device. Reading and computing overlap, so the slower of the two counts.
 */
export function estimateSeconds(
  probe: Pick<Probe, 'linearTflops' | 'attentionTflops' | 'diskGBps'>,
  one: EstimateCase,
  { streamedBytes = 0, parameters = FLUX_PARAMETERS }: EstimateOptions = {},
): number {
  const work = workOf(one)
  const share = one.mode === 'align' ? 1 : parameters / FLUX_PARAMETERS
  const compute = share * (work.linear / probe.linearTflops + work.attention / probe.attentionTflops)
  const disk = probe.diskGBps ? (work.steps * streamedBytes) / (probe.diskGBps * 1e9) : 0
  return work.once / probe.linearTflops + Math.max(compute, disk)
}

/** The pictures that the model manager gives times for; LoRA ranks are those of the released files. */
export const TYPICAL: { label: string; one: Exclude<EstimateCase, { mode: 'align' }> }[] = [
  {
    label: 'Place with DreamFuse, 512 px, 28 steps',
    one: { mode: 'dreamfuse', width: 512, height: 512, steps: 28, textTokens: 256, loraRank: 16 },
  },
  {
    label: 'Place with DreamFuse, 512 px, 8 steps (turbo)',
    one: { mode: 'dreamfuse', width: 512, height: 512, steps: 8, textTokens: 256, loraRank: 80 },
  },
  {
    label: 'Compose 1024 px, one reference, 12 steps (turbo)',
    one: {
      mode: 'dreamo',
      width: 1024,
      height: 1024,
      steps: 12,
      references: 1,
      referenceSize: 512,
      guidedSteps: 0,
      loraRank: 512,
    },
  },
  {
    label: 'Compose 1024 px, two references, 25 steps',
    one: {
      mode: 'dreamo',
      width: 1024,
      height: 1024,
      steps: 25,
      references: 2,
      referenceSize: 512,
      guidedSteps: 0,
      loraRank: 512,
    },
  },
]
