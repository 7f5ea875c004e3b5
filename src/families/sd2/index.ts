/** Stable Diffusion 2.x with OpenCLIP-H (specs: D-Fusion). */
import type { ModelFamily, Relative } from '@/families/family'
import { network } from '@/families/family'
import { InstalledUnetConfig } from '@/families/sd2/config'
import { SD2_PARTS } from '@/families/sd2/parts'
import { relativeUnet, unetTarget } from '@/families/sd2/targets'
import { findUnet, SD_2_1, unetLayout, unetParameters } from '@/families/sd2/unet'
import { clip, clipText, clipTokenizer, vae } from '@/families/shared/networks'
import type { ClipTextConfig, VaeConfig } from '@/families/shared/config'

const unet = network({
  config: InstalledUnetConfig,
  words: 'U-Net',
  order: 0,
  precisions: ['q4', 'q8', 'f16'],
  isIn: (shapes) => findUnet(shapes) !== null,
  // What it predicts is in its scheduler's config.
  sideFile: /UNet2D|Scheduler\b/,
  isToldByNames: true,
  layout: unetLayout,
  describe: ({ prediction, fewSteps }, dialect) => ({
    description: `Stable Diffusion 2 U-Net, ${dialect}, ${prediction === 'epsilon' ? 'predicts noise' : 'predicts v'}${fewSteps ? ', few steps' : ''}`,
    licence: fewSteps ? 'As its author says' : 'CreativeML Open RAIL++-M, unless its author says otherwise',
  }),
})

/** Modules that only U-Nets have. */
const OF_UNET = /(?:input_blocks|output_blocks|down_blocks|up_blocks)[._]\d+|mid_block[._]/

const RELATIVES: readonly Relative[] = [
  {
    pattern: /(?:^|\.)motion_modules\./,
    message: 'is a motion module for films, which no mode uses.',
    hint: 'Choose a U-Net of Stable Diffusion 2.',
  },
  {
    pattern: /(?:^|\.)time_embedding\.cond_proj\./,
    message: 'is a U-Net that takes its guidance as a number (LCM), which Align cannot run.',
    hint: 'Choose Stable Diffusion 2.1-base, or SD-Turbo.',
  },
]

export const sd2 = {
  name: 'Stable Diffusion 2',
  shortName: 'Stable Diffusion',
  networks: { unet, vae, clip, clipText },
  tokenizers: { clip: clipTokenizer },
  parts: SD2_PARTS,
  roles: {},
  adapters: {
    network: 'unet',
    recorded: 'Stable Diffusion 2',
    modules: OF_UNET,
    marks: OF_UNET,
    others: [],
    released: 'Stable Diffusion 2.1',
    parameters: () => unetParameters(SD_2_1),
    target: unetTarget,
    relative: relativeUnet,
    tables: {},
  },
  relatives: RELATIVES,
  owns(family, config) {
    switch (family) {
      case 'unet':
        return true
      case 'clipText':
        return (config as ClipTextConfig).activation === 'gelu'
      case 'vae':
        return (config as VaeConfig).latentChannels === 4
      default:
        return false
    }
  },
  packWords: {
    unet: 'Stable Diffusion U-Net',
    clipText: 'OpenCLIP text encoder',
    clip: 'CLIP, scores pictures',
    vae: 'Stable Diffusion autoencoder',
  },
} as const satisfies ModelFamily
