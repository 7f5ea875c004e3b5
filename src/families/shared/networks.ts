/** Networks that several families are made of; which family's one is, its config tells. */
import { network, type Tokenizer } from '@/families/family'
import { findVae, vaeLayout } from '@/families/shared/autoencoder'
import { clipLayout, clipTextLayout, findClip, findClipText } from '@/families/shared/clip'
import { ClipConfig, ClipTextConfig, VaeConfig } from '@/families/shared/config'
import {
  dinoLayout,
  findDino,
  findRedux,
  findSiglip,
  ReduxConfig,
  reduxLayout,
  SIGLIP_MARK,
  siglipLayout,
  VisionConfig,
} from '@/families/shared/vision'

const MIT = 'MIT, unless its author says otherwise'

export const vae = network({
  config: VaeConfig,
  words: 'autoencoder',
  order: 1,
  precisions: ['f16', 'q8', 'q4'],
  isIn: (shapes) => findVae(shapes) !== null,
  sideFile: /AutoencoderKL/,
  layout: vaeLayout,
  describe: ({ latentChannels }, dialect) => ({
    description: `Autoencoder, ${dialect}, ${latentChannels} latent channels`,
    licence: 'As its author says',
  }),
})

/** Both towers: what scores pictures against words. */
export const clip = network({
  config: ClipConfig,
  words: 'CLIP',
  order: 2,
  // CLIP is too small for four bits to matter, and its errors colour the whole picture.
  precisions: ['f16', 'q8'],
  isIn: findClip,
  sideFile: /CLIPModel|(?:^| )clip(?: |$)/,
  layout: clipLayout,
  describe: ({ text, vision }) => ({
    description: `CLIP for scores, text ${text.layers} layers of ${text.width}, pictures ${vision.layers} of ${vision.width}`,
    licence: MIT,
  }),
})

export const clipText = network({
  config: ClipTextConfig,
  words: 'text encoder',
  order: 3,
  precisions: ['f16', 'q8'],
  isIn: (shapes) => findClipText(shapes) !== null,
  sideFile: /clip/i,
  layout: clipTextLayout,
  describe: ({ layers, width }) => ({
    description: `CLIP text encoder, ${layers} layers of ${width}`,
    licence: MIT,
  }),
})

/** What Redux sees pictures with. */
export const siglip = network({
  config: VisionConfig,
  words: 'vision encoder',
  // As CLIP's text encoder, which a file with SigLIP's own would be taken for.
  order: 3,
  precisions: ['f16', 'q8'],
  isIn: (shapes) => findSiglip(shapes) !== null,
  marks: SIGLIP_MARK,
  sideFile: /siglip/i,
  layout: siglipLayout,
  describe: ({ layers, width }) => ({
    description: `SigLIP vision encoder, ${layers} layers of ${width}`,
    licence: 'Apache-2.0, unless its author says otherwise',
  }),
})

/** What a picture looks like, as numbers: DINO's. */
export const dino = network({
  config: VisionConfig,
  words: 'vision encoder',
  order: 2,
  precisions: ['f16', 'q8'],
  isIn: (shapes) => findDino(shapes) !== null,
  sideFile: /dino|ViTModel/i,
  layout: dinoLayout,
  describe: ({ layers, width, layerScale, registers }) => ({
    description: `DINO${layerScale ? 'v2' : ''} vision encoder, ${layers} layers of ${width}${registers > 0 ? ', with registers' : ''}`,
    licence: 'Apache-2.0, unless its author says otherwise',
  }),
})

export const redux = network({
  config: ReduxConfig,
  words: 'Redux',
  order: 2,
  precisions: ['f16', 'q8'],
  isIn: (shapes) => findRedux(shapes) !== null,
  sideFile: /ReduxImageEncoder/,
  layout: reduxLayout,
  describe: ({ vision, text }) => ({
    description: `FLUX.1 Redux, from ${vision} to ${text}`,
    licence: 'FLUX.1 [dev] Non-Commercial License, unless its author says otherwise',
  }),
})

/** Byte pairs whose words end in a mark: CLIP's alone among the published ones. */
export const clipTokenizer: Tokenizer = {
  words: 'CLIP tokenizer',
  description: 'Tokenizer of CLIP (byte-pair)',
  isIn: ({ type, merges, end_of_word_suffix: suffix }) =>
    (type === 'BPE' || (type === undefined && Array.isArray(merges))) && suffix === '</w>',
}
