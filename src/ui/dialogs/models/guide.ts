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
export function familyWords(model: Pick<InstalledModel, 'family' | 'role' | 'tokenizerOf'>): string {
  switch (model.family) {
    case 'fluxDit':
      return 'FLUX transformer'
    case 'clipText':
      return 'CLIP text encoder'
    case 't5':
      return 'T5 text encoder'
    case 'vae':
      return 'Autoencoder'
    case 'lora':
      return `LoRA, ${model.role && model.role !== 'other' ? ROLE_WORDS[model.role] : 'extra'}`
    case 'tokenizer':
      return model.tokenizerOf === 'clip' ? 'CLIP tokenizer' : 'T5 tokenizer'
  }
}

/** Names that files of every model have; they say nothing. */
const EMPTY_NAMES =
  /^(ae|vae|model|adapter_model|tokenizer|pytorch_model|diffusion_pytorch_model|lora|weights)$/i

/** The name that the files suggest, or what they are where that says nothing. */
export function suggestedName({ name, family, role }: Pick<Inspection, 'name' | 'family' | 'role'>): string {
  if (!EMPTY_NAMES.test(name.trim())) return name
  if (role === 'turbo') return 'Turbo LoRA'
  if (family === 'vae') return 'FLUX autoencoder'
  return familyWords({ family, role, tokenizerOf: null }).replace(/^LoRA, /, '')
}

/** Large models are worth their loss at 4 bits; small ones save nothing by it. */
export function suggestedChoice(inspection: Inspection): ImportChoice {
  const { family, packBytes, role } = inspection
  const wanted: Precision[] =
    family === 'fluxDit' || family === 't5' ? ['q4', 'q8', 'f16'] : ['f16', 'q8', 'q4']
  return {
    name: suggestedName(inspection),
    precision: wanted.find((one) => packBytes[one] !== undefined) ?? 'f16',
    role: family === 'lora' ? (role ?? 'other') : null,
  }
}

/** "11.9 billion", "239 million" */
export function countWords(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(1)} billion`
  if (count >= 1e6) return `${Math.round(count / 1e6)} million`
  return count.toLocaleString('en')
}
