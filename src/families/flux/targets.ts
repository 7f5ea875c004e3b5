/** Which linear of FLUX a LoRA module changes, whichever layout its name comes from (specs: FLUX §8, §9). */
import { isPeftName, unwrapped } from '@/families/adapters'
import type { ModuleTarget } from '@/families/family'
import { diffusersParts } from '@/families/flux/transformer'
import { moduleTargets } from '@/families/shared/moduleTargets'

/** Canonical linears of one block of each kind, and those outside the blocks. */
const LINEARS = [
  'img_in',
  'txt_in',
  ...['time', 'guidance', 'vector'].flatMap((of) => [`${of}_in.in_layer`, `${of}_in.out_layer`]),
  ...['img', 'txt'].flatMap((stream) =>
    ['mod.lin', 'attn.qkv', 'attn.proj', 'mlp.0', 'mlp.2'].map((part) => `double_blocks.0.${stream}_${part}`),
  ),
  ...['modulation.lin', 'linear1', 'linear2'].map((part) => `single_blocks.0.${part}`),
  'final_layer.linear',
  'final_layer.adaLN_modulation.1',
]

const targetOf = moduleTargets(LINEARS, (linear) =>
  diffusersParts(linear, linear.endsWith('linear1') ? 7 : 3, 1).map(({ module }) => module),
)

/**
 * The linear behind a module's name and the dialect that names it so; null when FLUX has none of that name. Whether words
 * are joined by dots or by underscores says nothing: trainers mix them.
 */
export function fluxTarget(module: string): ModuleTarget | null {
  const kohya = /^lora_(?:unet|transformer)_(.+)$/.exec(module)
  const name = kohya ? kohya[1] : unwrapped(module)
  const processor = kohya ? null : processorTarget(name)
  if (processor) return processor
  const own = kohya ? 'kohya' : isPeftName(module) ? 'peft' : null
  const diffusers = targetOf(name, 'diffusers')
  if (diffusers) return { ...diffusers, dialect: own ?? 'diffusers' }
  const bfl = targetOf(name, 'bfl')
  return bfl && { ...bfl, dialect: own ?? 'bfl' }
}

/**
 * Attention processors, XLabs' way. Number 1 is the image stream, 2 the text stream, none a single block. DreamO puts
 * the block's number after an underscore; what stands between number and name is not looked at.
 */
function processorTarget(name: string): ModuleTarget | null {
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
