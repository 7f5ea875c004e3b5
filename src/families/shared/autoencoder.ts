/** AutoencoderKL in the authors' or diffusers' layout, under diffusers' names (specs: encoders §1, FLUX.2 §7). */
import { fail } from '@/base/errors'
import { VaeConfig } from '@/families/shared/config'
import {
  checkedConfig,
  countBlocks,
  findPrefix,
  LayoutBuilder,
  shapeOf,
  type Header,
  type Layout,
  type Shapes,
} from '@/families/layout'

const PREFIXES = ['', 'first_stage_model.', 'vae.', 'model.']
type Dialect = 'original' | 'diffusers'

/** Layout and prefix, or null where this is no autoencoder. */
export function findVae(shapes: Shapes): { layout: Dialect; prefix: string } | null {
  const original = findPrefix(shapes, PREFIXES, 'encoder.down.0.block.0.conv1.weight')
  if (original !== null) return { layout: 'original', prefix: original }
  const diffusers = findPrefix(shapes, PREFIXES, 'encoder.down_blocks.0.resnets.0.conv1.weight')
  return diffusers === null ? null : { layout: 'diffusers', prefix: diffusers }
}

/** Scaling and shift by latent channels (specs: encoders §1). */
const SCALINGS: Readonly<Record<number, { scaling: number; shift: number }>> = {
  16: { scaling: 0.3611, shift: 0.1159 },
  4: { scaling: 0.18215, shift: 0 },
}
/** FLUX.2's latents have no scale: means and variances of their 2x2 patches' channels travel in the file. */
const STATISTICS = ['bn.running_mean', 'bn.running_var']

/** In every published AutoencoderKL; another number comes from its config.json. */
const GROUPS = 32

/** Autoencoders with the shapes of ours whose latents are others: by their scaling, or by their files' names. */
const RELATIVES: readonly { latentChannels: number; scaling: number; name: RegExp; words: string }[] = [
  {
    latentChannels: 4,
    scaling: 0.13025,
    name: /(?:sd|diffusion)[-_ ]?xl|xl[-_ ]?vae/i,
    words: 'Stable Diffusion XL',
  },
  { latentChannels: 16, scaling: 1.5305, name: /sd[-_ ]?3|diffusion[-_ ]?3/i, words: 'Stable Diffusion 3' },
]

/** @throws unsupported */
function refuseRelatives(latentChannels: number, scaling: unknown, names: readonly string[]): void {
  const relative = RELATIVES.find(
    (one) =>
      one.latentChannels === latentChannels &&
      (scaling === undefined ? names.some((file) => one.name.test(file)) : scaling === one.scaling),
  )
  if (relative)
    fail(
      'unsupported',
      `This is the autoencoder of ${relative.words}, which no mode uses.`,
      "Choose that of FLUX.1 (ae.safetensors), or Stable Diffusion 2's for Align.",
      scaling === undefined ? names.join(', ') : `scaling_factor ${String(scaling)}`,
    )
}

/**
 * @param names the files', which tell relatives of the same shapes apart
 * @throws bad-weights when tensors are missing or contradict each other; unsupported naming a relative
 */
export function vaeLayout(checkpoint: Header, names: readonly string[] = []): Layout<VaeConfig> {
  const shapes = checkpoint.entries
  const found = findVae(shapes)
  if (!found)
    return fail('bad-weights', 'This is not an autoencoder.', 'Choose the autoencoder (VAE) of FLUX.')
  const { layout, prefix } = found
  const level = (l: number) => `${prefix}encoder.${layout === 'original' ? 'down' : 'down_blocks'}.${l}`
  const resnet = layout === 'original' ? 'block' : 'resnets'
  const pattern = (text: string) => new RegExp(`^${text.replaceAll('.', '\\.').replace('#', '(\\d+)')}`)
  const levels = countBlocks(
    shapes,
    pattern(`${prefix}encoder.${layout === 'original' ? 'down' : 'down_blocks'}.#.`),
  )
  const channels = Array.from(
    { length: Math.min(levels, 8) },
    (_, l) => shapeOf(shapes, `${level(l)}.${resnet}.0.conv1.weight`, 4)[0],
  )
  const inDecoder = (l: number) =>
    layout === 'original' ? `decoder.up.${l}` : `decoder.up_blocks.${channels.length - 1 - l}`
  const decoderChannels = channels.map(
    (width, l) => shapes.get(`${prefix}${inDecoder(l)}.${resnet}.0.conv1.weight`)?.shape[0] ?? width,
  )
  const isOther = decoderChannels.some((width, l) => width !== channels[l])
  const given = (checkpoint.json['config.json'] ?? {}) as Record<string, unknown>
  const latentChannels = shapeOf(shapes, `${prefix}encoder.conv_out.weight`, 4)[0] / 2
  const hasStatistics = shapes.has(prefix + STATISTICS[0])
  const scale = hasStatistics ? { scaling: 1, shift: 0 } : SCALINGS[latentChannels]
  refuseRelatives(latentChannels, given.scaling_factor, names)
  const config = checkedConfig(
    VaeConfig,
    {
      latentChannels,
      channels,
      resnets: countBlocks(shapes, pattern(`${level(0)}.${resnet}.#.`)),
      groups: given.norm_num_groups ?? GROUPS,
      quantConvs: ['quant_conv.weight', INNER_QUANT_CONV].some((name) => shapes.has(prefix + name)),
      scaling: given.scaling_factor ?? scale?.scaling,
      shift: given.shift_factor ?? scale?.shift ?? 0,
      ...(isOther ? { decoderChannels } : {}),
    },
    'autoencoder',
  )
  const odd = [...channels, ...decoderChannels].find((count) => count % config.groups !== 0)
  if (odd !== undefined)
    fail(
      'bad-weights',
      'The sizes of this autoencoder make no sense.',
      'If it comes with a config.json, choose both together.',
      `${odd} channels in ${config.groups} groups`,
    )
  const stored =
    layout === 'original'
      ? (name: string) => originalName(name, levels, shapes.has(prefix + INNER_QUANT_CONV))
      : olderNames(shapes, prefix)
  const b = new LayoutBuilder((name) => prefix + stored(name))
  addVae(b, config)
  if (hasStatistics) for (const name of STATISTICS) b.add(name, [4 * latentChannels], 'exact')
  return {
    family: 'vae',
    dialect: layout === 'original' ? "authors' layout" : 'diffusers layout',
    config,
    tensors: b.tensors,
    prefix,
    isClosed: false,
    notes: [],
  }
}

function addVae(b: LayoutBuilder, config: VaeConfig): void {
  const { channels, latentChannels, resnets, quantConvs, decoderChannels = channels } = config
  const conv = (name: string, out: number, into: number, size = 3): void => {
    b.add(`${name}.weight`, [out, into, size, size], 'conv')
    b.add(`${name}.bias`, [out], 'exact')
  }
  const resnet = (name: string, into: number, out: number): void => {
    b.norm(`${name}.norm1`, into)
    conv(`${name}.conv1`, out, into)
    b.norm(`${name}.norm2`, out)
    conv(`${name}.conv2`, out, out)
    if (into !== out) conv(`${name}.conv_shortcut`, out, into, 1)
  }
  const middle = (name: string, width: number): void => {
    resnet(`${name}.resnets.0`, width, width)
    b.norm(`${name}.attentions.0.group_norm`, width)
    // Small, and the seam of the picture's whole: kept exact.
    for (const part of ['to_q', 'to_k', 'to_v', 'to_out.0'])
      b.linear(`${name}.attentions.0.${part}`, width, width, 'exact')
    resnet(`${name}.resnets.1`, width, width)
  }
  const deepest = channels[channels.length - 1]

  conv('encoder.conv_in', channels[0], 3)
  let width = channels[0]
  for (const [l, out] of channels.entries()) {
    for (let k = 0; k < resnets; k++) {
      resnet(`encoder.down_blocks.${l}.resnets.${k}`, width, out)
      width = out
    }
    if (l + 1 < channels.length) conv(`encoder.down_blocks.${l}.downsamplers.0.conv`, out, out)
  }
  middle('encoder.mid_block', deepest)
  b.norm('encoder.conv_norm_out', deepest)
  conv('encoder.conv_out', 2 * latentChannels, deepest)
  if (quantConvs) {
    conv('quant_conv', 2 * latentChannels, 2 * latentChannels, 1)
    conv('post_quant_conv', latentChannels, latentChannels, 1)
  }

  width = decoderChannels[decoderChannels.length - 1]
  conv('decoder.conv_in', width, latentChannels)
  middle('decoder.mid_block', width)
  for (const [l, out] of decoderChannels.toReversed().entries()) {
    for (let k = 0; k <= resnets; k++) {
      resnet(`decoder.up_blocks.${l}.resnets.${k}`, width, out)
      width = out
    }
    if (l + 1 < decoderChannels.length) conv(`decoder.up_blocks.${l}.upsamplers.0.conv`, out, out)
  }
  b.norm('decoder.conv_norm_out', decoderChannels[0])
  conv('decoder.conv_out', 3, decoderChannels[0])
}

/** FLUX.2's authors have the 1x1 convolutions around the latent inside encoder and decoder. */
const INNER_QUANT_CONV = 'encoder.quant_conv.weight'

/** The authors' name of diffusers' tensor; the authors count the decoder's levels from the finest. */
function originalName(name: string, levels: number, hasInnerQuantConv: boolean): string {
  const inner = hasInnerQuantConv
    ? name.replace(/^quant_conv\./, 'encoder.quant_conv.').replace(/^post_quant/, 'decoder.post_quant')
    : name
  return inner
    .replace(/^decoder\.up_blocks\.(\d+)\./, (_, l: string) => `decoder.up.${levels - 1 - Number(l)}.`)
    .replace(/^encoder\.down_blocks\./, 'encoder.down.')
    .replace(/(\.(?:up|down)\.\d+)\.resnets\./, '$1.block.')
    .replace('.downsamplers.0.', '.downsample.')
    .replace('.upsamplers.0.', '.upsample.')
    .replace(/\.mid_block\.resnets\.(\d)\./, (_, k: string) => `.mid.block_${Number(k) + 1}.`)
    .replace('.mid_block.attentions.0.', '.mid.attn_1.')
    .replace('.attn_1.group_norm.', '.attn_1.norm.')
    .replace(/\.attn_1\.to_([qkv])\./, '.attn_1.$1.')
    .replace('.attn_1.to_out.0.', '.attn_1.proj_out.')
    .replace('.conv_norm_out.', '.norm_out.')
    .replace('.conv_shortcut.', '.nin_shortcut.')
}

const OLDER: Readonly<Record<string, string>> = {
  to_q: 'query',
  to_k: 'key',
  to_v: 'value',
  'to_out.0': 'proj_attn',
}

/** Older diffusers files call the attention's linears otherwise. */
function olderNames(shapes: Shapes, prefix: string): (name: string) => string {
  if (!shapes.has(`${prefix}encoder.mid_block.attentions.0.query.weight`)) return (name) => name
  return (name) =>
    name.replace(
      /(attentions\.0)\.(to_[qkv]|to_out\.0)\./,
      (_, attention: string, part: string) => `${attention}.${OLDER[part]}.`,
    )
}
