/** FLUX.1 and its pruned relatives, with CLIP-L and T5 v1.1 XXL (specs: FLUX). */
import type { ModelFamily } from '@/families/family'
import { network } from '@/families/family'
import { fluxAdapters } from '@/families/flux/adapters'
import { FluxConfig, T5Config } from '@/families/flux/config'
import { FLUX_PARTS } from '@/families/flux/parts'
import { FLUX_RELATIVES } from '@/families/flux/relatives'
import { FLUX_ROLES } from '@/families/flux/roles'
import { findT5, t5Layout } from '@/families/flux/t5'
import { findFlux, fluxLayout } from '@/families/flux/transformer'
import { clipText, clipTokenizer, dino, redux, siglip, vae } from '@/families/shared/networks'
import type { ClipTextConfig, VaeConfig } from '@/families/shared/config'

const fluxDit = network({
  config: FluxConfig,
  words: 'transformer',
  order: 0,
  precisions: ['q4', 'q8', 'f16'],
  isIn: (shapes) => findFlux(shapes) !== null,
  sideFile: /FluxTransformer/,
  layout: fluxLayout,
  describe: ({ doubleBlocks, singleBlocks, guidance }, dialect) => ({
    description: `FLUX transformer, ${dialect}, ${doubleBlocks} + ${singleBlocks} blocks`,
    licence: guidance
      ? 'FLUX.1 [dev] Non-Commercial License, unless its author says otherwise'
      : 'As its author says',
  }),
})

const t5 = network({
  config: T5Config,
  words: 'T5',
  order: 4,
  precisions: ['q4', 'q8', 'f16'],
  isIn: (shapes) => findT5(shapes) !== null,
  sideFile: /T5/i,
  layout: t5Layout,
  describe: ({ layers, width }) => ({
    description: `T5 v1.1 encoder, ${layers} layers of ${width}`,
    licence: 'Apache-2.0, unless its author says otherwise',
  }),
})

export const flux = {
  name: 'FLUX.1',
  shortName: 'FLUX',
  networks: { fluxDit, vae, clipText, t5, siglip, redux, dino },
  tokenizers: {
    clip: clipTokenizer,
    t5: {
      words: 'T5 tokenizer',
      description: 'Tokenizer of T5 (unigram)',
      isIn: ({ type, vocab }) => type === 'Unigram' || (type === undefined && Array.isArray(vocab)),
    },
  },
  parts: FLUX_PARTS,
  roles: FLUX_ROLES,
  adapters: fluxAdapters,
  relatives: FLUX_RELATIVES,
  owns(family, config) {
    switch (family) {
      case 'fluxDit':
      case 't5':
      case 'siglip':
      case 'redux':
        return true
      case 'clipText':
        // OpenAI's CLIP is FLUX's, OpenCLIP is Stable Diffusion's.
        return (config as ClipTextConfig).activation === 'quickGelu'
      case 'vae':
        return (config as VaeConfig).latentChannels === 16
      default:
        return false
    }
  },
  packWords: {
    fluxDit: 'FLUX transformer',
    clipText: 'CLIP text encoder',
    t5: 'T5 text encoder',
    vae: 'FLUX autoencoder',
    siglip: 'SigLIP, sees pictures',
    redux: 'Redux, pictures as words',
    dino: 'DINO, compares pictures',
  },
} as const satisfies ModelFamily
