/** Pictures to FLUX's latents and back, through the set's VAE (specs: FLUX §2, §6). */
import type { Size } from '@/base/geometry'
import { fail } from '@/base/errors'
import type { Vae } from '@/nets/vae/vae'
import type { EncodedPicture } from '@/pipelines/shared/latentPreview'
import { packLatent, toModelLatent, toVaeLatent, unpackLatent } from '@/pipelines/shared/latents'
import type { FluxConfig, VaeConfig } from '@/schema/pack'

/** Along a side. */
const PIXELS_PER_LATENT = 8
/** The same of the transformer's tokens: packing joins 2 x 2 latents. */
export const PIXELS_PER_TOKEN = 2 * PIXELS_PER_LATENT

/** A picture as the transformer takes it. */
export interface FluxPicture extends EncodedPicture {
  tokens: Float32Array // [rows/2 * columns/2, 4*channels]
}

/**
 * The posterior's mean, scaled and packed. The release draws from the posterior without a seed; its mean makes a recipe
 * mean one picture.
 * @param pixels [3, height, width] in [-1,1], sides multiples of `PIXELS_PER_TOKEN`
 */
export async function encodePicture(
  vae: Vae,
  config: VaeConfig,
  pixels: Float32Array,
  { width, height }: Size,
  signal?: AbortSignal,
): Promise<FluxPicture> {
  const rows = height / PIXELS_PER_LATENT
  const columns = width / PIXELS_PER_LATENT
  const { mean } = await vae.encode(pixels, height, width, { signal })
  const latent = toModelLatent(mean, config)
  return {
    rows,
    columns,
    latent,
    pixels,
    tokens: packLatent(latent, config.latentChannels, rows, columns),
  }
}

/** Packed tokens of a picture of this size -> [3, height, width], about [-1,1]. */
export function decodeTokens(
  vae: Vae,
  config: VaeConfig,
  tokens: Float32Array,
  { width, height }: Size,
  options: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<Float32Array> {
  const rows = height / PIXELS_PER_LATENT
  const columns = width / PIXELS_PER_LATENT
  const latent = unpackLatent(tokens, config.latentChannels, rows, columns)
  return vae.decode(toVaeLatent(latent, config), rows, columns, options)
}

/** @throws bad-weights when VAE and transformer were not made for each other */
export function checkChannels(transformer: FluxConfig, vae: VaeConfig): void {
  const channels = 4 * vae.latentChannels
  if (
    transformer.inChannels === channels &&
    transformer.outChannels === channels &&
    2 ** (vae.channels.length - 1) === PIXELS_PER_LATENT
  )
    return
  fail(
    'bad-weights',
    'This autoencoder does not belong to this transformer.',
    "Use FLUX.1's own autoencoder (ae.safetensors) with FLUX.1.",
    `tokens have ${transformer.inChannels} channels, the autoencoder gives ${channels}`,
  )
}
