/** Whether Align fits on a device, said before anything is loaded; an estimate from above. */
import { storedBytes, unetBytes } from '@/nets/unetMemory'
import type { AlignSet } from '@/pipelines/modelSet'
import type { AlignSettings } from '@/schema/recipe'

export interface AlignPlan {
  verdict: 'resident' | 'too-large'
  residentBytes: number
  streamedBytes: number
  activationBytes: number
  budgetBytes: number
  reason: string
  /** The scorer stays on the device beside the U-Net. */
  keepAll: boolean
}

const F32 = 4
/** The autoencoder's decoder: weights as f32, and what a pixel takes at its finest level (nets/vae.ts). */
const DECODER_BYTES = 2e8
const DECODER_BYTES_PER_PIXEL = 1024
/** Tensors of the finest level that live at once in a pass: skips, a resnet's inside, an attention's. */
const FINEST_AT_ONCE = 24

export function planAlign(
  set: AlignSet,
  settings: AlignSettings,
  backend: 'webgpu' | 'cpu',
  budgetBytes: number,
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
    keepAll: weights + activationBytes + scorer <= budgetBytes,
    reason: fits
      ? `It fits: ${size(weights)} of weights and up to ${size(activationBytes)} for the pictures, within ${size(budgetBytes)}.`
      : `It needs ${size(weights + activationBytes)} and may use ${size(budgetBytes)}: import the U-Net at 4 bits, choose smaller pictures, or allow more memory in Models.`,
  }
}

const size = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
