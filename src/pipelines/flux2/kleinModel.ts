/** What a pipeline on FLUX.2 [klein] works with: the packs that a recipe names, and the networks made from them. */
import type { Backend } from '@/backend/types'
import { fail } from '@/base/errors'
import { FAMILIES } from '@/families/registry'
import { flux2Dit } from '@/nets/flux/flux2'
import type { Network } from '@/nets/runner/network'
import type { Side } from '@/nets/vae/vae'
import { loadStatistics } from '@/nets/vae/statistics'
import { KleinVae } from '@/pipelines/flux2/kleinVae'
import { DitModels, type DitOptions } from '@/pipelines/shared/ditModels'
import { openAdaptersFor, openPart, openParts, type FindPack, type PackOf } from '@/pipelines/shared/modelSet'
import type { ModelPart } from '@/schema/modelRef'

/** A pack that may be gone while what it made of texts is still kept under its hash. */
interface MaybeGone<F extends 'qwen3' | 'tokenizer'> {
  hash: string
  pack: PackOf<F> | null
}

/** The packs of one recipe. */
export interface KleinModelSet {
  transformer: PackOf<'flux2Dit'>
  vae: PackOf<'vae'>
  encoder: MaybeGone<'qwen3'> | null
  tokenizer: MaybeGone<'tokenizer'> | null
  adapters: readonly { pack: PackOf<'lora'>; weight: number }[]
}

/**
 * Finds the packs of a recipe's parts and checks that they belong together.
 * @param find opens the installed pack of a part, by its hash; null where it is not installed
 * @throws missing-asset naming the first part that is needed and not there (the text encoder and its tokenizer may be
 * absent, texts are kept); bad-recipe when a part's pack is of another family or an adapter of another model; bad-weights
 * when encoder or autoencoder belong to another model
 */
export async function openKleinSet(parts: readonly ModelPart[], find: FindPack): Promise<KleinModelSet> {
  const [encoder] = await openParts(parts, find, 'qwen3')
  const [tokenizer] = await openParts(parts, find, 'tokenizer')
  const set: KleinModelSet = {
    transformer: await openPart(parts, find, 'flux2Dit', 'the FLUX.2 [klein] transformer'),
    vae: await openPart(parts, find, 'vae', 'the FLUX.2 autoencoder (VAE)'),
    encoder: encoder ? { hash: encoder.part.hash, pack: encoder.pack } : null,
    tokenizer: tokenizer ? { hash: tokenizer.part.hash, pack: tokenizer.pack } : null,
    adapters: await openAdaptersFor('flux2', parts, find),
  }
  checkKleinSet(set)
  return set
}

/** Width of klein 9B's text, three of Qwen3-8B's hidden states. */
const WIDE_TEXT = 12288

/** @throws bad-weights */
function checkKleinSet({ transformer, vae, encoder }: KleinModelSet): void {
  const { contextDim, inChannels, outChannels } = transformer.manifest.config
  const text = encoder?.pack?.manifest.config
  if (text && text.states.length * text.width !== contextDim) {
    fail(
      'bad-weights',
      `This text encoder does not belong to FLUX.2 [klein] ${contextDim === WIDE_TEXT ? '9B' : '4B'}.`,
      `Import the one that was published with it, ${encoderName(contextDim)}, and delete the other.`,
      `texts of ${contextDim} are needed, the encoder gives ${text.states.length} x ${text.width}`,
    )
  }
  const channels = 4 * vae.manifest.config.latentChannels
  if (inChannels !== channels || outChannels !== channels)
    fail(
      'bad-weights',
      'This autoencoder does not belong to this transformer.',
      "Use FLUX.2's own autoencoder with FLUX.2.",
      `tokens have ${inChannels} channels, the autoencoder gives ${channels}`,
    )
}

/** The text encoder whose texts have so many numbers a token. */
export const encoderName = (contextDim: number): string =>
  contextDim === WIDE_TEXT ? 'Qwen3-8B' : 'Qwen3-4B'

/** The networks of a model set on one backend. One task at a time. */
export class KleinModels extends DitModels<KleinModelSet> {
  constructor(backend: Backend, set: KleinModelSet, options?: DitOptions) {
    super(backend, set, FAMILIES.flux2, options)
  }

  /** Base takes many steps with guidance; where nothing tells, it is taken for the one that four steps are enough for. */
  get isBase(): boolean {
    return this.set.transformer.manifest.config.distilled === false
  }

  network(): Network {
    return flux2Dit(this.set.transformer.manifest.config)
  }

  /** As `withVae`, with the statistics of its latents. @throws bad-weights where it has none */
  withKleinVae<T>(sides: readonly Side[], use: (vae: KleinVae) => Promise<T>): Promise<T> {
    return this.withVae(sides, async (vae) => {
      const { latentChannels } = this.set.vae.manifest.config
      return use(new KleinVae(vae, await loadStatistics(this.set.vae.source(), latentChannels)))
    })
  }
}
