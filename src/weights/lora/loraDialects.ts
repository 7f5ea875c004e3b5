/**
 * What each tensor of an adapter is, by its name alone, in every published dialect (specs: FLUX §9, DreamO §6, D-Fusion §9).
 * Which layer a module's name leads to is known by the family that it adapts.
 */
import { unwrapped } from '@/families/adapters'
import type { AdapterTargets } from '@/families/family'

/** What one tensor of an adapter file is. */
export type LoraKey =
  /** `down` is A [rank, in], `up` is B [out, rank], `alpha` one number; `module` as the file names it. */
  | { kind: 'half'; half: 'down' | 'up' | 'alpha'; module: string }
  /** A part that the adapted network has no use for; `why` says so to the user. */
  | { kind: 'ignored'; why: string }
  /** Something that changes the result in a way that we cannot follow. */
  | { kind: 'refused'; why: string }
  /** A full tensor that travels with the adapter, without prefixes. */
  | { kind: 'extra'; name: string }

const lycoris = (kind: string): string => `it is ${kind} (LyCORIS), not a plain LoRA`
const REFUSED: readonly [RegExp, string][] = [
  [/\.(?:dora_scale|lora_magnitude_vector)\b/, 'it is a DoRA, which also rescales the weights'],
  [/\.lokr_/, lycoris('a LoKr')],
  [/\.hada_/, lycoris('a LoHa')],
  [/\.b?oft_/, lycoris('an OFT')],
  [/\.on_input$/, lycoris('an IA3')],
  [/\.glora_|\.[ab][12]\.weight$/, lycoris('a GLoRA')],
  [/\.lora_mid\b/, lycoris('a LoCon')],
  [/\.scalar$/, 'it is a LyCORIS adapter, not a plain LoRA'],
  [/\.(?:lora_E|ranknum|vera_lambda_[bd])\b/, 'it is an AdaLoRA or a VeRA, not a plain LoRA'],
  [/\.(?:diff|diff_b|w_norm|b_norm|set_weight|reshape_weight)$/, 'it also holds full differences of weights'],
  [
    /\.lora_(?:B|up)(?:\.[\w-]+)?\.bias$|\.lora_bias$/,
    'it changes biases, as the control adapters for depth and edges do',
  ],
]

const TEXT_ENCODER = /^(?:lora_te\d?_|(?:base_model\.model\.)?text_encoders?(?:_\d)?\.|te\d?\.)/

const NAMED_HALF = /^(.+)\.(lora_A|lora_B|lora_down|lora_up|lora\.down|lora\.up)(?:\.[\w-]+)?\.weight$/
/** XLabs and DreamO: the module's own name ends in `_lora`, `_lora1` or `_lora2`. */
const BARE_HALF = /^(.+)\.(down|up)\.weight$/

/** Reads one tensor's name in an adapter for a family. */
export function parseLoraKey(key: string, targets: Pick<AdapterTargets, 'target'>): LoraKey {
  for (const [pattern, why] of REFUSED) if (pattern.test(key)) return { kind: 'refused', why }
  if (TEXT_ENCODER.test(key)) return { kind: 'ignored', why: 'text encoders are not adapted' }
  const named = NAMED_HALF.exec(key)
  if (named) return { kind: 'half', half: /A$|down$/.test(named[2]) ? 'down' : 'up', module: named[1] }
  const bare = BARE_HALF.exec(key)
  if (bare?.[1].includes('_lora')) return { kind: 'half', half: bare[2] as 'down' | 'up', module: bare[1] }
  if (key.endsWith('.alpha')) return { kind: 'half', half: 'alpha', module: key.slice(0, -'.alpha'.length) }
  return extraKey(key, targets)
}

function extraKey(key: string, targets: Pick<AdapterTargets, 'target'>): LoraKey {
  // What a module was before training; the trained copy is under `modules_to_save`.
  if (key.includes('.original_module.')) return { kind: 'ignored', why: 'untrained copies are not used' }
  const name = unwrapped(key).replace(/\.(?:modules_to_save|default)(?=\.)/g, '')
  const layer = name.replace(/\.(?:weight|bias)$/, '')
  if (layer !== name && targets.target(layer) !== null)
    return { kind: 'refused', why: `it replaces the whole layer "${layer}"` }
  return { kind: 'extra', name }
}
