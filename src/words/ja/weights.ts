import type { weights as german } from '@/words/de/weights'

export const weights: Readonly<Record<keyof typeof german, string>> = {
  'adapter_model.safetensors with adapter_config.json': 'adapter_model.safetensors と adapter_config.json',
  'model.safetensors with its config.json': 'model.safetensors と config.json',
  'text_encoder/model.safetensors with its config.json': 'text_encoder/model.safetensors と config.json',
  'or another few-step LoRA for FLUX.1-dev': 'または FLUX.1-dev 用の別の少ステップ LoRA',
  'or clip_l.safetensors from elsewhere': 'または別の入手元の clip_l.safetensors',
  'or flux-2-klein-4b-fp8.safetensors of black-forest-labs/FLUX.2-klein-4b-fp8':
    'または black-forest-labs/FLUX.2-klein-4b-fp8 の flux-2-klein-4b-fp8.safetensors',
  'or flux2-vae.safetensors of Comfy-Org/Flux-2-Klein-4B':
    'または Comfy-Org/Flux-2-Klein-4B の flux2-vae.safetensors',
  'or image_embedder/diffusion_pytorch_model.safetensors':
    'または image_embedder/diffusion_pytorch_model.safetensors',
  'or model.safetensors of google/siglip-so400m-patch14-384, of which the half that sees is taken':
    'または google/siglip-so400m-patch14-384 の model.safetensors（画像側だけを使います）',
  'or open_clip_model.safetensors': 'または open_clip_model.safetensors',
  'or qwen_3_4b.safetensors of Comfy-Org/Flux-2-Klein-4B':
    'または Comfy-Org/Flux-2-Klein-4B の qwen_3_4b.safetensors',
  'or sd_turbo.safetensors of stabilityai/sd-turbo, for few steps':
    'または stabilityai/sd-turbo の sd_turbo.safetensors（少ステップ用）',
  'or sigclip_vision_patch14_384.safetensors from elsewhere':
    'または別の入手元の sigclip_vision_patch14_384.safetensors',
  'or t5xxl_fp16.safetensors, t5xxl_fp8_e4m3fn.safetensors from elsewhere':
    'または別の入手元の t5xxl_fp16.safetensors、t5xxl_fp8_e4m3fn.safetensors',
  'or that of black-forest-labs/FLUX.2-small-decoder, which decodes faster':
    'または black-forest-labs/FLUX.2-small-decoder のもの（復号が速くなります）',
  'or that of facebook/dinov2-small, or of those with registers':
    'または facebook/dinov2-small か、レジスター付きのもの',
  'or the folder transformer/ with model_index.json': 'または transformer/ フォルダーと model_index.json',
  'or the folder transformer/: three shards with their index':
    'または transformer/ フォルダー（3つの分割ファイルと索引）',
  'or the single file of the U-Net': 'または U-Net の単一ファイル',
  'or unet/diffusion_pytorch_model.safetensors with its config.json and scheduler_config.json':
    'または unet/diffusion_pytorch_model.safetensors と config.json、scheduler_config.json',
  'or vae/diffusion_pytorch_model.safetensors': 'または vae/diffusion_pytorch_model.safetensors',
  'the folder text_encoder/: two shards with their index':
    'text_encoder/ フォルダー（2つの分割ファイルと索引）',
  'the folder text_encoder_2/: two shards with their index':
    'text_encoder_2/ フォルダー（2つの分割ファイルと索引）',

  'Place with DreamFuse, 512 px, 28 steps': 'Place（DreamFuse）、512 px、28ステップ',
  'Place with DreamFuse, 512 px, 8 steps (turbo)': 'Place（DreamFuse）、512 px、8ステップ（Turbo）',
  'Place with FLUX.2 klein, 512 px, 4 steps': 'Place（FLUX.2 klein）、512 px、4ステップ',
  'Place with FLUX.2 klein, 1024 px, 4 steps': 'Place（FLUX.2 klein）、1024 px、4ステップ',
  'Mix 512 px, balance by hand': 'Mix、512 px、バランスは手動',
  'Mix 512 px, balance found in 14 drafts': 'Mix、512 px、14枚の試作でバランスを探索',
  'Compose on FLUX.2 [klein], 512 px, one reference': 'Compose（FLUX.2 [klein]）、512 px、参照1枚',
  'Compose on FLUX.2 [klein], 1024 px, two references': 'Compose（FLUX.2 [klein]）、1024 px、参照2枚',
  'Compose 1024 px, one reference, 12 steps (turbo)': 'Compose、1024 px、参照1枚、12ステップ（Turbo）',
  'Compose 1024 px, two references, 25 steps': 'Compose、1024 px、参照2枚、25ステップ',
}
