/** Which linear of Stable Diffusion's U-Net a LoRA module changes, in every dialect (specs: D-Fusion §9). */

import { isPeftName, unwrapped } from '@/families/adapters'
import type { ModuleTarget } from '@/families/family'
import type { Shapes } from '@/families/layout'

/** What a module's name leads to: a linear, or a convolution, which only LoCon adapts. */
type UnetModule = { kind: 'linear'; linear: string } | { kind: 'convolution' }

/** Names of a block's parts with underscores, as kohya writes them -> as the canonical names have them. */
const ATTENTION: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'proj_in',
    'proj_out',
    ...['attn1', 'attn2'].flatMap((attn) =>
      ['to_q', 'to_k', 'to_v', 'to_out.0'].map((part) => `transformer_blocks.0.${attn}.${part}`),
    ),
    'transformer_blocks.0.ff.net.0.proj',
    'transformer_blocks.0.ff.net.2',
  ].map((name) => [name.replaceAll('.', '_'), name]),
)

const NUMBER = '(0|[1-9]\\d?)'
const BLOCK = new RegExp(`^(?:(down|up)_blocks_${NUMBER}|mid_block)_(.*)$`)
const PART = new RegExp(`^(attentions|resnets)_${NUMBER}_(.*)$`)
const CONVOLUTION = /^(?:resnets_\d+_conv(?:1|2|_shortcut)|(?:down|up)samplers_0_conv)$/

/**
 * @param module with dots or with underscores, without what stands before the U-Net's own names
 * @returns null where the U-Net has nothing of that name
 */
function unetModule(module: string): UnetModule | null {
  const name = module
    // Older diffusers files name the attention's processor, which held the adapter.
    .replace(/\.processor\.(to_(?:q|k|v|out))_lora$/, '.$1')
    .replace(/\.to_out$/, '.to_out.0')
    .replaceAll('.', '_')
  if (/^conv_(?:in|out)$/.test(name)) return { kind: 'convolution' }
  const time = /^time_embedding_(linear_[12])$/.exec(name)
  if (time) return { kind: 'linear', linear: `time_embedding.${time[1]}` }
  const block = BLOCK.exec(name)
  if (!block) return null
  const [, side, index, rest] = block
  if (CONVOLUTION.test(rest)) return { kind: 'convolution' }
  const part = PART.exec(rest)
  if (!part) return null
  const [, kind, at, inner] = part
  const stored = kind === 'resnets' ? (inner === 'time_emb_proj' ? inner : undefined) : ATTENTION[inner]
  if (stored === undefined) return null
  const owner = side ? `${side}_blocks.${index}` : 'mid_block'
  return { kind: 'linear', linear: `${owner}.${kind}.${at}.${stored}` }
}

/**
 * The linear of Stable Diffusion's U-Net behind a module's name; 'convolution' where it is none, null when the U-Net
 * has nothing of that name.
 */
export function unetTarget(module: string): ModuleTarget | 'convolution' | null {
  const kohya = /^lora_unet_(.+)$/.exec(module)
  const found = unetModule(kohya ? kohya[1] : unwrapped(module))
  if (!found) return null
  if (found.kind === 'convolution') return 'convolution'
  const peft = isPeftName(module)
  return { linear: found.linear, part: 'all', dialect: kohya ? 'kohya' : peft ? 'peft' : 'diffusers' }
}

/** What reads the prompt: its columns are the width of the text encoder, by which U-Nets differ. */
const OF_PROMPT = /attn2[._](?:processor\.)?to_[kv](?:_lora)?\.(?:lora_A|lora_down|lora\.down|down)\b/
const OTHERS: Readonly<Record<number, string>> = {
  768: 'Stable Diffusion 1',
  1280: 'Stable Diffusion XL',
  2048: 'Stable Diffusion XL',
}

/** Another U-Net, by what an adapter's matrices take in; null where it is none. */
export function relativeUnet(shapes: Shapes): string | null {
  for (const [name, { shape }] of shapes)
    if (OF_PROMPT.test(name) && OTHERS[shape[1]] !== undefined) return OTHERS[shape[1]]
  return null
}
