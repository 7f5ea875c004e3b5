import type { PartKind } from '@/document/models'
import type { LoraRole } from '@/schema/pack'
import type { ImportChoice } from '@/ui/stores/models'
import type { Inspection, InstalledModel, Precision } from '@/worker/protocol'

/** Where the authors publish a part; names to look for, nothing is fetched (docs/models.md). */
export interface Guide {
  name: string
  /** On Hugging Face. */
  repository: string
  /** Any one line of these is enough; files on a line belong together. */
  files: string[]
  /** Bytes as published, where the specs give them. */
  bytes: number | null
  note?: string
}

const FLUX = 'black-forest-labs/FLUX.1-dev'
const DREAMO = 'ByteDance/DreamO'
const SD = 'stabilityai/stable-diffusion-2-1-base'
const IN_SINGLE_FILE = 'A single file holds U-Net, text encoder and autoencoder: each is offered by itself.'

export const GUIDES: Record<PartKind, Guide> = {
  transformer: {
    name: 'FLUX.1-dev transformer',
    repository: FLUX,
    files: ['flux1-dev.safetensors', 'or the folder transformer/: three shards with their index'],
    bytes: 23_802_816_640,
    note: 'Its licence is for non-commercial use; you accept it on the authors’ page before they let you download.',
  },
  vae: {
    name: 'FLUX autoencoder (VAE)',
    repository: FLUX,
    files: ['ae.safetensors', 'or vae/diffusion_pytorch_model.safetensors'],
    bytes: 335_278_732,
  },
  clip: {
    name: 'CLIP-L text encoder',
    repository: FLUX,
    files: ['text_encoder/model.safetensors', 'or clip_l.safetensors from elsewhere'],
    bytes: 246_120_960,
  },
  clipTokenizer: {
    name: 'CLIP tokenizer',
    repository: 'openai/clip-vit-large-patch14',
    files: ['tokenizer.json'],
    bytes: null,
  },
  unet: {
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
  sdText: {
    name: 'OpenCLIP-H text encoder',
    repository: SD,
    files: ['text_encoder/model.safetensors with its config.json', 'or the single file of the U-Net'],
    bytes: 680_775_680,
    note: 'The size is that in 16 bits.',
  },
  sdVae: {
    name: 'Stable Diffusion autoencoder (VAE)',
    repository: SD,
    files: ['vae/diffusion_pytorch_model.safetensors', 'or the single file of the U-Net'],
    bytes: 167_307_726,
    note: 'The size is that in 16 bits.',
  },
  scorer: {
    name: 'CLIP-H, which scores pictures',
    repository: 'laion/CLIP-ViT-H-14-laion2B-s32B-b79K',
    files: ['model.safetensors with its config.json', 'or open_clip_model.safetensors'],
    bytes: null,
    note: 'Sorts the gallery and judges targets; without it, Align runs without scores.',
  },
  t5: {
    name: 'T5-XXL text encoder',
    repository: FLUX,
    files: [
      'the folder text_encoder_2/: two shards with their index',
      'or t5xxl_fp16.safetensors, t5xxl_fp8_e4m3fn.safetensors from elsewhere',
    ],
    bytes: 9_524_621_312,
    note: 'Needed once for every new prompt, the empty one too; what it makes of a prompt is kept.',
  },
  t5Tokenizer: {
    name: 'T5 tokenizer',
    repository: FLUX,
    files: ['tokenizer_2/tokenizer.json'],
    bytes: null,
  },
  dreamfuse: {
    name: 'DreamFuse LoRA',
    repository: 'LL3RD/DreamFuse',
    files: ['adapter_model.safetensors with adapter_config.json'],
    bytes: null,
  },
  dreamo: { name: 'DreamO LoRA', repository: DREAMO, files: ['dreamo.safetensors'], bytes: 478_150_656 },
  'dreamo-cfg-distill': {
    name: 'DreamO guidance distillation',
    repository: DREAMO,
    files: ['dreamo_cfg_distill.safetensors'],
    bytes: 478_150_656,
  },
  'dreamo-sft': {
    name: 'DreamO v1.1, SFT',
    repository: DREAMO,
    files: ['v1.1/dreamo_sft_lora.safetensors'],
    bytes: null,
  },
  'dreamo-dpo': {
    name: 'DreamO v1.1, DPO',
    repository: DREAMO,
    files: ['v1.1/dreamo_dpo_lora.safetensors'],
    bytes: null,
  },
  'dreamo-quality-pos': {
    name: 'DreamO v1, quality +',
    repository: DREAMO,
    files: ['dreamo_quality_lora_pos.safetensors'],
    bytes: null,
  },
  'dreamo-quality-neg': {
    name: 'DreamO v1, quality −',
    repository: DREAMO,
    files: ['dreamo_quality_lora_neg.safetensors'],
    bytes: null,
  },
  turbo: {
    name: 'Turbo LoRA (few steps)',
    repository: 'alimama-creative/FLUX.1-Turbo-Alpha',
    files: ['diffusion_pytorch_model.safetensors', 'or another few-step LoRA for FLUX.1-dev'],
    bytes: null,
  },
}

export const ROLE_WORDS: Record<LoraRole, string> = {
  dreamfuse: 'DreamFuse',
  dreamo: 'DreamO',
  'dreamo-cfg-distill': 'DreamO guidance distillation',
  'dreamo-quality-pos': 'DreamO v1, quality +',
  'dreamo-quality-neg': 'DreamO v1, quality −',
  'dreamo-sft': 'DreamO v1.1, SFT',
  'dreamo-dpo': 'DreamO v1.1, DPO',
  turbo: 'Turbo, for few steps',
  other: 'Other: an extra that you add yourself',
}
export const LORA_ROLES = Object.keys(ROLE_WORDS) as LoraRole[]

/** What a pack is, in a word or two. */
export function familyWords(model: Pick<InstalledModel, 'family' | 'role' | 'tokenizerOf' | 'base'>): string {
  switch (model.family) {
    case 'fluxDit':
      return 'FLUX transformer'
    case 'unet':
      return 'Stable Diffusion U-Net'
    case 'clipText':
      return model.base === 'sd2' ? 'OpenCLIP text encoder' : 'CLIP text encoder'
    case 'clip':
      return 'CLIP, scores pictures'
    case 't5':
      return 'T5 text encoder'
    case 'vae':
      return `${model.base === 'sd2' ? 'Stable Diffusion' : 'FLUX'} autoencoder`
    case 'lora':
      if (model.base === 'sd2') return 'LoRA, Stable Diffusion'
      return `LoRA, ${model.role && model.role !== 'other' ? ROLE_WORDS[model.role] : 'extra'}`
    case 'tokenizer':
      return model.tokenizerOf === 'clip' ? 'CLIP tokenizer' : 'T5 tokenizer'
  }
}

/** Names that files of every model have; they say nothing. */
const EMPTY_NAMES =
  /^(ae|vae|unet|model|adapter_model|tokenizer|open_clip_model|(open_clip_)?pytorch_model|diffusion_pytorch_model(\.\w+)?|pytorch_lora_weights|lora|weights)$/i

/** The name that the files suggest, or what they are where that says nothing. */
export function suggestedName(
  inspection: Pick<Inspection, 'name' | 'family' | 'role' | 'part' | 'base'>,
): string {
  const { name, role, part } = inspection
  // A part of a file is named after both.
  if (!EMPTY_NAMES.test((part ? name.replace(/,[^,]*$/, '') : name).trim())) return name
  if (role === 'turbo') return 'Turbo LoRA'
  return familyWords({ ...inspection, tokenizerOf: null }).replace(/^LoRA, |, scores pictures$/g, '')
}

/** Large models are worth their loss at 4 bits; small ones save nothing by it. */
export function suggestedChoice(inspection: Inspection): ImportChoice {
  const { family, packBytes, role, part } = inspection
  const wanted: Precision[] =
    family === 'fluxDit' || family === 't5' || family === 'unet' ? ['q4', 'q8', 'f16'] : ['f16', 'q8', 'q4']
  return {
    name: suggestedName(inspection),
    precision: wanted.find((one) => packBytes[one] !== undefined) ?? 'f16',
    role: family === 'lora' ? (role ?? 'other') : null,
    part,
  }
}

/** "11.9 billion", "239 million" */
export function countWords(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} billion`
  if (count >= 1e6) return `${Math.round(count / 1e6)} million`
  return count.toLocaleString('en')
}
