/** Which linear of FLUX.2 a LoRA module changes, in each of the dialects that it is published in (specs: FLUX.2 §10). */
import { isPeftName, unwrapped } from '@/families/adapters'
import type { ModuleTarget } from '@/families/family'
import { diffusersModules } from '@/families/flux2/transformer'
import { moduleTargets } from '@/families/shared/moduleTargets'

/** Canonical linears of one block of each kind, and those outside the blocks. */
const LINEARS = [
  'img_in',
  'txt_in',
  'time_in.in_layer',
  'time_in.out_layer',
  'double_stream_modulation_img.lin',
  'double_stream_modulation_txt.lin',
  'single_stream_modulation.lin',
  ...['img', 'txt'].flatMap((stream) =>
    ['attn.qkv', 'attn.proj', 'mlp.0', 'mlp.2'].map((part) => `double_blocks.0.${stream}_${part}`),
  ),
  'single_blocks.0.linear1',
  'single_blocks.0.linear2',
  'final_layer.linear',
  'final_layer.adaLN_modulation.1',
]

const targetOf = moduleTargets(LINEARS, diffusersModules)

/** Some programs cut `tran` off along with a prefix. */
const CUT_SHORT = /^sformer_blocks(?=[._])/

/** The linear behind a module's name and the dialect that names it so; null when FLUX.2 has none of that name. */
export function flux2Target(module: string): ModuleTarget | null {
  const kohya = /^lora_(?:unet|transformer)_(.+)$/.exec(module)
  const name = (kohya ? kohya[1] : unwrapped(module)).replace(CUT_SHORT, 'transformer_blocks')
  const own = kohya ? 'kohya' : isPeftName(module) ? 'peft' : null
  const diffusers = targetOf(name, 'diffusers')
  if (diffusers) return { ...diffusers, dialect: own ?? 'diffusers' }
  const bfl = targetOf(name, 'bfl')
  return bfl && { ...bfl, dialect: own ?? 'bfl' }
}
