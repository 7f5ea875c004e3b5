/** How a run on FLUX would go on a device, said before anything is loaded. */
import type { Size } from '@/base/geometry'
import { t5Flops } from '@/nets/encoders/t5'
import { fluxDit } from '@/nets/flux/flux'
import { adapterRanks, type Speed } from '@/nets/runner/memoryPlan'
import { vaeFlops } from '@/nets/vae/vae'
import type { FluxModels } from '@/pipelines/flux/fluxModel'
import type { EngineContext } from '@/pipelines/shared/engineMode'
import { pictureSeconds, planPicture, type TransformerWork } from '@/pipelines/shared/pictureWork'
import type { MemoryPlan } from '@/pipelines/shared/report'
import type { FluxConfig, T5Config, VaeConfig } from '@/schema/pack'

/** What a recipe asks of FLUX. */
export interface FluxWork extends TransformerWork {
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
export async function planWork(
  models: FluxModels,
  work: FluxWork,
  context: EngineContext,
): Promise<MemoryPlan> {
  const { transformer, t5, vae } = models.set
  const adapters = (await models.adapters()).map(({ adapter }) => adapter)
  const planned = {
    network: models.network(),
    tensors: transformer.manifest.tensors,
    loraRank: adapterRanks(adapters),
  }
  const sizes = { t5: t5?.pack?.manifest.config ?? null, vae: vae.manifest.config }
  return planPicture(context, planned, work, besideFlops(sizes, work))
}

/** Arithmetic of texts and autoencoder. A prompt that has run before saves T5; this counts it. */
function besideFlops(
  { t5, vae }: Pick<FluxSizes, 't5' | 'vae'>,
  { texts, encoded, decoded }: FluxWork,
): number {
  let flops = 0
  if (t5) for (const tokens of texts) flops += t5Flops(t5, tokens)
  for (const { size, count } of encoded) flops += count * vaeFlops(vae, 'encoder', size)
  for (const { size, count } of decoded) flops += count * vaeFlops(vae, 'decoder', size)
  return flops
}

/**
 * Seconds from Fuse to picture, loading left out.
 * @param loraRank concatenated rank of the active adapters on a linear
 * @param streamedBytes weights that are read from disk in every forward
 * @returns null where weights are streamed from a disk that was not measured
 */
export function workSeconds(
  sizes: FluxSizes,
  work: FluxWork,
  loraRank: (linear: string) => number,
  speed: Speed,
  streamedBytes: number,
): number | null {
  const network = fluxDit(sizes.transformer)
  return pictureSeconds({ network, loraRank }, work, besideFlops(sizes, work), speed, streamedBytes)
}
