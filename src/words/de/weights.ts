/** Where the authors of models keep their files, and pictures whose time is told. */
export const weights = {
  'adapter_model.safetensors with adapter_config.json': 'adapter_model.safetensors mit adapter_config.json',
  'model.safetensors with its config.json': 'model.safetensors mit config.json',
  'text_encoder/model.safetensors with its config.json': 'text_encoder/model.safetensors mit config.json',
  'or another few-step LoRA for FLUX.1-dev': 'oder eine andere LoRA für wenige Schritte für FLUX.1-dev',
  'or clip_l.safetensors from elsewhere': 'oder clip_l.safetensors aus anderer Quelle',
  'or flux-2-klein-4b-fp8.safetensors of black-forest-labs/FLUX.2-klein-4b-fp8':
    'oder flux-2-klein-4b-fp8.safetensors von black-forest-labs/FLUX.2-klein-4b-fp8',
  'or flux2-vae.safetensors of Comfy-Org/Flux-2-Klein-4B':
    'oder flux2-vae.safetensors von Comfy-Org/Flux-2-Klein-4B',
  'or image_embedder/diffusion_pytorch_model.safetensors':
    'oder image_embedder/diffusion_pytorch_model.safetensors',
  'or model.safetensors of google/siglip-so400m-patch14-384, of which the half that sees is taken':
    'oder model.safetensors von google/siglip-so400m-patch14-384, wovon nur die sehende Hälfte genommen wird',
  'or open_clip_model.safetensors': 'oder open_clip_model.safetensors',
  'or qwen_3_4b.safetensors of Comfy-Org/Flux-2-Klein-4B':
    'oder qwen_3_4b.safetensors von Comfy-Org/Flux-2-Klein-4B',
  'or sd_turbo.safetensors of stabilityai/sd-turbo, for few steps':
    'oder sd_turbo.safetensors von stabilityai/sd-turbo, für wenige Schritte',
  'or sigclip_vision_patch14_384.safetensors from elsewhere':
    'oder sigclip_vision_patch14_384.safetensors aus anderer Quelle',
  'or t5xxl_fp16.safetensors, t5xxl_fp8_e4m3fn.safetensors from elsewhere':
    'oder t5xxl_fp16.safetensors, t5xxl_fp8_e4m3fn.safetensors aus anderer Quelle',
  'or that of black-forest-labs/FLUX.2-small-decoder, which decodes faster':
    'oder der von black-forest-labs/FLUX.2-small-decoder, der schneller dekodiert',
  'or that of facebook/dinov2-small, or of those with registers':
    'oder das von facebook/dinov2-small oder von denen mit Registern',
  'or the folder transformer/ with model_index.json': 'oder der Ordner transformer/ mit model_index.json',
  'or the folder transformer/: three shards with their index':
    'oder der Ordner transformer/: drei Teile mit ihrem Index',
  'or the single file of the U-Net': 'oder die Einzeldatei des U-Nets',
  'or unet/diffusion_pytorch_model.safetensors with its config.json and scheduler_config.json':
    'oder unet/diffusion_pytorch_model.safetensors mit config.json und scheduler_config.json',
  'or vae/diffusion_pytorch_model.safetensors': 'oder vae/diffusion_pytorch_model.safetensors',
  'the folder text_encoder/: two shards with their index':
    'der Ordner text_encoder/: zwei Teile mit ihrem Index',
  'the folder text_encoder_2/: two shards with their index':
    'der Ordner text_encoder_2/: zwei Teile mit ihrem Index',

  'Place with DreamFuse, 512 px, 28 steps': 'Place mit DreamFuse, 512 px, 28 Schritte',
  'Place with DreamFuse, 512 px, 8 steps (turbo)': 'Place mit DreamFuse, 512 px, 8 Schritte (Turbo)',
  'Place with FLUX.2 klein, 512 px, 4 steps': 'Place mit FLUX.2 klein, 512 px, 4 Schritte',
  'Place with FLUX.2 klein, 1024 px, 4 steps': 'Place mit FLUX.2 klein, 1024 px, 4 Schritte',
  'Mix 512 px, balance by hand': 'Mix, 512 px, Balance von Hand',
  'Mix 512 px, balance found in 14 drafts': 'Mix, 512 px, Balance aus 14 Entwürfen',
  'Compose on FLUX.2 [klein], 512 px, one reference': 'Compose auf FLUX.2 [klein], 512 px, eine Referenz',
  'Compose on FLUX.2 [klein], 1024 px, two references':
    'Compose auf FLUX.2 [klein], 1024 px, zwei Referenzen',
  'Compose 1024 px, one reference, 12 steps (turbo)': 'Compose, 1024 px, eine Referenz, 12 Schritte (Turbo)',
  'Compose 1024 px, two references, 25 steps': 'Compose, 1024 px, zwei Referenzen, 25 Schritte',
} as const
