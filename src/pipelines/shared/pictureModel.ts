/**
 * What Mix and Compose ask of a model that makes pictures of packed latents, a transformer between an autoencoder's halves: FLUX
 * from the user's packs and the built-in Painter-D both give it.
 */
import type { Size } from '@/base/geometry'
import type { Transformer } from '@/nets/runner/transformer'
import type { VaeOptions } from '@/nets/vae/vae'

export interface PictureModel {
  /** Names the exact weights of the transformer. */
  readonly hash: string
  /** Channels of the latent. */
  readonly channels: number
  /** The size of picture that it makes when asked for this one. */
  sizeOf(size: Size): Size
  /** One more than there are steps, from noise to data. @param tokens of the picture */
  sigmas(steps: number, tokens: number): Float32Array
  /** Loaded on first use. @throws bad-weights, out-of-memory; AbortError */
  transformer(onProgress?: (done: number, total: number) => void, signal?: AbortSignal): Promise<Transformer>
  /** @param tokens packed, of a picture of this size @returns [3, height, width], about [-1, 1] @throws as `transformer` */
  decode(tokens: Float32Array, size: Size, options: VaeOptions): Promise<Float32Array>
  /** Lets go of what would be in the way of whatever comes beside it, or after it. */
  makeRoom(): void
}
