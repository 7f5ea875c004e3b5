/** Where an adapter's alpha is written down besides its tensors (specs: FLUX §9). */
import { fail } from '@/base/errors'
import type { Checkpoint } from '@/weights/formats/checkpoint'

/** alpha of a module whose file has no tensor for it. */
export type AlphaRule = (module: string, rank: number) => number

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/**
 * PEFT's own words: in adapter_config.json, or as diffusers puts them into a safetensors header, behind the name of the
 * pipeline's part that is adapted. The text in a header is hostile until it parses.
 */
function peftFields({ json, metadata }: Checkpoint): Fields {
  const config = json['adapter_config.json']
  if (isFields(config)) return config
  try {
    const fields: unknown = JSON.parse(metadata.lora_adapter_metadata ?? '{}')
    if (!isFields(fields)) return {}
    return Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key.replace(/^(?:transformer|unet)\./, ''), value]),
    )
  } catch {
    return {}
  }
}

/** One per module at most: published adapters have about a thousand modules. */
const MAX_PATTERNS = 10_000

/** What PEFT can do besides adding B A, which changes what the tensors mean: field, whether it is on, words. */
const SPECIAL: readonly [string, (value: unknown) => boolean, string][] = [
  ['peft_type', (value) => value !== 'LORA', 'it is not a plain LoRA'],
  ['use_dora', (value) => value === true, 'it is a DoRA, which also rescales the weights'],
  ['fan_in_fan_out', (value) => value === true, 'its matrices are stored the other way around'],
  ['use_qalora', (value) => value === true, 'it adapts groups of columns (QALoRA)'],
  ['alora_invocation_tokens', (value) => value !== null, 'it acts on some tokens only (aLoRA)'],
  ['layer_replication', (value) => value !== null, 'it repeats layers of the model'],
  [
    'init_lora_weights',
    (value) => typeof value === 'string' && /^(?:pissa|olora|corda|loftq|lora_ga)/i.test(value),
    'the model itself was changed when its training began (PiSSA or alike)',
  ],
]

/** @throws unsupported when the adapter's own config says that it is more than a plain LoRA */
export function requirePlainLora(checkpoint: Checkpoint): void {
  const fields = peftFields(checkpoint)
  for (const [field, isOn, why] of SPECIAL) {
    const value = fields[field]
    if (value !== undefined && isOn(value))
      fail(
        'unsupported',
        `This adapter cannot be used: ${why}.`,
        'Choose a plain LoRA.',
        `${field}: ${JSON.stringify(value).slice(0, 100)}`,
      )
  }
}

const finite = (value: unknown): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** The one alpha that a file gives outside its tensors, or null. */
export function fileAlpha(checkpoint: Checkpoint): number | null {
  const { metadata } = checkpoint
  return finite(peftFields(checkpoint).lora_alpha) ?? finite(metadata.lora_alpha) ?? finite(metadata.alpha)
}

/**
 * alpha by module: PEFT's pattern for it, else `given`, else the file's, else the rank (a scale of 1). A rank-stabilised
 * adapter's scale is alpha / sqrt(rank), which is folded into the alpha.
 * @throws unsupported when a pattern is more than the end of a module's name
 */
export function alphaRule(checkpoint: Checkpoint, given: number | null): AlphaRule {
  const fields = peftFields(checkpoint)
  const listed = Object.entries(isFields(fields.alpha_pattern) ? fields.alpha_pattern : {})
  if (listed.length > MAX_PATTERNS)
    fail('bad-weights', 'The adapter lists too many alphas.', 'Get the adapter again from where it came.')
  const patterns = listed.map(([pattern, value]) => {
    const alpha = finite(value)
    if (alpha === null || !/^[\w.]+$/.test(pattern))
      fail(
        'unsupported',
        "The adapter's alphas are given by a pattern that is not understood.",
        'Ask its author for a copy with alpha tensors.',
        `${pattern}: ${String(value)}`,
      )
    return { pattern, alpha }
  })
  const all = given ?? fileAlpha(checkpoint)
  const stabilised = fields.use_rslora === true
  return (module, rank) => {
    const own = patterns.find(({ pattern }) => module === pattern || module.endsWith(`.${pattern}`))
    const alpha = own?.alpha ?? all ?? rank
    return stabilised ? alpha * Math.sqrt(rank) : alpha
  }
}
