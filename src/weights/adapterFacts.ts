/** What an adapter file is, from its tensors' names and its file's name alone (specs: FLUX §9, DreamO §6, D-Fusion §9). */
import type { LoraConfig, LoraRole } from '@/schema/pack'
import type { Checkpoint } from '@/weights/checkpoint'
import type { Shapes } from '@/weights/layout'

interface Dialect {
  name: string
  /** Matches the name of a module's first matrix, [rank, in]. */
  down: RegExp
}

/** In this order: the first that matches any tensor. */
const DIALECTS: readonly Dialect[] = [
  { name: 'PEFT', down: /^base_model\.model\..*\.lora_A(?:\.default)?\.weight$/ },
  { name: 'DreamO', down: /(?:double|single)_blocks_\d+.*_lora\d?\.down\.weight$/ },
  { name: 'XLabs', down: /(?:double|single)_blocks\.\d+\.processor\..*_lora\d?\.down\.weight$/ },
  { name: 'kohya', down: /^lora_[a-z0-9]+_.*\.lora_down\.weight$/ },
  { name: 'BFL', down: /(?:double|single)_blocks\.\d+\..*\.lora_A\.weight$/ },
  { name: 'older diffusers', down: /\.processor\.to_(?:q|k|v|out)_lora\.down\.weight$/ },
  { name: 'diffusers', down: /\.lora(?:_A|_down|\.down)(?:\.default)?\.weight$/ },
]

/** Modules of FLUX in any dialect. */
const OF_FLUX =
  /(?:double_blocks|single_blocks|single_transformer_blocks|(?:^|[._])transformer_blocks)[._]\d+/
/** Modules that only U-Nets have. */
const OF_UNET = /(?:input_blocks|output_blocks|down_blocks|up_blocks)[._]\d+|mid_block[._]/
/** What reads the prompt: its columns are the width of the text encoder, by which U-Nets differ. */
const OF_PROMPT = /attn2[._](?:processor\.)?to_[kv](?:_lora)?\.(?:lora_A|lora_down|lora\.down|down)\b/
const OTHER_UNETS: Readonly<Record<number, string>> = {
  768: 'Stable Diffusion 1',
  1280: 'Stable Diffusion XL',
  2048: 'Stable Diffusion XL',
}

export interface AdapterFacts {
  dialect: string
  rank: number
  alpha: number | null
  role: LoraRole
  /** What it adapts; null where that is a network that no mode uses, which `problem` names. */
  base: LoraConfig['base'] | null
  problem: string
}

/** Facts about an adapter, or null where this is none. `fileNames` help to guess the role. */
export function adapterFacts(checkpoint: Checkpoint, fileNames: readonly string[]): AdapterFacts | null {
  const names = [...checkpoint.entries.keys()]
  for (const { name: dialect, down } of DIALECTS) {
    const first = names.find((name) => down.test(name))
    if (!first) continue
    const { base, problem } = baseOf(checkpoint, names)
    return {
      dialect,
      rank: Math.max(1, checkpoint.entries.get(first)?.shape[0] ?? 1),
      alpha: alphaOf(checkpoint),
      // The roles are of FLUX's modes.
      role: base === 'flux' ? roleOf(names, fileNames) : 'other',
      base,
      problem,
    }
  }
  return null
}

function baseOf({ entries }: Checkpoint, names: readonly string[]): Pick<AdapterFacts, 'base' | 'problem'> {
  if (names.some((name) => OF_UNET.test(name))) {
    const prompt = names.find((name) => OF_PROMPT.test(name))
    const other = OTHER_UNETS[(prompt && entries.get(prompt)?.shape[1]) || 0]
    return other === undefined ? { base: 'sd2', problem: '' } : { base: null, problem: other }
  }
  return names.some((name) => OF_FLUX.test(name))
    ? { base: 'flux', problem: '' }
    : { base: null, problem: 'another network than FLUX or Stable Diffusion 2' }
}

/** DreamO publishes its embeddings apart for one of its two file sets. */
export const isDreamoEmbeddings = (shapes: Shapes): boolean =>
  shapes.size > 0 &&
  [...shapes.keys()].every((name) => /^dreamo_(?:task|idx|t5)_embedding\.weight$/.test(name))

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

/** alpha where it travels outside the tensors: PEFT's side file, or diffusers' metadata. */
function alphaOf({ json, metadata }: Checkpoint): number | null {
  const config = json['adapter_config.json'] as { lora_alpha?: unknown } | null | undefined
  if (isNumber(config?.lora_alpha)) return config.lora_alpha
  try {
    const given = JSON.parse(metadata.lora_adapter_metadata ?? 'null') as Record<string, unknown> | null
    const alpha = given?.['transformer.lora_alpha'] ?? given?.lora_alpha
    return isNumber(alpha) ? alpha : null
  } catch {
    return null
  }
}

/** The authors' file names (specs: DreamO §6). */
const BY_FILE: readonly [RegExp, LoraRole][] = [
  [/cfg[_-]?distill/i, 'dreamo-cfg-distill'],
  [/quality.*pos/i, 'dreamo-quality-pos'],
  [/quality.*neg/i, 'dreamo-quality-neg'],
  [/(?:^|[_-])sft(?:[_.-]|$)/i, 'dreamo-sft'],
  [/(?:^|[_-])dpo(?:[_.-]|$)/i, 'dreamo-dpo'],
  [/dreamfuse/i, 'dreamfuse'],
  [/dreamo/i, 'dreamo'],
  // FLUX.1-Turbo-Alpha's only file has the name that diffusers gives to any model.
  [/turbo|^diffusion_pytorch_model\./i, 'turbo'],
]

function roleOf(tensors: readonly string[], fileNames: readonly string[]): LoraRole {
  if (tensors.some((name) => name.includes('image_tag_embeddings'))) return 'dreamfuse'
  if (tensors.some((name) => /dreamo_(?:task|idx|t5)_embedding/.test(name))) return 'dreamo'
  for (const [pattern, role] of BY_FILE) if (fileNames.some((name) => pattern.test(name))) return role
  return 'other'
}
