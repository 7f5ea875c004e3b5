/**
 * The dialects in which adapters for FLUX and for Stable Diffusion are published, told apart by their tensors' names
 * alone (specs: FLUX §9, DreamO §6, D-Fusion §9).
 */
import type { LoraConfig } from '@/schema/pack'
import { targetOf, type LoraTarget } from '@/weights/loraTargets'
import { unetModule } from '@/weights/loraUnet'

/**
 * `peft`: `base_model.model.` before diffusers modules; `diffusers`: diffusers modules, mostly after
 * `transformer.`; `kohya`: `lora_unet_` and underscores; `xlabs`: `double_blocks.0.processor.qkv_lora1`; `dreamo`: the
 * same with `double_blocks_0`; `bfl`: the authors' own module names.
 */
export type LoraDialect = 'peft' | 'diffusers' | 'kohya' | 'xlabs' | 'dreamo' | 'bfl'

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

const REFUSED: readonly [RegExp, string][] = [
  [/\.(?:dora_scale|lora_magnitude_vector)\b/, 'it is a DoRA, which also rescales the weights'],
  [/\.(?:hada_|lokr_|oft_|lora_mid\b|glora_)/, 'it is a LyCORIS adapter, not a plain LoRA'],
  [/\.diff(?:_b)?$/, 'it also holds full differences of weights'],
  [
    /\.lora_(?:B|up)(?:\.[\w-]+)?\.bias$/,
    'it changes biases, as the control adapters for depth and edges do',
  ],
]

const TEXT_ENCODER = /^(?:lora_te\d?_|(?:base_model\.model\.)?text_encoders?(?:_\d)?\.|te\d?\.)/

/** Wrappers around a model's own names. */
const PREFIX = /^(?:base_model\.model\.)?(?:model\.diffusion_model\.|diffusion_model\.|transformer\.|unet\.)?/

const NAMED_HALF = /^(.+)\.(lora_A|lora_B|lora_down|lora_up|lora\.down|lora\.up)(?:\.[\w-]+)?\.weight$/
/** XLabs and DreamO: the module's own name ends in `_lora`, `_lora1` or `_lora2`. */
const BARE_HALF = /^(.+)\.(down|up)\.weight$/

/** Reads one tensor's name in an adapter for a model of this kind. */
export function parseLoraKey(key: string, base: LoraConfig['base']): LoraKey {
  for (const [pattern, why] of REFUSED) if (pattern.test(key)) return { kind: 'refused', why }
  if (TEXT_ENCODER.test(key)) return { kind: 'ignored', why: 'text encoders are not adapted' }
  const named = NAMED_HALF.exec(key)
  if (named) return { kind: 'half', half: /A$|down$/.test(named[2]) ? 'down' : 'up', module: named[1] }
  const bare = BARE_HALF.exec(key)
  if (bare?.[1].includes('_lora')) return { kind: 'half', half: bare[2] as 'down' | 'up', module: bare[1] }
  if (key.endsWith('.alpha')) return { kind: 'half', half: 'alpha', module: key.slice(0, -'.alpha'.length) }
  return extraKey(key, base)
}

function extraKey(key: string, base: LoraConfig['base']): LoraKey {
  // What a module was before training; the trained copy is under `modules_to_save`.
  if (key.includes('.original_module.')) return { kind: 'ignored', why: 'untrained copies are not used' }
  const name = key.replace(PREFIX, '').replace(/\.(?:modules_to_save|default)(?=\.)/g, '')
  const layer = name.replace(/\.(?:weight|bias)$/, '')
  const isLayer =
    base === 'sd2' ? unetModule(layer) : (targetOf(layer, 'bfl', '.') ?? targetOf(layer, 'diffusers', '.'))
  if (layer !== name && isLayer) return { kind: 'refused', why: `it replaces the whole layer "${layer}"` }
  return { kind: 'extra', name }
}

/**
 * The linear of Stable Diffusion's U-Net behind a module's name; 'convolution' where it is none, null when the U-Net
 * has nothing of that name.
 */
export function resolveUnetModule(
  module: string,
): (LoraTarget & { dialect: LoraDialect }) | 'convolution' | null {
  const kohya = /^lora_unet_(.+)$/.exec(module)
  const found = unetModule(kohya ? kohya[1] : module.replace(PREFIX, ''))
  if (!found) return null
  if (found.kind === 'convolution') return 'convolution'
  const peft = module.startsWith('base_model.model.')
  return { linear: found.linear, part: 'all', dialect: kohya ? 'kohya' : peft ? 'peft' : 'diffusers' }
}

/** The linear behind a module's name and the dialect that names it so; null when FLUX has none of that name. */
export function resolveModule(module: string): (LoraTarget & { dialect: LoraDialect }) | null {
  const kohya = /^lora_(?:unet|transformer)_(.+)$/.exec(module)
  if (kohya) {
    const target = targetOf(kohya[1], 'bfl', '_') ?? targetOf(kohya[1], 'diffusers', '_')
    return target && { ...target, dialect: 'kohya' }
  }
  const name = module.replace(PREFIX, '')
  const processor = processorTarget(name)
  if (processor) return processor
  const peft = module.startsWith('base_model.model.')
  const diffusers = targetOf(name, 'diffusers', '.')
  if (diffusers) return { ...diffusers, dialect: peft ? 'peft' : 'diffusers' }
  const bfl = targetOf(name, 'bfl', '.')
  return bfl && { ...bfl, dialect: peft ? 'peft' : 'bfl' }
}

/**
 * Attention processors, XLabs' way. Number 1 is the image stream, 2 the text stream, none a single block. DreamO puts
 * the block's number after an underscore; what stands between number and name is not looked at.
 */
function processorTarget(name: string): (LoraTarget & { dialect: LoraDialect }) | null {
  const block = /^(double|single)_blocks([._])(0|[1-9]\d{0,3})(?!\d)(.*)$/.exec(name)
  if (!block) return null
  const [, kind, separator, index, rest] = block
  const layer = /(qkv|proj)_lora([12]?)(?!\d)/.exec(rest)
  if (!layer || (kind === 'single') !== (layer[2] === '')) return null
  const dialect = separator === '_' ? 'dreamo' : 'xlabs'
  const qkv = layer[1] === 'qkv'
  if (kind === 'single')
    return qkv
      ? { linear: `single_blocks.${index}.linear1`, part: 'qkv', dialect }
      : { linear: `single_blocks.${index}.linear2`, part: 'all', dialect }
  const stream = layer[2] === '1' ? 'img' : 'txt'
  return { linear: `double_blocks.${index}.${stream}_attn.${qkv ? 'qkv' : 'proj'}`, part: 'all', dialect }
}
