/** Whether Align fits on a device, said before anything is loaded; an estimate from above. */
import type { Speed } from '@/nets/runner/memoryPlan'
import { storedBytes, unetBytes, unetFlops } from '@/nets/unet/unetMemory'
import { vaeFlops } from '@/nets/vae/vae'
import type { AlignSet } from '@/pipelines/align/alignSet'
import { inversionForwards } from '@/pipelines/align/invert'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { AlignRecipe, AlignSettings } from '@/schema/modes/align'

export interface AlignPlan extends MemoryPlan {
  /** The scorer stays on the device beside the U-Net. */
  keepAll: boolean
}

const F32 = 4
/** The autoencoder's decoder: weights as f32, and what a pixel takes at its finest level (nets/vae/vae.ts). */
const DECODER_BYTES = 2e8
const DECODER_BYTES_PER_PIXEL = 1024
/** Tensors of the finest level that live at once in a pass: skips, a resnet's inside, an attention's. */
const FINEST_AT_ONCE = 24

/** @param seconds that the run would take where it fits, as far as that is known */
export function planAlign(
  set: AlignSet,
  settings: AlignSettings,
  backend: 'webgpu' | 'cpu',
  budgetBytes: number,
  seconds: number | null,
): AlignPlan {
  const { manifest } = set.unet
  const { width, height } = settings
  const weights = unetBytes(manifest.config, manifest.tensors, backend) + DECODER_BYTES
  const pixels = 2 ** (set.vae.manifest.config.channels.length - 1)
  const latents = (width * height) / pixels ** 2
  const activationBytes =
    2 * latents * manifest.config.channels[0] * F32 * FINEST_AT_ONCE +
    DECODER_BYTES_PER_PIXEL * width * height
  const scorer = set.scorer ? storedBytes(set.scorer.manifest.tensors) : 0
  const fits = weights + activationBytes <= budgetBytes
  return {
    verdict: fits ? 'resident' : 'too-large',
    residentBytes: weights,
    streamedBytes: 0,
    activationBytes,
    budgetBytes,
    seconds: fits ? seconds : null,
    keepAll: weights + activationBytes + scorer <= budgetBytes,
    reason: fits
      ? `It fits: ${size(weights)} of weights and up to ${size(activationBytes)} for the pictures, within ${size(budgetBytes)}.`
      : `It needs ${size(weights + activationBytes)} and may use ${size(budgetBytes)}: import the U-Net at 4 bits, choose smaller pictures, or allow more memory in Models.`,
  }
}

/** Tokens of CLIP's texts. */
const CONTEXT_TOKENS = 77

/**
 * Seconds from Fuse to picture, loading left out; at most, since inversions may need fewer rounds. Reference, base and
 * target run in lockstep and are decoded; a start that is a picture is encoded and inverted before, and runs without
 * guidance.
 */
export function alignSeconds(
  set: AlignSet,
  {
    align: { width, height, steps, guidance },
    base,
    reference,
  }: Pick<AlignRecipe, 'align' | 'base' | 'reference'>,
  speed: Speed,
): number {
  const { config } = set.vae.manifest
  const pixels = 2 ** (config.channels.length - 1)
  const pictures = [base, reference].filter(({ kind }) => kind === 'picture').length
  // The target starts as the base does. Passes of one size run together: one that is guided has all take both branches.
  const branches = pictures === 2 || guidance === 1 ? 1 : 2
  const forwards = 3 * steps * branches + pictures * inversionForwards(steps)
  const forward = unetFlops(set.unet.manifest.config, height / pixels, width / pixels, CONTEXT_TOKENS)
  const encoding = vaeFlops(config, 'encoder', { width, height })
  const decoding = vaeFlops(config, 'decoder', { width, height })
  const flops = forwards * forward + pictures * encoding + 3 * decoding
  return flops / 1e12 / speed.linearTflops
}

const size = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
