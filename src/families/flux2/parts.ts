/** What modes on FLUX.2 [klein] are made of (specs: FLUX.2 §1, §6, §7, §11). */
import type { Part } from '@/families/family'

const KLEIN = 'black-forest-labs/FLUX.2-klein-4B'

export const FLUX2_PARTS = {
  klein: {
    words: 'the FLUX.2 [klein] transformer',
    guide: {
      name: 'FLUX.2 [klein] 4B transformer',
      repository: KLEIN,
      files: [
        'flux-2-klein-4b.safetensors',
        'or the folder transformer/ with model_index.json',
        'or flux-2-klein-4b-fp8.safetensors of black-forest-labs/FLUX.2-klein-4b-fp8',
      ],
      bytes: 7_751_089_152,
      note: 'Free to use for everything (Apache-2.0).',
    },
    matches: ({ family }) => family === 'flux2Dit',
  },
  qwen3: {
    words: 'the Qwen3-4B text encoder',
    guide: {
      name: 'Qwen3-4B text encoder',
      repository: KLEIN,
      files: [
        'the folder text_encoder/: two shards with their index',
        'or qwen_3_4b.safetensors of Comfy-Org/Flux-2-Klein-4B',
      ],
      bytes: 8_050_000_000,
      note: 'Needed once for every new text; what it makes of a text is kept, and then it can be deleted.',
    },
    matches: ({ family }) => family === 'qwen3',
  },
  qwenTokenizer: {
    words: 'the Qwen tokenizer',
    guide: { name: 'Qwen tokenizer', repository: KLEIN, files: ['tokenizer/tokenizer.json'], bytes: null },
    matches: ({ family, tokenizerOf }) => family === 'tokenizer' && tokenizerOf === 'qwen',
  },
  kleinVae: {
    words: 'the FLUX.2 autoencoder (VAE)',
    guide: {
      name: 'FLUX.2 autoencoder (VAE)',
      repository: KLEIN,
      files: [
        'vae/diffusion_pytorch_model.safetensors',
        'or flux2-vae.safetensors of Comfy-Org/Flux-2-Klein-4B',
        'or that of black-forest-labs/FLUX.2-small-decoder, which decodes faster',
      ],
      bytes: 168_092_230,
    },
    matches: ({ family, base }) => family === 'vae' && base === 'flux2',
  },
} as const satisfies Record<string, Part>
