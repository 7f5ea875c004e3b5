/**
 * A diffusion transformer with its adapters and its autoencoder, opened when they are needed and let go in phases, so that
 * encoders, VAE and transformer need not fit on the device together.
 */
import type { Backend } from '@/backend/types'
import { Once } from '@/base/once'
import type { Residency } from '@/nets/runner/blockWeights'
import { networkLinears, type Network } from '@/nets/runner/network'
import { Transformer } from '@/nets/runner/transformer'
import { Vae, type Side } from '@/nets/vae/vae'
import type { PackOf, PackProvider } from '@/pipelines/shared/modelSet'
import {
  checkAdapter,
  openAdapter,
  withAdapters,
  type Adapted,
  type WeightedAdapter,
} from '@/weights/lora/lora'

/** Packs of which a picture is made, whichever text encoders belong to them. */
export interface DitSet {
  transformer: PackProvider
  vae: PackOf<'vae'>
  adapters: readonly { pack: PackOf<'lora'>; weight: number }[]
}

export interface DitOptions {
  /** Whether the transformer's blocks stay on the device or pass through it. */
  residency?: Residency
  /** Keep the transformer on the device while encoders and VAE run, and for the next picture. */
  keepTransformer?: boolean
}

/** The networks of a set on one backend. One task at a time. */
export abstract class DitModels<S extends DitSet> {
  readonly backend: Backend
  readonly set: S
  private readonly options: DitOptions
  /** What its adapters have to be made for. */
  private readonly family: Adapted
  private dit: Transformer | null = null
  private readonly opened = new Once<WeightedAdapter[]>()

  constructor(backend: Backend, set: S, family: Adapted, options: DitOptions = {}) {
    this.backend = backend
    this.set = set
    this.family = family
    this.options = options
  }

  /** The set's transformer, described. */
  abstract network(): Network

  /** The set's adapters; their tables are read once, their numbers when a linear is loaded. */
  adapters(): Promise<WeightedAdapter[]> {
    return this.opened.get(() =>
      Promise.all(
        this.set.adapters.map(async ({ pack, weight }) => ({
          adapter: await openAdapter(await pack.checkpoint(), pack.manifest.config.alpha, this.family),
          weight,
        })),
      ),
    )
  }

  /** Has the VAE, or the half of it that is needed, on the device while `use` runs. */
  async withVae<T>(sides: readonly Side[], use: (vae: Vae) => Promise<T>): Promise<T> {
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
    const adapters = await this.adapters()
    const network = this.network()
    const shapes = networkLinears(network)
    for (const { adapter } of adapters) checkAdapter(adapter, shapes)
    const source = withAdapters(this.set.transformer.source(), adapters)
    const residency = this.options.residency ?? 'resident'
    this.dit = await Transformer.load(this.backend, network, source, { residency, signal, onProgress })
    return this.dit
  }

  /** Lets the transformer go unless it is to be kept; called before anything else takes much memory. */
  makeRoom(): void {
    if (!this.options.keepTransformer) this.releaseTransformer()
  }

  dispose(): void {
    this.releaseTransformer()
  }

  private releaseTransformer(): void {
    const { dit } = this
    if (!dit) return
    this.dit = null
    dit.dispose()
    this.backend.trim()
  }
}
