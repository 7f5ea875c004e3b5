/** Where an adapter's alpha is written down besides its tensors (specs: FLUX §9). */
import { fail } from '@/base/errors'
import type { Checkpoint } from '@/weights/checkpoint'

/** alpha of a module whose file has no tensor for it. */
export type AlphaRule = (module: string, rank: number) => number

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/**
 * PEFT's own words: in adapter_config.json, or as diffusers puts them into a safetensors header. The text in a header
 * is hostile until it parses.
 */
function peftFields({ json, metadata }: Checkpoint): Fields {
  const config = json['adapter_config.json']
  if (isFields(config)) return config
  try {
    const fields: unknown = JSON.parse(metadata.lora_adapter_metadata ?? '{}')
    if (!isFields(fields)) return {}
    return Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key.replace(/^transformer\./, ''), value]),
    )
  } catch {
    return {}
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
  const patterns = Object.entries(isFields(fields.alpha_pattern) ? fields.alpha_pattern : {}).map(
    ([pattern, value]) => {
      const alpha = finite(value)
      if (alpha === null || !/^[\w.]+$/.test(pattern))
        fail(
          'unsupported',
          "The adapter's alphas are given by a pattern that is not understood.",
          'Ask its author for a copy with alpha tensors.',
          `${pattern}: ${String(value)}`,
        )
      return { pattern, alpha }
    },
  )
  const all = given ?? fileAlpha(checkpoint)
  const stabilised = fields.use_rslora === true
  return (module, rank) => {
    const own = patterns.find(({ pattern }) => module === pattern || module.endsWith(`.${pattern}`))
    const alpha = own?.alpha ?? all ?? rank
    return stabilised ? alpha * Math.sqrt(rank) : alpha
  }
}
