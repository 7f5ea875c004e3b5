import type { Precision } from '@/families/family'
import { NETWORKS, packWords } from '@/families/registry'
import type { ImportChoice } from '@/ui/stores/models'
import type { Inspection } from '@/worker/protocol'
import { language } from '@/words/say'

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
  return packWords({ ...inspection, tokenizerOf: null }).replace(/^LoRA, |, scores pictures$/g, '')
}

/** The first precision that its record suggests: large models are worth their loss at 4 bits, small ones save nothing. */
export function suggestedChoice(inspection: Inspection): ImportChoice {
  const { family, packBytes, role, part, question } = inspection
  const { precisions }: { precisions: readonly Precision[] } =
    family === 'lora' || family === 'tokenizer' || family === 'matting'
      ? { precisions: [] }
      : NETWORKS[family]
  return {
    name: suggestedName(inspection),
    precision: precisions.find((one) => packBytes[one] !== undefined) ?? 'f16',
    role: family === 'lora' ? (role ?? 'other') : null,
    part,
    answer: question?.usual ?? null,
  }
}

/** "11.9 billion", "239 million" */
export function countWords(count: number): string {
  const tag = language.getState()
  if (count < 1e6) return count.toLocaleString(tag)
  const decimals = count >= 1e9 ? 1 : 0
  // Japanese counts in other powers: 119億, 2.39億.
  const digits =
    tag === 'ja'
      ? { maximumSignificantDigits: 3 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  return new Intl.NumberFormat(tag, { notation: 'compact', compactDisplay: 'long', ...digits }).format(count)
}
