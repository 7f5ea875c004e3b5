import type { AdapterTargets, EmbeddingTable } from '@/families/family'
import { fluxTarget } from '@/families/flux/targets'
import { FLUX_DEV, fluxParameters } from '@/families/flux/transformer'

/** DreamFuse's tags of target, foreground, background; DreamO's task, index and placeholder rows. */
export const FLUX_TABLES = {
  image_tag_embeddings: { rows: 3, mayBeLonger: false, width: ['img_in', 'rows'] },
  dreamo_task_embedding: {
    rows: 2,
    mayBeLonger: false,
    width: ['img_in', 'rows'],
    needs: 'dreamo_idx_embedding',
  },
  dreamo_idx_embedding: {
    rows: 10,
    mayBeLonger: false,
    width: ['img_in', 'rows'],
    needs: 'dreamo_task_embedding',
  },
  // The file may hold a whole vocabulary before them (specs: DreamO §5).
  dreamo_t5_embedding: { rows: 10, mayBeLonger: true, width: ['txt_in', 'cols'] },
} as const satisfies Record<string, EmbeddingTable>

export const fluxAdapters: AdapterTargets = {
  network: 'fluxDit',
  recorded: 'FLUX',
  modules:
    /(?:double_blocks|single_blocks|single_transformer_blocks|(?:^|[._])transformer_blocks)[._]\d+|(?:^|[._])(?:x_embedder|context_embedder|img_in|txt_in)[._]/,
  others: [
    { words: 'HunyuanVideo', modules: /double_blocks\.\d+\.(?:img|txt)_attn_qkv\.|token_refiner/ },
    {
      words: 'Qwen-Image',
      modules: /(?:img|txt)_mlp[._]net|transformer_blocks[._]\d+[._](?:img|txt)_mod[._]1/,
      trainedFor: /qwen[-_]?image/i,
    },
    { words: 'Chroma', modules: /distilled_guidance_layer/, trainedFor: /chroma/i },
    {
      words: 'Stable Diffusion 3',
      modules: /joint_blocks[._]\d+|joint_transformer_blocks/,
      trainedFor: /sd3|diffusion-?v?3/i,
    },
  ],
  trainedFor: /flux[-_.]?1/i,
  called: /flux[-_. ]?1/i,
  released: 'FLUX.1 [dev]',
  parameters: () => fluxParameters(FLUX_DEV),
  target: fluxTarget,
  tables: FLUX_TABLES,
}
