/** What modes on FLUX.1 are made of besides LoRAs. */
import type { Part } from '@/families/family'

const FLUX = 'black-forest-labs/FLUX.1-dev'

export const FLUX_PARTS = {
  transformer: {
    words: 'the FLUX transformer',
    guide: {
      name: 'FLUX.1-dev transformer',
      repository: FLUX,
      files: ['flux1-dev.safetensors', 'or the folder transformer/: three shards with their index'],
      bytes: 23_802_816_640,
      note: 'Its licence is for non-commercial use; you accept it on the authors’ page before they let you download.',
    },
    matches: ({ family }) => family === 'fluxDit',
  },
  clip: {
    words: 'the CLIP-L text encoder',
    guide: {
      name: 'CLIP-L text encoder',
      repository: FLUX,
      files: ['text_encoder/model.safetensors', 'or clip_l.safetensors from elsewhere'],
      bytes: 246_120_960,
    },
    matches: ({ family, base }) => family === 'clipText' && base === 'flux',
  },
  clipTokenizer: {
    words: 'the CLIP tokenizer',
    guide: {
      name: 'CLIP tokenizer',
      repository: 'openai/clip-vit-large-patch14',
      files: ['tokenizer.json'],
      bytes: null,
    },
    matches: ({ family, tokenizerOf }) => family === 'tokenizer' && tokenizerOf === 'clip',
  },
  t5: {
    words: 'the T5 text encoder',
    guide: {
      name: 'T5-XXL text encoder',
      repository: FLUX,
      files: [
        'the folder text_encoder_2/: two shards with their index',
        'or t5xxl_fp16.safetensors, t5xxl_fp8_e4m3fn.safetensors from elsewhere',
      ],
      bytes: 9_524_621_312,
      note: 'Needed once for every new prompt, the empty one too; what it makes of a prompt is kept.',
    },
    matches: ({ family }) => family === 't5',
  },
  t5Tokenizer: {
    words: 'the T5 tokenizer',
    guide: { name: 'T5 tokenizer', repository: FLUX, files: ['tokenizer_2/tokenizer.json'], bytes: null },
    matches: ({ family, tokenizerOf }) => family === 'tokenizer' && tokenizerOf === 't5',
  },
  vae: {
    words: 'the FLUX autoencoder (VAE)',
    guide: {
      name: 'FLUX autoencoder (VAE)',
      repository: FLUX,
      files: ['ae.safetensors', 'or vae/diffusion_pytorch_model.safetensors'],
      bytes: 335_278_732,
    },
    matches: ({ family, base }) => family === 'vae' && base === 'flux',
  },
} as const satisfies Record<string, Part>
