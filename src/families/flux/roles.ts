/** What LoRAs for FLUX.1 can be for; the modes look for theirs by this (specs: DreamFuse §7, DreamO §6). */
import type { Role } from '@/families/family'

const DREAMO = 'ByteDance/DreamO'

/** In the order in which the studio lists them; where several fit a file's name, the first is taken. */
export const FLUX_ROLES = {
  dreamfuse: {
    words: 'DreamFuse',
    sentence: 'the DreamFuse LoRA',
    guide: {
      name: 'DreamFuse LoRA',
      repository: 'LL3RD/DreamFuse',
      files: ['adapter_model.safetensors with adapter_config.json'],
      bytes: null,
    },
    files: /dreamfuse/i,
    tensors: /image_tag_embeddings/,
  },
  dreamo: {
    words: 'DreamO',
    sentence: 'the DreamO LoRA',
    guide: {
      name: 'DreamO LoRA',
      repository: DREAMO,
      files: ['dreamo.safetensors'],
      bytes: 478_150_656,
    },
    files: /dreamo(?!.*(?:distill|quality|sft|dpo))/i,
    tensors: /dreamo_(?:task|idx|t5)_embedding/,
  },
  'dreamo-cfg-distill': {
    words: 'DreamO guidance distillation',
    sentence: 'the DreamO CFG-distill LoRA',
    guide: {
      name: 'DreamO guidance distillation',
      repository: DREAMO,
      files: ['dreamo_cfg_distill.safetensors'],
      bytes: 478_150_656,
    },
    files: /cfg[_-]?distill/i,
  },
  'dreamo-quality-pos': {
    words: 'DreamO v1, quality +',
    sentence: 'the DreamO quality LoRA (positive)',
    guide: {
      name: 'DreamO v1, quality +',
      repository: DREAMO,
      files: ['dreamo_quality_lora_pos.safetensors'],
      bytes: null,
    },
    files: /quality.*pos/i,
  },
  'dreamo-quality-neg': {
    words: 'DreamO v1, quality −',
    sentence: 'the DreamO quality LoRA (negative)',
    guide: {
      name: 'DreamO v1, quality −',
      repository: DREAMO,
      files: ['dreamo_quality_lora_neg.safetensors'],
      bytes: null,
    },
    files: /quality.*neg/i,
  },
  'dreamo-sft': {
    words: 'DreamO v1.1, SFT',
    sentence: 'the DreamO SFT LoRA',
    guide: {
      name: 'DreamO v1.1, SFT',
      repository: DREAMO,
      files: ['v1.1/dreamo_sft_lora.safetensors'],
      bytes: null,
    },
    files: /(?:^|[_-])sft(?:[_.-]|$)/i,
  },
  'dreamo-dpo': {
    words: 'DreamO v1.1, DPO',
    sentence: 'the DreamO DPO LoRA',
    guide: {
      name: 'DreamO v1.1, DPO',
      repository: DREAMO,
      files: ['v1.1/dreamo_dpo_lora.safetensors'],
      bytes: null,
    },
    files: /(?:^|[_-])dpo(?:[_.-]|$)/i,
  },
  turbo: {
    words: 'Turbo, for few steps',
    sentence: 'a turbo LoRA',
    guide: {
      name: 'Turbo LoRA (few steps)',
      repository: 'alimama-creative/FLUX.1-Turbo-Alpha',
      files: ['diffusion_pytorch_model.safetensors', 'or another few-step LoRA for FLUX.1-dev'],
      bytes: null,
    },
    // FLUX.1-Turbo-Alpha's only file has the name that diffusers gives to any model.
    files: /turbo|^diffusion_pytorch_model\./i,
  },
} as const satisfies Record<string, Role>
