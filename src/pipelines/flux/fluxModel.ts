/** What a FLUX pipeline works with: the packs that a recipe names, and the networks made from them. */
import type { Backend } from '@/backend/types'
import { FAMILIES } from '@/families/registry'
import { fluxDit } from '@/nets/flux/flux'
import type { Network } from '@/nets/runner/network'
import { DitModels, type DitOptions } from '@/pipelines/shared/ditModels'
import {
  missing,
  openAdaptersFor,
  openPart,
  openParts,
  type FindPack,
  type PackOf,
} from '@/pipelines/shared/modelSet'
import type { ModelPart } from '@/schema/modelRef'

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
  return {
    transformer: await openPart(parts, find, 'fluxDit', 'the FLUX transformer'),
    vae: await openPart(parts, find, 'vae', 'the FLUX autoencoder (VAE)'),
    clip: await openPart(parts, find, 'clipText', 'the CLIP text encoder'),
    clipTokenizer: tokenizer('clip') ?? missing("CLIP's tokenizer"),
    t5: t5 ? { hash: t5.part.hash, pack: t5.pack } : null,
    t5Tokenizer: tokenizer('t5'),
    adapters: await openAdaptersFor('flux', parts, find),
  }
}

/** The networks of a model set on one backend. One task at a time. */
export class FluxModels extends DitModels<FluxModelSet> {
  constructor(backend: Backend, set: FluxModelSet, options?: DitOptions) {
    super(backend, set, FAMILIES.flux, options)
  }

  network(): Network {
    return fluxDit(this.set.transformer.manifest.config)
  }
}
