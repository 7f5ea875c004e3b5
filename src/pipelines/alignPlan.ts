/** Whether Align fits on a device, said before anything is loaded; an estimate from above. */
import { unetParameters } from '@/nets/unet'
import type { AlignSet } from '@/pipelines/modelSet'
import { QUANT_BLOCK } from '@/onnx/layers'
import type { ManifestOf, TensorFormat } from '@/schema/pack'
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

/** Bytes per value of a linear on the device. */
const BYTES: Record<TensorFormat, number> = {
  f32: F32,
  bf16: F32,
  f16: 2,
  q8: 1 + F32 / QUANT_BLOCK,
  q4: 0.5 + F32 / QUANT_BLOCK,
}

export function planAlign(set: AlignSet, settings: AlignSettings, budgetBytes: number): AlignPlan {
  const { manifest } = set.unet
  const { width, height } = settings
  const weights = unetBytes(manifest) + DECODER_BYTES
  const pixels = 2 ** (set.vae.manifest.config.channels.length - 1)
  const latents = (width * height) / pixels ** 2
  const activationBytes =
    2 * latents * manifest.config.channels[0] * F32 * FINEST_AT_ONCE +
    DECODER_BYTES_PER_PIXEL * width * height
  const scorer = set.scorer ? storedBytes(set.scorer.manifest) : 0
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

/** Linears as they are stored; norms and convolutions as f32. */
function unetBytes({ config, tensors }: ManifestOf<'unet'>): number {
  const names = unetParameters(config)
  const linears = names.linears.map(
    ([name, rows, cols]) => rows * cols * BYTES[tensors[`${name}.weight`]?.format ?? 'f32'],
  )
  const others = names.tensors.map(([, shape]) => F32 * shape.reduce((product, count) => product * count, 1))
  return [...linears, ...others].reduce((sum, bytes) => sum + bytes, 0)
}

const storedBytes = ({ tensors }: ManifestOf<'clip'>): number =>
  Object.values(tensors).reduce(
    (sum, { format, shape }) => sum + BYTES[format] * shape.reduce((product, count) => product * count, 1),
    0,
  )

const size = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
