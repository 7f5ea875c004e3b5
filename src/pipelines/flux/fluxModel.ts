/**
 * What a FLUX pipeline works with: the packs that a recipe names, and the networks made from them, opened when they are
 * needed and let go in phases, so that encoders, VAE and transformer need not fit on the device together.
 */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import { Once } from '@/base/once'
import type { Residency } from '@/nets/runner/blockWeights'
import { Transformer } from '@/nets/runner/transformer'
import { fluxDit } from '@/nets/flux/flux'
import { networkLinears } from '@/nets/runner/network'
import { Vae } from '@/nets/vae/vae'
import {
  missing,
  openAdapterParts,
  openPart,
  openParts,
  type FindPack,
  type PackOf,
} from '@/pipelines/shared/modelSet'
import type { ModelPart } from '@/schema/modelRef'
import { checkAdapter, openAdapter, withAdapters, type WeightedAdapter } from '@/weights/lora/lora'

/** The packs of one recipe. */
export interface FluxModelSet {
  transformer: PackOf<'fluxDit'>
  vae: PackOf<'vae'>
  clip: PackOf<'clipText'>
  clipTokenizer: PackOf<'tokenizer'>
  /** The pack may be gone while prompts that were encoded with it are still kept under its hash. */
  t5: { hash: string; pack: PackOf<'t5'> | null } | null
  t5Tokenizer: PackOf<'tokenizer'> | null
  adapters: readonly { pack: PackOf<'lora'>; weight: number }[]
}

/**
 * Finds the packs of a recipe's parts.
 * @param find opens the installed pack of a part, by its hash; null where it is not installed
 * @throws missing-asset naming the first part that is needed and not there (T5 and its tokenizer may be absent, a prompt
 * may be kept); bad-recipe when a part's pack is of another family or an adapter of another model
 */
export async function openModelSet(parts: readonly ModelPart[], find: FindPack): Promise<FluxModelSet> {
  const tokenizers = await openParts(parts, find, 'tokenizer')
  const tokenizer = (of: 'clip' | 't5') =>
    tokenizers.find(({ pack }) => pack?.manifest.config.of === of)?.pack ?? null
  const [t5] = await openParts(parts, find, 't5')
  const set: FluxModelSet = {
    transformer: await openPart(parts, find, 'fluxDit', 'the FLUX transformer'),
    vae: await openPart(parts, find, 'vae', 'the FLUX autoencoder (VAE)'),
    clip: await openPart(parts, find, 'clipText', 'the CLIP text encoder'),
    clipTokenizer: tokenizer('clip') ?? missing("CLIP's tokenizer"),
    t5: t5 ? { hash: t5.part.hash, pack: t5.pack } : null,
    t5Tokenizer: tokenizer('t5'),
    adapters: await openAdapterParts(parts, find),
  }
  for (const { pack } of set.adapters)
    if (pack.manifest.config.base !== 'flux')
      fail(
        'bad-recipe',
        `The adapter "${pack.manifest.name}" does not fit FLUX.`,
        'Choose an adapter that was made for FLUX.1 [dev].',
        `made for ${pack.manifest.config.base}`,
      )
  return set
}

export interface FluxModelsOptions {
  /** Whether the transformer's blocks stay on the device or pass through it. */
  residency?: Residency
  /** Keep the transformer on the device while encoders and VAE run, and for the next picture. */
  keepTransformer?: boolean
}

/** The networks of a model set on one backend. One task at a time. */
export class FluxModels {
  readonly backend: Backend
  readonly set: FluxModelSet
  private readonly options: FluxModelsOptions
  private dit: Transformer | null = null
  private readonly opened = new Once<WeightedAdapter[]>()

  constructor(backend: Backend, set: FluxModelSet, options: FluxModelsOptions = {}) {
    this.backend = backend
    this.set = set
    this.options = options
  }

  /** The set's adapters; their tables are read once, their numbers when a linear is loaded. */
  adapters(): Promise<WeightedAdapter[]> {
    return this.opened.get(() =>
      Promise.all(
        this.set.adapters.map(async ({ pack, weight }) => ({
          adapter: await openAdapter(await pack.checkpoint(), pack.manifest.config.alpha),
          weight,
        })),
      ),
    )
  }

  /** Has the VAE, or the half of it that is needed, on the device while `use` runs. */
  async withVae<T>(sides: readonly ('encoder' | 'decoder')[], use: (vae: Vae) => Promise<T>): Promise<T> {
    this.makeRoom()
    const { manifest } = this.set.vae
    const vae = await Vae.load(this.backend, manifest.config, this.set.vae.source(), sides)
    try {
      return await use(vae)
    } finally {
      vae.dispose()
      this.backend.trim()
    }
  }

  /**
   * The transformer with its adapters as side branches, which works on weights of every precision; loaded on first use.
   * @throws bad-weights or unsupported when an adapter does not fit, before anything is loaded
   */
  async transformer(
    onProgress: (done: number, total: number) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<Transformer> {
    if (this.dit) return this.dit
    const { manifest } = this.set.transformer
    const adapters = await this.adapters()
    const network = fluxDit(manifest.config)
    const shapes = networkLinears(network)
    for (const { adapter } of adapters) checkAdapter(adapter, shapes)
    const source = withAdapters(this.set.transformer.source(), adapters)
    const residency = this.options.residency ?? 'resident'
    this.dit = await Transformer.load(this.backend, network, source, {
      residency,
      signal,
      onProgress,
    })
    return this.dit
  }

  /** Lets the transformer go unless it is to be kept; called before anything else takes much memory. */
  makeRoom(): void {
    if (!this.options.keepTransformer) this.releaseTransformer()
  }

  releaseTransformer(): void {
    const { dit } = this
    if (!dit) return
    this.dit = null
    dit.dispose()
    this.backend.trim()
  }

  dispose(): void {
    this.releaseTransformer()
  }
}
