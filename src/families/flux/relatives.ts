import type { Relative } from '@/families/family'

const DEV = 'Choose FLUX.1 [dev].'

/** What is taken for FLUX.1 or one of its parts and is none. */
export const FLUX_RELATIVES: readonly Relative[] = [
  {
    pattern: /(?:^|\.)joint_blocks\.\d+\.|(?:^|\.)pos_embed\.proj\./,
    message: 'is a Stable Diffusion 3 transformer, which no mode is made for.',
    hint: 'Choose FLUX.1 [dev], or Stable Diffusion 2.1-base for Align.',
  },
  {
    pattern: /(?:^|\.)distilled_guidance_layer\./,
    message: 'is Chroma, a relative of FLUX that no mode is made for.',
    hint: DEV,
  },
  {
    pattern: /(?:^|\.)(?:controlnet_|input_hint_block\.|zero_convs\.)/,
    message: 'is a ControlNet, which no mode uses.',
    hint: 'Choose a transformer, a U-Net or a LoRA.',
  },
  {
    pattern: /(?:^|\.)(?:ip_adapter|image_proj\.|pulid_)|\.(?:to_[kv]_ip|ip_adapter_\w+)\./,
    message: 'is an adapter for pictures as prompts (IP-Adapter, PuLID), which no mode uses.',
    hint: 'Choose a LoRA.',
  },
  {
    pattern: /(?:^|\.)\w*token_refiner\./,
    message: 'is a transformer for films (HunyuanVideo).',
    hint: DEV,
  },
  {
    pattern: /(?:^|\.)transformer_blocks\.\d+\.(?:img|txt)_mod\.1\./,
    message: 'is a Qwen-Image transformer.',
    hint: DEV,
  },
  {
    pattern: /(?:^|\.)block\.[1-9]\d*\.layer\.0\.SelfAttention\.relative_attention_bias\./,
    message: 'is the encoder of UMT5, whose vocabulary is another.',
    hint: 'Choose the T5 v1.1 XXL encoder of FLUX.1.',
  },
  {
    pattern: /(?:^|\.)layers\.\d+\.(?:self_attn\.o_proj|mlp\.gate_proj)\./,
    unless: /(?:^|\.)layers\.0\.self_attn\.q_norm\.weight$/,
    message: 'is a language model (Llama, Mistral or alike), which no mode uses.',
    hint: 'FLUX.1 reads prompts with CLIP-L and T5 v1.1 XXL, FLUX.2 [klein] with Qwen3-4B.',
  },
]
