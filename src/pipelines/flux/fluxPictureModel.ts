import type { FluxModels } from '@/pipelines/flux/fluxModel'
import { checkChannels, decodeTokens } from '@/pipelines/flux/fluxPictures'
import type { PictureModel } from '@/pipelines/shared/pictureModel'
import { devSigmas } from '@/samplers/flowMatch'

/** FLUX [dev] and its relatives. @throws bad-weights when VAE and transformer were not made for each other */
export function fluxPictureModel(models: FluxModels): PictureModel {
  const { transformer, vae } = models.set
  const { config } = vae.manifest
  checkChannels(transformer.manifest.config, config)
  return {
    hash: transformer.hash,
    channels: config.latentChannels,
    sizeOf: (size) => size,
    sigmas: devSigmas,
    transformer: (onProgress, signal) => models.transformer(onProgress, signal),
    decode: (tokens, size, options) =>
      models.withVae(['decoder'], (net) => decodeTokens(net, config, tokens, size, options)),
    makeRoom: () => models.makeRoom(),
  }
}
