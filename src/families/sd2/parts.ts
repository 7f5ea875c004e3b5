/** What modes on Stable Diffusion 2 are made of. The tokenizer is CLIP's, as FLUX has it. */
import type { Part } from '@/families/family'

const SD = 'stabilityai/stable-diffusion-2-1-base'
const IN_SINGLE_FILE = 'A single file holds U-Net, text encoder and autoencoder: each is offered by itself.'

export const SD2_PARTS = {
  unet: {
    words: 'a Stable Diffusion 2 U-Net',
    guide: {
      name: 'Stable Diffusion 2.1 U-Net',
      repository: SD,
      files: [
        'v2-1_512-ema-pruned.safetensors',
        'or unet/diffusion_pytorch_model.safetensors with its config.json and scheduler_config.json',
        'or sd_turbo.safetensors of stabilityai/sd-turbo, for few steps',
      ],
      bytes: 1_731_821_448,
      note: `The size is that of the U-Net alone, in 16 bits. ${IN_SINGLE_FILE}`,
    },
    matches: ({ family }) => family === 'unet',
  },
  sdText: {
    words: 'its OpenCLIP-H text encoder',
    guide: {
      name: 'OpenCLIP-H text encoder',
      repository: SD,
      files: ['text_encoder/model.safetensors with its config.json', 'or the single file of the U-Net'],
      bytes: 680_775_680,
      note: 'The size is that in 16 bits.',
    },
    matches: ({ family, base }) => family === 'clipText' && base === 'sd2',
  },
  sdVae: {
    words: 'its autoencoder (VAE)',
    guide: {
      name: 'Stable Diffusion autoencoder (VAE)',
      repository: SD,
      files: ['vae/diffusion_pytorch_model.safetensors', 'or the single file of the U-Net'],
      bytes: 167_307_726,
      note: 'The size is that in 16 bits.',
    },
    matches: ({ family, base }) => family === 'vae' && base === 'sd2',
  },
  scorer: {
    words: 'a CLIP model that scores pictures',
    guide: {
      name: 'CLIP-H, which scores pictures',
      repository: 'laion/CLIP-ViT-H-14-laion2B-s32B-b79K',
      files: ['model.safetensors with its config.json', 'or open_clip_model.safetensors'],
      bytes: null,
      note: 'Align sorts its gallery and judges targets by it, Mix its mixtures; without it, there are no scores.',
    },
    matches: ({ family }) => family === 'clip',
  },
} as const satisfies Record<string, Part>
