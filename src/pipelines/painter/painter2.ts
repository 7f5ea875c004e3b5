/**
 * Painter 2 (docs/painter.md) on one backend: the networks of its pack, each put on the device when it is first used, where all of
 * them stay: together they are smaller than a picture's memory on FLUX.
 */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import type { Size } from '@/base/geometry'
import { Once } from '@/base/once'
import { CellVision, widthOf } from '@/nets/encoders/cellVision'
import { ClipText } from '@/nets/encoders/clipText'
import { Redux } from '@/nets/encoders/redux'
import { fluxDit } from '@/nets/flux/flux'
import { Transformer } from '@/nets/runner/transformer'
import { Unet } from '@/nets/unet/unetRunner'
import { Vae, type VaeOptions } from '@/nets/vae/vae'
import { cellPlaces } from '@/pipelines/painter/cellPlaces'
import { CELL } from '@/pipelines/painter/painterParts'
import { painterText, type PainterText } from '@/pipelines/painter/painterText'
import { unit } from '@/pipelines/shared/features'
import { PAINTER_REFERENCES } from '@/schema/modes/compose'
import type { FluxConfig, Painter2Config, Painter2Manifest, UnetConfig } from '@/schema/pack'
import { prefixed, type WeightSource } from '@/weights/formats/source'
import type { DreamoEmbeddings } from '@/weights/lora/loraEmbeddings'

/** What its scorer sees in a picture. */
export interface PainterSees {
  /** Of 16 x 16 pixels each, row by row. */
  tokens: Float32Array // [cells, width]
  /** Tokens in a row. */
  columns: number
  /** Of length 1, comparable with a text's. */
  feature: Float32Array // [projection]
}

/** What its text encoder reads in a text. */
export interface PainterReads {
  context: Float32Array // [positions, width]
  /** Of length 1, comparable with a picture's. */
  feature: Float32Array // [projection]
}

/** Rows of the table of references: one that is unused, and one for each. */
const REFERENCE_ROWS = 1 + PAINTER_REFERENCES

export class Painter2 {
  readonly backend: Backend
  /** sha256 of the manifest. */
  readonly hash: string
  readonly config: Painter2Config
  private readonly words: readonly string[]
  private readonly source: WeightSource
  private readonly nets = {
    vae: new Once<Vae>(),
    text: new Once<ClipText>(),
    vision: new Once<CellVision>(),
    redux: new Once<Redux>(),
    dit: new Once<Transformer>(),
    unet: new Once<Unet>(),
  }
  private readonly scales = new Once<{ mean: Float32Array; deviation: Float32Array }>()

  /** @param source the pack's tensors */
  constructor(
    backend: Backend,
    { config, words }: Pick<Painter2Manifest, 'config' | 'words'>,
    hash: string,
    source: WeightSource,
  ) {
    this.backend = backend
    this.config = config
    this.words = words
    this.hash = hash
    this.source = source
  }

  /** Channels of a token of `look`. */
  get seenWidth(): number {
    return widthOf(this.config.scorer.image)
  }

  /** A prompt as its text encoder takes it. */
  tokenise(prompt: string): PainterText {
    return painterText(prompt, this.words, this.config.scorer.text.positions)
  }

  /** @throws bad-weights, out-of-memory; AbortError */
  async read(prompt: string, signal?: AbortSignal): Promise<PainterReads> {
    const { text } = this.config.scorer
    const tower = await this.nets.text.get(() =>
      ClipText.load(this.backend, text, prefixed(this.source, 'scorer.words.')),
    )
    const { hidden, projected } = await tower.encode(this.tokenise(prompt).ids, { signal })
    return { context: hidden, feature: unit(projected ?? noProjection()) }
  }

  /** @param pixels [3, height, width] in [-1, 1], sides multiples of 16 @throws bad-image, bad-weights, out-of-memory; AbortError */
  async look(pixels: Float32Array, size: Size, signal?: AbortSignal): Promise<PainterSees> {
    const { text, image } = this.config.scorer
    const tower = await this.nets.vision.get(() =>
      CellVision.load(
        this.backend,
        image,
        text.projection ?? noProjection(),
        prefixed(this.source, 'scorer.'),
      ),
    )
    const { tokens, feature } = await tower.look(pixels, size, signal)
    return { tokens, columns: size.width / (2 * CELL), feature: unit(feature) }
  }

  /** What was seen as words that Painter-D reads: Redux's. @returns [cells, contextDim] @throws as `look` */
  async asWords({ tokens, columns }: Omit<PainterSees, 'feature'>): Promise<Float32Array> {
    const config = { vision: this.seenWidth, text: this.dit.contextDim }
    const redux = await this.nets.redux.get(() =>
      Redux.load(this.backend, config, prefixed(this.source, 'dit.')),
    )
    const cells = tokens.length / config.vision
    const places = cellPlaces(cells, columns, config.vision)
    return redux.embed(
      tokens.map((value, i) => value + places[i]),
      [1, cells],
    )
  }

  /**
   * A picture's latent as the painters know it, each channel normalised.
   * @param pixels [3, height, width] in [-1, 1], sides multiples of 8
   * @returns [channels, height/8, width/8]
   * @throws as `look`
   */
  async encode(pixels: Float32Array, { width, height }: Size, signal?: AbortSignal): Promise<Float32Array> {
    const vae = await this.vae()
    const { mean, deviation } = await this.channelScales()
    const { mean: latent } = await vae.encode(pixels, height, width, { signal })
    const cells = latent.length / mean.length
    return latent.map((value, i) => (value - mean[Math.floor(i / cells)]) / deviation[Math.floor(i / cells)])
  }

  /**
   * Inverse of `encode`, as far as there is one.
   * @param latent [channels, rows, columns] @returns [3, 8*rows, 8*columns], about [-1, 1] @throws as `look`
   */
  async decode(
    latent: Float32Array,
    rows: number,
    columns: number,
    options: VaeOptions = {},
  ): Promise<Float32Array> {
    const vae = await this.vae()
    const { mean, deviation } = await this.channelScales()
    const cells = rows * columns
    const raw = latent.map(
      (value, i) => value * deviation[Math.floor(i / cells)] + mean[Math.floor(i / cells)],
    )
    return vae.decode(raw, rows, columns, options)
  }

  /** Painter-D. @throws unsupported where the pack has none; bad-weights, out-of-memory */
  transformer(): Promise<Transformer> {
    const network = { ...fluxDit(this.dit), balanced: true as const }
    return this.nets.dit.get(() =>
      Transformer.load(this.backend, network, prefixed(this.source, 'dit.flux.')),
    )
  }

  /** Painter-U. @throws unsupported where the pack has none; bad-weights, out-of-memory */
  async net(onPart: (done: number, total: number) => void): Promise<Unet> {
    const { unet } = this
    return this.nets.unet.get(() => Unet.load(this.backend, unet, prefixed(this.source, 'unet.'), onPart))
  }

  /** What Painter-U is. @throws unsupported where the pack has none */
  get unet(): UnetConfig {
    return (
      this.config.unet ??
      fail('unsupported', 'This model has no Painter-U.', 'Choose another model for this mode.')
    )
  }

  /** The rows that tell Painter-D's references from the picture, as DreamO's. @throws bad-weights */
  async referenceRows(): Promise<DreamoEmbeddings> {
    const { hidden } = this.dit
    return {
      task: await this.source.tensor('dit.task_embedding.weight', [2, hidden]),
      index: await this.source.tensor('dit.idx_embedding.weight', [REFERENCE_ROWS, hidden]),
    }
  }

  dispose(): void {
    for (const net of Object.values(this.nets))
      void net.take()?.then(
        (made) => made.dispose(),
        () => undefined,
      )
  }

  private get dit(): FluxConfig {
    return (
      this.config.dit ??
      fail('unsupported', 'This model has no Painter-D.', 'Choose another model for this mode.')
    )
  }

  private vae(): Promise<Vae> {
    return this.nets.vae.get(() =>
      Vae.load(this.backend, this.config.autoencoder, prefixed(this.source, 'autoencoder.')),
    )
  }

  private channelScales(): Promise<{ mean: Float32Array; deviation: Float32Array }> {
    const shape = [this.config.autoencoder.latentChannels]
    return this.scales.get(async () => ({
      mean: await this.source.tensor('autoencoder.mean', shape),
      deviation: await this.source.tensor('autoencoder.deviation', shape),
    }))
  }
}

const noProjection = (): never =>
  fail(
    'bad-weights',
    'This model cannot compare pictures with words.',
    'Reload the page; if it stays so, install the studio again.',
  )
