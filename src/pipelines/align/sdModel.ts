/**
 * Stable Diffusion 2.x from the user's packs, as Align works with it (specs: D-Fusion §2, encoders §1, §2). Networks are
 * opened when they are needed: the text encoder alone and first, then U-Net and decoder, then the scorer.
 */
import { FAMILIES } from '@/families/registry'
import type { Backend } from '@/backend/types'
import type { Raster, Size } from '@/base/geometry'
import { Once } from '@/base/once'
import { promptWords } from '@/base/promptWords'
import { roundHalfEven } from '@/assets/areaResize'
import { ClipText } from '@/nets/encoders/clipText'
import { Unet } from '@/nets/unet/unetRunner'
import { unetParameters } from '@/nets/unet/unet'
import { Vae } from '@/nets/vae/vae'
import type { AlignModel, EncodedPrompt, OnPart, PromptScorer } from '@/pipelines/align/alignModel'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'
import { toBytes } from '@/pipelines/shared/samples'
import { coloursOfDecoder, previewOf, type LatentColours } from '@/pipelines/shared/latentPreview'
import { toModelLatent, toVaeLatent } from '@/pipelines/shared/latents'
import type { AlignSet } from '@/pipelines/align/alignSet'
import { opaque } from '@/pipelines/shared/samples'
import { Scorer } from '@/pipelines/align/score'
import { Ddim, SD_SCHEDULE } from '@/samplers/ddim'
import type { AlignSettings } from '@/schema/modes/align'
import { ClipTokenizer } from '@/text/clipTokenizer'
import { readTokenizerJson } from '@/text/tokenizerJson'
import { checkAdapter, openAdapter, withAdapters } from '@/weights/lora/lora'

/** "!", which both text encoders of OpenCLIP were trained to see behind the end of a text. */
const PADDING = 0
/** Begin, text, end. */
export const SD_TOKENS = 77

export interface SdModelOptions {
  /** Keep U-Net and scorer on the device together. */
  keepAll: boolean
}

export class SdModel implements AlignModel {
  readonly hash: string
  readonly latent: AlignModel['latent']
  readonly scoresAtOnce: boolean
  private readonly backend: Backend
  private readonly set: AlignSet
  private readonly prompts = new Map<string, EncodedPrompt>()
  private readonly tokenizer = new Once<ClipTokenizer>()
  private unet: Unet | null = null
  private decoder: Vae | null = null
  private colours: LatentColours | null = null

  constructor(backend: Backend, set: AlignSet, { keepAll }: SdModelOptions) {
    this.backend = backend
    this.set = set
    this.hash = set.unet.hash
    this.scoresAtOnce = keepAll
    const { latentChannels, channels } = set.vae.manifest.config
    this.latent = { channels: latentChannels, pixels: 2 ** (channels.length - 1), mapLevel: 2 }
  }

  ddim(steps: number): Ddim {
    const { prediction, fewSteps } = this.set.unet.manifest.config
    // Few-step models were distilled at the ends of the schedule's parts, the noisiest time among them.
    return new Ddim({ ...SD_SCHEDULE, prediction, spacing: fewSteps ? 'trailing' : 'leading' }, steps)
  }

  sizeOf({ width, height }: AlignSettings): Size {
    return { width, height }
  }

  /** Words are tokenised one by one, so a word's tokens are those that it adds to the text before it. */
  async columnsOf(prompt: string): Promise<number[][]> {
    const tokenizer = await this.openTokenizer()
    const count = (end: number) => Math.min(tokenizer.ids(prompt.slice(0, end)).length, SD_TOKENS - 2)
    return promptWords(prompt).map(({ start, end }) => {
      const [first, after] = [count(start), count(end)]
      return Array.from({ length: after - first }, (_, i) => 1 + first + i)
    })
  }

  async encodePrompts(prompts: readonly string[], signal: AbortSignal, onPart: OnPart) {
    const { backend, set, prompts: known } = this
    const missing = prompts.filter((prompt) => !known.has(prompt))
    if (missing.length > 0) {
      this.releaseNets()
      const tokenizer = await this.openTokenizer()
      const { config } = set.text.manifest
      const text = await ClipText.load(backend, config, set.text.source())
      try {
        for (const [index, prompt] of missing.entries()) {
          onPart(index, missing.length)
          const { hidden } = await text.encode(tokenizer.encode(prompt, SD_TOKENS), { signal })
          known.set(prompt, { embedding: hidden, tokens: SD_TOKENS, width: config.width })
        }
      } finally {
        text.dispose()
        backend.trim()
      }
    }
    onPart(prompts.length, prompts.length)
    return prompts.map((prompt) => known.get(prompt) as EncodedPrompt)
  }

  async net(signal: AbortSignal, onPart: OnPart): Promise<Unet> {
    if (this.unet) return this.unet
    signal.throwIfAborted()
    const { config } = this.set.unet.manifest
    const adapters = await Promise.all(
      this.set.adapters.map(async ({ pack, weight }) => ({
        adapter: await openAdapter(await pack.checkpoint(), pack.manifest.config.alpha, FAMILIES.sd2),
        weight,
      })),
    )
    const { linears } = unetParameters(config)
    for (const { adapter } of adapters) checkAdapter(adapter, linears)
    const source = withAdapters(this.set.unet.source(), adapters)
    this.unet = await Unet.load(this.backend, config, source, (done, total) => {
      signal.throwIfAborted()
      onPart(done, total)
    })
    return this.unet
  }

  async encode(picture: Raster, signal: AbortSignal): Promise<Float32Array> {
    const { vae } = this.set
    const encoder = await Vae.load(this.backend, vae.manifest.config, vae.source(), ['encoder'])
    try {
      const planes = signedPlanes(onWhite(picture))
      const { mean } = await encoder.encode(planes, picture.height, picture.width, { signal })
      return toModelLatent(mean, vae.manifest.config)
    } finally {
      encoder.dispose()
      this.backend.trim()
    }
  }

  async decode(latent: Float32Array, rows: number, columns: number, signal: AbortSignal): Promise<Raster> {
    const planes = await this.planes(latent, rows, columns, signal)
    const { pixels } = this.latent
    const [width, height] = [columns * pixels, rows * pixels]
    return opaque({ width, height, channels: 3, data: toBytes(planes, roundHalfEven) })
  }

  preview(latent: Float32Array, rows: number, columns: number): Raster {
    if (!this.colours) throw new Error('previews are not prepared')
    return previewOf(latent, rows, columns, this.colours)
  }

  async preparePreviews(signal: AbortSignal): Promise<void> {
    this.colours ??= await coloursOfDecoder(this.latent.channels, (latent, rows, columns) =>
      this.planes(latent, rows, columns, signal),
    )
  }

  async scorer(prompt: string, signal: AbortSignal): Promise<PromptScorer | null> {
    const { scorer: pack } = this.set
    if (!pack) return null
    if (!this.scoresAtOnce) this.releaseNets()
    const scorer = await Scorer.load(this.backend, pack.manifest.config, pack.source(), 'clip')
    try {
      const ids = (await this.openTokenizer()).encode(prompt, SD_TOKENS)
      const features = await scorer.text(Array.from(ids), signal)
      return {
        score: (picture) => scorer.score(picture, features, signal),
        dispose: () => {
          scorer.dispose()
          this.backend.trim()
        },
      }
    } catch (error) {
      scorer.dispose()
      throw error
    }
  }

  dispose(): void {
    this.releaseNets()
  }

  /** [3, height, width] in [-1,1] */
  private async planes(latent: Float32Array, rows: number, columns: number, signal: AbortSignal) {
    const { vae } = this.set
    const { config } = vae.manifest
    this.decoder ??= await Vae.load(this.backend, config, vae.source(), ['decoder'])
    return this.decoder.decode(toVaeLatent(latent, config), rows, columns, { signal })
  }

  private openTokenizer(): Promise<ClipTokenizer> {
    return this.tokenizer.get(() => openSdTokenizer(this.set.tokenizer))
  }

  private releaseNets(): void {
    const { unet, decoder } = this
    this.unet = null
    this.decoder = null
    unet?.dispose()
    decoder?.dispose()
    this.backend.trim()
  }
}

export async function openSdTokenizer(pack: AlignSet['tokenizer']): Promise<ClipTokenizer> {
  const { manifest } = pack
  const file = await pack.file(manifest.shards[0].file)
  return ClipTokenizer.fromJson(await readTokenizerJson(file, manifest.name), { padId: PADDING })
}
