/** FLUX.2 [klein], which edits pictures by references, with Qwen3 as its text encoder (specs: FLUX.2). */
import { network, type ModelFamily } from '@/families/family'
import { flux2Adapters } from '@/families/flux2/adapters'
import { Flux2Config, Qwen3Config } from '@/families/flux2/config'
import { FLUX2_PARTS } from '@/families/flux2/parts'
import { findQwen3, qwen3Layout } from '@/families/flux2/qwen3'
import { qwenTokenizer } from '@/families/flux2/tokenizer'
import { findFlux2, flux2Layout, KLEIN_4B } from '@/families/flux2/transformer'
import type { VaeConfig } from '@/families/shared/config'
import { vae } from '@/families/shared/networks'

const flux2Dit = network({
  config: Flux2Config,
  words: 'transformer',
  order: 0,
  precisions: ['q4', 'q8', 'f16'],
  isIn: (shapes) => findFlux2(shapes) !== null,
  // FLUX.1 is known by tensors that are here, too.
  marks: /(?:^|\.)double_stream_modulation_(?:img|txt)\./,
  // Whether it is Base is in the pipeline's index.
  sideFile: /Flux2Transformer|Flux2Klein/,
  isToldByNames: true,
  question: (config) =>
    config.distilled === null
      ? {
          words: 'Its files do not say which FLUX.2 [klein] this is',
          answers: [
            { words: '[klein], made for four steps', config: { ...config, distilled: true } },
            { words: 'its Base, for 50 steps with guidance', config: { ...config, distilled: false } },
          ],
        }
      : null,
  layout: flux2Layout,
  describe: ({ hidden, doubleBlocks, singleBlocks, distilled }, dialect) => ({
    description: `FLUX.2 [klein]${distilled === false ? ' Base' : ''} transformer, ${dialect}, ${doubleBlocks} + ${singleBlocks} blocks`,
    licence:
      hidden > KLEIN_4B.hidden
        ? 'FLUX Non-Commercial License, unless its author says otherwise'
        : 'Apache-2.0, unless its author says otherwise',
  }),
})

const qwen3 = network({
  config: Qwen3Config,
  words: 'Qwen3',
  order: 4,
  precisions: ['q4', 'q8', 'f16'],
  isIn: (shapes) => findQwen3(shapes) !== null,
  sideFile: /Qwen3(?!MoE|VL)/i,
  layout: qwen3Layout,
  describe: ({ states, width }) => ({
    description: `Qwen3 text encoder, ${Math.max(...states)} layers of ${width}`,
    licence: 'Apache-2.0, unless its author says otherwise',
  }),
})

export const flux2 = {
  name: 'FLUX.2 [klein]',
  shortName: 'FLUX.2',
  networks: { flux2Dit, vae, qwen3 },
  tokenizers: { qwen: qwenTokenizer },
  parts: FLUX2_PARTS,
  roles: {},
  adapters: flux2Adapters,
  relatives: [],
  owns(family, config) {
    switch (family) {
      case 'flux2Dit':
      case 'qwen3':
        return true
      case 'vae':
        return (config as VaeConfig).latentChannels === 32
      default:
        return false
    }
  },
  packWords: {
    flux2Dit: 'FLUX.2 [klein] transformer',
    qwen3: 'Qwen3 text encoder',
    vae: 'FLUX.2 autoencoder',
  },
} as const satisfies ModelFamily
