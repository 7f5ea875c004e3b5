/**
 * FLUX.2's latents are normalised by the statistics of a batch norm without affine part, one mean and one variance for
 * each channel of the 2x2 patches that are the transformer's tokens (specs: FLUX.2 §2, §7).
 */
import type { WeightSource } from '@/weights/formats/source'

/** Per channel of a token: four for each of the latent's. */
export interface LatentStatistics {
  mean: Float32Array
  deviation: Float32Array
}

/** The batch norm's epsilon. */
const EPSILON = 1e-4

/** The statistics that travel with the autoencoder. @throws bad-weights where it has none or of another width */
export async function loadStatistics(
  source: Pick<WeightSource, 'tensor'>,
  latentChannels: number,
): Promise<LatentStatistics> {
  const shape = [4 * latentChannels]
  const mean = await source.tensor('bn.running_mean', shape)
  const variance = await source.tensor('bn.running_var', shape)
  return { mean, deviation: variance.map((value) => Math.sqrt(value + EPSILON)) }
}

/** Tokens of an encoded picture as the transformer knows them; [tokens, 4*latentChannels] both. */
export const normalise = (tokens: Float32Array, { mean, deviation }: LatentStatistics): Float32Array =>
  tokens.map((value, i) => (value - mean[i % mean.length]) / deviation[i % mean.length])

/** Inverse of `normalise`: what the decoder takes, still packed. */
export const denormalise = (tokens: Float32Array, { mean, deviation }: LatentStatistics): Float32Array =>
  tokens.map((value, i) => value * deviation[i % mean.length] + mean[i % mean.length])
