/** Pictures to FLUX.2's tokens and back (specs: FLUX.2 §2, §7). */
import type { Raster, Size } from '@/base/geometry'
import { TOKEN_SIDE } from '@/families/flux2/pictures'
import { denormalise, normalise, type LatentStatistics } from '@/nets/vae/statistics'
import type { Vae, VaeOptions } from '@/nets/vae/vae'
import type { PictureTokens } from '@/pipelines/flux2/kleinDenoise'
import { fitLatentColours, previewOf } from '@/pipelines/shared/latentPreview'
import { packLatent, unpackLatent } from '@/pipelines/shared/latents'

/** A picture as the transformer takes it, with the latent that it is made of. */
export interface KleinPicture {
  size: Size
  tokens: PictureTokens
  /** As the autoencoder gives it, [latentChannels, 2*rows, 2*columns]. */
  latent: Float32Array
  /** [3, height, width] in [-1,1] */
  pixels: Float32Array
}

/** A small picture of normalised tokens. */
export type KleinPreview = (tokens: Float32Array, size: Size) => Raster

/** Rows and columns of a picture's tokens; sides are multiples of `TOKEN_SIDE`. */
export const tokenGrid = ({ width, height }: Size): { rows: number; columns: number } => ({
  rows: height / TOKEN_SIDE,
  columns: width / TOKEN_SIDE,
})

/** FLUX.2's autoencoder with the statistics of its latents. */
export class KleinVae {
  private readonly vae: Vae
  private readonly statistics: LatentStatistics

  constructor(vae: Vae, statistics: LatentStatistics) {
    this.vae = vae
    this.statistics = statistics
  }

  /**
   * The posterior's mean, normalised.
   * @param pixels [3, height, width] in [-1,1], sides multiples of `TOKEN_SIDE`
   * @throws bad-image, image-too-large; the signal's reason
   */
  async encode(pixels: Float32Array, size: Size, options?: VaeOptions): Promise<KleinPicture> {
    const grid = tokenGrid(size)
    const { mean } = await this.vae.encode(pixels, size.height, size.width, options)
    const packed = packLatent(mean, this.vae.config.latentChannels, 2 * grid.rows, 2 * grid.columns)
    return { size, pixels, latent: mean, tokens: { ...grid, values: normalise(packed, this.statistics) } }
  }

  /** Normalised tokens of a picture of this size -> [3, height, width], about [-1,1]. @throws as `encode` */
  decode(tokens: Float32Array, size: Size, options?: VaeOptions): Promise<Float32Array> {
    const { rows, columns } = tokenGrid(size)
    return this.vae.decode(latentOf(tokens, this.statistics, size), 2 * rows, 2 * columns, options)
  }

  /**
   * Cheap previews, whose colours are learnt from the pictures that a run has encoded (`latentPreview`); they need the
   * autoencoder no longer. null where there is no picture to learn from.
   */
  previews(pictures: readonly KleinPicture[]): KleinPreview | null {
    if (pictures.length === 0) return null
    const { statistics } = this
    const channels = this.vae.config.latentChannels
    const encoded = pictures.map(({ tokens, latent, pixels }) => ({
      rows: 2 * tokens.rows,
      columns: 2 * tokens.columns,
      latent,
      pixels,
    }))
    const colours = fitLatentColours(encoded, channels)
    return (tokens, size) => {
      const { rows, columns } = tokenGrid(size)
      return previewOf(latentOf(tokens, statistics, size), 2 * rows, 2 * columns, colours)
    }
  }
}

/** The latent that normalised tokens stand for, [latentChannels, 2*rows, 2*columns]. */
function latentOf(tokens: Float32Array, statistics: LatentStatistics, size: Size): Float32Array {
  const { rows, columns } = tokenGrid(size)
  return unpackLatent(denormalise(tokens, statistics), statistics.mean.length / 4, 2 * rows, 2 * columns)
}
