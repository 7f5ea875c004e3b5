/** How a run on FLUX would go on a device, said before anything is loaded. */
import type { Size } from '@/base/geometry'
import { t5Flops } from '@/nets/encoders/t5'
import { fluxDit } from '@/nets/flux/flux'
import {
  adapterRanks,
  forwardWork,
  planRun,
  secondsOf,
  type SegmentShape,
  type Speed,
} from '@/nets/runner/memoryPlan'
import { vaeFlops } from '@/nets/vae/vae'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { FluxConfig, T5Config, VaeConfig } from '@/schema/pack'

export interface DeviceFacts {
  /** Bytes that the user gives to the studio. */
  budgetBytes: number
  /** Bytes of the largest tensor that the device takes. */
  maxTensorBytes: number
  /** Measured, where that was done. */
  speed: Speed | null
}

/** What a recipe asks of FLUX. */
export interface FluxWork {
  /** Its token sequence, as long as it will be at most. */
  segments: readonly SegmentShape[]
  /** Sets of modulation that are read at the start: one per forward of different time or text. */
  conditionings: number
  /** All forwards of the transformer; no sequence is longer than `segments`. */
  forwards: readonly { segments: readonly SegmentShape[]; count: number }[]
  /** Tokens of each text that T5 reads. */
  texts: readonly number[]
  /** Pictures that pass the autoencoder; pixels. */
  encoded: readonly { size: Size; count: number }[]
  decoded: readonly { size: Size; count: number }[]
}

/** Sizes of the networks whose arithmetic counts. */
export interface FluxSizes {
  transformer: FluxConfig
  /** null: not installed, its texts have been kept. */
  t5: T5Config | null
  vae: VaeConfig
}

/** @throws bad-weights when an adapter cannot be read */
export async function planWork(models: FluxModels, work: FluxWork, device: DeviceFacts): Promise<MemoryPlan> {
  const { transformer, t5, vae } = models.set
  const { config, tensors } = transformer.manifest
  const adapters = (await models.adapters()).map(({ adapter }) => adapter)
  const loraRank = adapterRanks(adapters)
  const limit = device.maxTensorBytes
  const { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason } = planRun({
    network: fluxDit(config),
    tensors,
    segments: work.segments,
    conditionings: work.conditionings,
    loraRank,
    limits: Number.isFinite(limit) ? { maxBufferSize: limit, maxStorageBufferBindingSize: limit } : null,
    budgetBytes: device.budgetBytes,
    speed: device.speed,
  })
  const sizes = { transformer: config, t5: t5?.pack?.manifest.config ?? null, vae: vae.manifest.config }
  const seconds =
    device.speed && verdict !== 'too-large'
      ? workSeconds(sizes, work, loraRank, device.speed, streamedBytes)
      : null
  return { verdict, residentBytes, streamedBytes, activationBytes, budgetBytes, reason, seconds }
}

/**
 * Seconds from Fuse to picture, loading left out. A prompt that has run before saves T5; this counts it.
 * @param loraRank concatenated rank of the active adapters on a linear
 * @param streamedBytes weights that are read from disk in every forward
 * @returns null where weights are streamed from a disk that was not measured
 */
export function workSeconds(
  { transformer, t5, vae }: FluxSizes,
  { forwards, texts, encoded, decoded }: FluxWork,
  loraRank: (linear: string) => number,
  speed: Speed,
  streamedBytes: number,
): number | null {
  const network = fluxDit(transformer)
  let flops = 0
  if (t5) for (const tokens of texts) flops += t5Flops(t5, tokens)
  for (const { size, count } of encoded) flops += count * vaeFlops(vae, 'encoder', size)
  for (const { size, count } of decoded) flops += count * vaeFlops(vae, 'decoder', size)
  let seconds = flops / 1e12 / speed.linearTflops
  for (const { segments, count } of forwards) {
    const each = secondsOf(forwardWork({ network, segments, loraRank }), speed, streamedBytes)
    if (each === null) return null
    seconds += count * each
  }
  return seconds
}
