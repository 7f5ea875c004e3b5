/**
 * Stable Diffusion 2's U-Net in diffusers' layout or in CompVis' single file, under diffusers' names
 * (specs: D-Fusion §3, §9).
 */
import { fail } from '@/base/errors'
import { InstalledUnetConfig } from '@/families/sd2/config'
import {
  checkedConfig,
  countBlocks,
  findPrefix,
  LayoutBuilder,
  shapeOf,
  type Header,
  type Layout,
  type Shapes,
  type Tensors,
} from '@/families/layout'

const PREFIXES = ['', 'model.diffusion_model.', 'diffusion_model.', 'unet.', 'model.']
type Dialect = 'original' | 'diffusers'

/** Layout and prefix, or null where this is no U-Net. */
export function findUnet(shapes: Shapes): { layout: Dialect; prefix: string } | null {
  const original = findPrefix(shapes, PREFIXES, 'input_blocks.0.0.weight')
  if (original !== null) return { layout: 'original', prefix: original }
  const diffusers = findPrefix(shapes, PREFIXES, 'down_blocks.0.resnets.0.time_emb_proj.weight')
  return diffusers === null ? null : { layout: 'diffusers', prefix: diffusers }
}

/** In Stable Diffusion 2; another head width comes from config.json. */
const HEAD_DIM = 64
/** In every published U-Net; another number comes from its config.json. */
const GROUPS = 32
/** Side of a v-predicting model's latent, as its config.json says it; that of the others is 64. */
const V_SAMPLE_SIZE = 96
/** "768-v-ema", "v2-1_768-nonema-pruned", "…-v.safetensors", "…_vpred.safetensors". */
const V_NAME = /(?<!\d)768(?!\d)|(?<=[-_.])v(?:[-_]?pred\w*)?[-_.]/i
/** No published U-Net is deeper; more would only make an absurd list. */
const MOST_LEVELS = 8
const MOST_RESNETS = 16

/**
 * @param names the files', which may tell what the model predicts and whether few steps are enough
 * @throws unsupported naming the relative that Align cannot run; bad-weights when tensors are missing or contradict
 * each other
 */
export function unetLayout(checkpoint: Header, names: readonly string[]): Layout<InstalledUnetConfig> {
  const shapes = checkpoint.entries
  const found = findUnet(shapes)
  if (!found)
    return fail('bad-weights', 'This is not a U-Net.', "Choose Stable Diffusion 2.1-base's, or SD-Turbo's.")
  const { layout, prefix } = found
  const levels = levelsOf(shapes, found)
  const stored =
    layout === 'original' ? originalName(levels.resnets, levels.attention) : (name: string) => name
  const given = (checkpoint.json['config.json'] ?? {}) as Record<string, unknown>
  refuseRelatives(shapes, prefix, (name) => prefix + stored(name))

  const matrix = (name: string) => shapeOf(shapes, `${prefix}${stored(`${name}.weight`)}`, 2)
  const conv = (name: string) => shapeOf(shapes, `${prefix}${stored(`${name}.weight`)}`, 4)
  const channels = Array.from({ length: levels.count }, (_, i) => conv(`down_blocks.${i}.resnets.0.conv1`)[0])
  const config = checkedConfig(
    InstalledUnetConfig,
    {
      inChannels: conv('conv_in')[1],
      outChannels: conv('conv_out')[0],
      channels,
      heads: headsOf(given, channels),
      attention: levels.attention,
      resnets: levels.resnets,
      contextDim: matrix('mid_block.attentions.0.transformer_blocks.0.attn2.to_k')[1],
      groups: given.norm_num_groups ?? GROUPS,
      ...fromFiles(checkpoint, names),
    },
    'U-Net',
  )
  const odd = channels.find((width, i) => width % config.groups !== 0 || width % config.heads[i] !== 0)
  if (odd !== undefined)
    fail(
      'bad-weights',
      'The sizes of this U-Net make no sense.',
      'If it comes with a config.json, choose both together.',
      `${odd} channels, ${config.groups} groups, heads [${config.heads.join(', ')}]`,
    )
  const b = new LayoutBuilder((name) => prefix + stored(name))
  addUnet(b, config)
  return {
    family: 'unet',
    dialect: layout === 'original' ? "authors' layout" : 'diffusers layout',
    config,
    tensors: b.tensors,
    prefix,
    isClosed: true,
    notes: [],
  }
}

/** Stable Diffusion 2.1 as it is released (specs: D-Fusion §3). */
export const SD_2_1: InstalledUnetConfig = {
  inChannels: 4,
  outChannels: 4,
  channels: [320, 640, 1280, 1280],
  heads: [5, 10, 20, 20],
  attention: [true, true, true, false],
  resnets: 2,
  contextDim: 1024,
  groups: 32,
  prediction: 'epsilon',
  fewSteps: false,
}

/** The canonical tensors of a U-Net of these sizes. */
export function unetParameters(config: InstalledUnetConfig): Tensors {
  const b = new LayoutBuilder((name) => name)
  addUnet(b, config)
  return b.tensors
}

interface Levels {
  count: number
  resnets: number
  attention: boolean[]
}

/** How many levels, how deep, and which of them have transformers. */
function levelsOf(shapes: Shapes, { layout, prefix }: { layout: Dialect; prefix: string }): Levels {
  const pattern = (text: string) =>
    new RegExp(`^${prefix.replaceAll('.', '\\.')}${text.replaceAll('.', '\\.').replace('#', '(\\d+)')}`)
  if (layout === 'diffusers') {
    const count = Math.min(MOST_LEVELS, countBlocks(shapes, pattern('down_blocks.#.')))
    return {
      count,
      resnets: Math.min(MOST_RESNETS, countBlocks(shapes, pattern('down_blocks.0.resnets.#.'))),
      attention: Array.from({ length: count }, (_, i) =>
        shapes.has(`${prefix}down_blocks.${i}.attentions.0.norm.weight`),
      ),
    }
  }
  // One input block for the first convolution, then per level its resnets and, but for the last, a downsampler.
  const blocks = countBlocks(shapes, pattern('input_blocks.#.'))
  const first = Array.from({ length: Math.min(blocks, 32) }, (_, n) => n).find((n) =>
    shapes.has(`${prefix}input_blocks.${n}.0.op.weight`),
  )
  const resnets = Math.min(MOST_RESNETS, (first ?? blocks) - 1)
  const count = Math.min(MOST_LEVELS, Math.ceil(blocks / (resnets + 1)))
  return {
    count,
    resnets,
    attention: Array.from({ length: count }, (_, i) =>
      shapes.has(`${prefix}input_blocks.${1 + i * (resnets + 1)}.1.norm.weight`),
    ),
  }
}

/** diffusers calls the number of heads "attention_head_dim". */
function headsOf(given: Record<string, unknown>, channels: readonly number[]): unknown {
  const heads = given.num_attention_heads ?? given.attention_head_dim
  if (Array.isArray(heads)) return heads
  return channels.map((width) => (typeof heads === 'number' ? heads : width / HEAD_DIM))
}

/** What neither shapes nor a U-Net's own config tell: by the scheduler's config, else by the files' names. */
function fromFiles(
  { json }: Header,
  names: readonly string[],
): Pick<InstalledUnetConfig, 'prediction' | 'fewSteps'> {
  const scheduler = (json['scheduler_config.json'] ?? {}) as Record<string, unknown>
  const config = (json['config.json'] ?? {}) as Record<string, unknown>
  const saysV =
    scheduler.prediction_type === undefined
      ? names.some((name) => V_NAME.test(name)) || config.sample_size === V_SAMPLE_SIZE
      : scheduler.prediction_type === 'v_prediction'
  return {
    prediction: saysV ? 'v_prediction' : 'epsilon',
    fewSteps:
      scheduler.timestep_spacing === 'trailing' ||
      [...names, String(config._name_or_path)].some((name) => /turbo/i.test(name)),
  }
}

/** @throws unsupported */
function refuseRelatives(shapes: Shapes, prefix: string, stored: (name: string) => string): void {
  const refuse = (what: string, detail: string): never =>
    fail(
      'unsupported',
      `This is ${what}, which Align cannot run.`,
      "Choose Stable Diffusion 2.1-base's U-Net, or SD-Turbo's.",
      detail,
    )
  const attention = 'mid_block.attentions.0'
  const context = shapes.get(stored(`${attention}.transformer_blocks.0.attn2.to_k.weight`))?.shape.at(-1)
  const further = [...shapes.keys()].find((name) => /\.transformer_blocks\.[1-9]/.test(name))
  if (context === 2048 || context === 1280 || further)
    refuse('a U-Net of Stable Diffusion XL', further ?? `${context} numbers per token of the prompt`)
  const projection = shapes.get(stored(`${attention}.proj_in.weight`))?.shape
  if (context === 768 || projection?.length === 4)
    refuse(
      'a U-Net of Stable Diffusion 1',
      `${context} numbers per token, proj_in [${projection?.join(', ')}]`,
    )
  const labels = ['label_emb.0.0', 'class_embedding.linear_1', 'class_embedding', 'add_embedding.linear_1']
  const label = labels.find((name) => shapes.has(`${prefix}${name}.weight`))
  if (label) refuse('a U-Net that also takes labels or pictures (an upscaler, unCLIP)', `found ${label}`)
  const channels = shapes.get(stored('conv_in.weight'))?.shape[1]
  if (channels !== undefined && channels !== 4)
    refuse('a U-Net for inpainting, depth or upscaling', `${channels} channels go in, not 4`)
}

/** Every parameter, as `nets/unet/unet` asks for them. */
function addUnet(b: LayoutBuilder, config: InstalledUnetConfig): void {
  const { channels, resnets, contextDim } = config
  const time = 4 * channels[0]
  const conv = (name: string, into: number, out: number, size: number): void => {
    b.add(`${name}.weight`, [out, into, size, size], 'conv')
    b.add(`${name}.bias`, [out], 'exact')
  }
  const resnet = (name: string, into: number, out: number): void => {
    b.norm(`${name}.norm1`, into)
    conv(`${name}.conv1`, into, out, 3)
    // One row per step: an error in it reaches every cell.
    b.linear(`${name}.time_emb_proj`, out, time, 'once')
    b.norm(`${name}.norm2`, out)
    conv(`${name}.conv2`, out, out, 3)
    if (into !== out) conv(`${name}.conv_shortcut`, into, out, 1)
  }
  const attention = (name: string, width: number): void => {
    const block = `${name}.transformer_blocks.0`
    b.norm(`${name}.norm`, width)
    b.linear(`${name}.proj_in`, width, width)
    for (const [attn, keys] of [
      ['attn1', width],
      ['attn2', contextDim],
    ] as const) {
      b.linear(`${block}.${attn}.to_q`, width, width, 'linear', false)
      b.linear(`${block}.${attn}.to_k`, width, keys, 'linear', false)
      b.linear(`${block}.${attn}.to_v`, width, keys, 'linear', false)
      b.linear(`${block}.${attn}.to_out.0`, width, width)
    }
    for (const i of [1, 2, 3]) b.norm(`${block}.norm${i}`, width)
    b.linear(`${block}.ff.net.0.proj`, 8 * width, width)
    b.linear(`${block}.ff.net.2`, width, 4 * width)
    b.linear(`${name}.proj_out`, width, width)
  }

  b.linear('time_embedding.linear_1', time, channels[0], 'once')
  b.linear('time_embedding.linear_2', time, time, 'once')
  conv('conv_in', config.inChannels, channels[0], 3)
  const skips = [channels[0]]
  let width = channels[0]
  for (const [i, out] of channels.entries()) {
    for (let r = 0; r < resnets; r++) {
      resnet(`down_blocks.${i}.resnets.${r}`, width, out)
      width = out
      if (config.attention[i]) attention(`down_blocks.${i}.attentions.${r}`, out)
      skips.push(out)
    }
    if (i + 1 === channels.length) continue
    conv(`down_blocks.${i}.downsamplers.0.conv`, out, out, 3)
    skips.push(out)
  }
  resnet('mid_block.resnets.0', width, width)
  attention('mid_block.attentions.0', width)
  resnet('mid_block.resnets.1', width, width)
  for (const [i, out] of channels.toReversed().entries()) {
    for (let r = 0; r <= resnets; r++) {
      resnet(`up_blocks.${i}.resnets.${r}`, width + (skips.pop() ?? 0), out)
      width = out
      if (config.attention[channels.length - 1 - i]) attention(`up_blocks.${i}.attentions.${r}`, out)
    }
    if (i + 1 < channels.length) conv(`up_blocks.${i}.upsamplers.0.conv`, out, out, 3)
  }
  b.norm('conv_norm_out', channels[0])
  conv('conv_out', channels[0], config.outChannels, 3)
}

const TOP: readonly [RegExp, string][] = [
  [/^time_embedding\.linear_1\./, 'time_embed.0.'],
  [/^time_embedding\.linear_2\./, 'time_embed.2.'],
  [/^conv_in\./, 'input_blocks.0.0.'],
  [/^conv_norm_out\./, 'out.0.'],
  [/^conv_out\./, 'out.2.'],
  [/^mid_block\.resnets\.0\./, 'middle_block.0.'],
  [/^mid_block\.attentions\.0\./, 'middle_block.1.'],
  [/^mid_block\.resnets\.1\./, 'middle_block.2.'],
]

const RESNET: Readonly<Record<string, string>> = {
  norm1: 'in_layers.0',
  conv1: 'in_layers.2',
  time_emb_proj: 'emb_layers.1',
  norm2: 'out_layers.0',
  conv2: 'out_layers.3',
  conv_shortcut: 'skip_connection',
}

/** The authors' name of diffusers' tensor; they number all blocks of a side through. */
function originalName(resnets: number, attention: readonly boolean[]): (name: string) => string {
  const levels = attention.length
  const down = (i: number, r: number) => `input_blocks.${1 + i * (resnets + 1) + r}`
  const up = (i: number, r: number) => `output_blocks.${i * (resnets + 1) + r}`
  const place = (name: string): string => {
    const top = TOP.find(([pattern]) => pattern.test(name))
    if (top) return name.replace(...top)
    return name
      .replace(/^down_blocks\.(\d+)\.resnets\.(\d+)\./, (_, i, r) => `${down(Number(i), Number(r))}.0.`)
      .replace(/^down_blocks\.(\d+)\.attentions\.(\d+)\./, (_, i, r) => `${down(Number(i), Number(r))}.1.`)
      .replace(/^down_blocks\.(\d+)\.downsamplers\.0\.conv\./, (_, i) => `${down(Number(i), resnets)}.0.op.`)
      .replace(/^up_blocks\.(\d+)\.resnets\.(\d+)\./, (_, i, r) => `${up(Number(i), Number(r))}.0.`)
      .replace(/^up_blocks\.(\d+)\.attentions\.(\d+)\./, (_, i, r) => `${up(Number(i), Number(r))}.1.`)
      .replace(/^up_blocks\.(\d+)\.upsamplers\.0\./, (_, i) => {
        // The upsampler comes after the transformer, where there is one.
        const after = attention[levels - 1 - Number(i)] ? 2 : 1
        return `${up(Number(i), resnets)}.${after}.`
      })
  }
  return (name) =>
    place(name).replace(
      /^((?:input_blocks\.\d+\.0|output_blocks\.\d+\.0|middle_block\.[02]))\.(\w+)\.(weight|bias)$/,
      (whole, block: string, part: string, kind: string) =>
        part in RESNET ? `${block}.${RESNET[part]}.${kind}` : whole,
    )
}
