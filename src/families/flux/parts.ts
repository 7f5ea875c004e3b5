/** What modes on FLUX.1 are made of besides LoRAs. */
import type { Part } from '@/families/family'

const FLUX = 'black-forest-labs/FLUX.1-dev'
const REDUX = 'black-forest-labs/FLUX.1-Redux-dev'

export const FLUX_PARTS = {
  transformer: {
    words: 'the FLUX transformer',
    guide: {
      name: 'FLUX.1-dev transformer',
      repository: FLUX,
      files: ['flux1-dev.safetensors', 'or the folder transformer/: three shards with their index'],
      bytes: 23_802_816_640,
      note: 'For Mix, its authors took FLUX.1-Krea-dev: flux1-krea-dev.safetensors. The licence is for non-commercial use; you accept it on the authors’ page before they let you download.',
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
  siglip: {
    words: 'the SigLIP vision encoder',
    guide: {
      name: 'SigLIP vision encoder',
      repository: REDUX,
      files: [
        'image_encoder/model.safetensors',
        'or sigclip_vision_patch14_384.safetensors from elsewhere',
        'or model.safetensors of google/siglip-so400m-patch14-384, of which the half that sees is taken',
      ],
      bytes: 856_000_000,
    },
    matches: ({ family }) => family === 'siglip',
  },
  redux: {
    words: 'FLUX.1 Redux',
    guide: {
      name: 'FLUX.1 Redux',
      repository: REDUX,
      files: ['flux1-redux-dev.safetensors', 'or image_embedder/diffusion_pytorch_model.safetensors'],
      bytes: 129_007_944,
      note: 'Its licence is for non-commercial use, as FLUX.1-dev’s.',
    },
    matches: ({ family }) => family === 'redux',
  },
  dino: {
    words: 'DINOv2, which compares pictures',
    guide: {
      name: 'DINOv2, which compares pictures',
      repository: 'facebook/dinov2-base',
      files: ['model.safetensors', 'or that of facebook/dinov2-small, or of those with registers'],
      bytes: 346_345_912,
      note: 'Mix finds the balance by it; without it, you choose the balance yourself.',
    },
    matches: ({ family }) => family === 'dino',
  },
} as const satisfies Record<string, Part>
