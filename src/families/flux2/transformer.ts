/**
 * FLUX.2 [klein] checkpoints in either layout under one set of names: the authors', with fused qkv and linear1
 * (specs: FLUX.2 §9). Nothing has a bias.
 */
import { fail } from '@/base/errors'
import { Flux2Config } from '@/families/flux2/config'
import {
  checkedConfig,
  countBlocks,
  findPrefix,
  LayoutBuilder,
  shapeOf,
  type Header,
  type Layout,
  type RowPart,
  type Shapes,
  type TensorKind,
  type Tensors,
} from '@/families/layout'

type Flux2Dialect = 'bfl' | 'diffusers'

/** Some files put everything under a prefix. */
const PREFIXES = ['', 'model.diffusion_model.', 'diffusion_model.', 'transformer.', 'model.']

/** Which layout, or null where this is no FLUX.2 transformer; the shared modulations tell it from FLUX.1. */
export function findFlux2(shapes: Shapes): { layout: Flux2Dialect; prefix: string } | null {
  const bfl = findPrefix(shapes, PREFIXES, 'double_stream_modulation_img.lin.weight')
  if (bfl !== null) return { layout: 'bfl', prefix: bfl }
  const diffusers = findPrefix(shapes, PREFIXES, 'double_stream_modulation_img.linear.weight')
  return diffusers === null ? null : { layout: 'diffusers', prefix: diffusers }
}

/** Sizes that shapes alone tell. */
type Flux2Sizes = Omit<Flux2Config, 'axesDim' | 'theta' | 'distilled'>

function flux2Sizes(shapes: Shapes, layout: Flux2Dialect, prefix: string): Flux2Sizes {
  const stored = storedName(layout, prefix)
  const matrix = (module: string): readonly number[] => shapeOf(shapes, stored(`${module}.weight`), 2)
  const [hidden, inChannels] = matrix('img_in')
  const [headDim] = shapeOf(shapes, stored('double_blocks.0.img_attn.norm.query_norm.scale'), 1)
  const blocks = (kind: string) => countBlocks(shapes, new RegExp(`(?:^|\\.)${kind}\\.(\\d+)\\.`))
  const [double, single] =
    layout === 'bfl'
      ? ['double_blocks', 'single_blocks']
      : ['transformer_blocks', 'single_transformer_blocks']
  return {
    hidden,
    heads: hidden / headDim,
    doubleBlocks: blocks(double),
    singleBlocks: blocks(single),
    mlp: matrix('double_blocks.0.img_mlp.2')[1],
    contextDim: matrix('txt_in')[1],
    inChannels,
    outChannels: matrix('final_layer.linear')[0],
  }
}

/** Relatives with klein's names that are no klein, by their files' names; sizes are told by shapes. */
const BY_NAME: readonly [RegExp, string][] = [
  [/9b[-_ ]?kv/i, 'This is FLUX.2 [klein] 9B-KV, whose reference pictures see themselves alone.'],
]

/** @throws unsupported */
function refuseRelatives(shapes: Shapes, prefix: string, names: readonly string[]): void {
  const dev = ['guidance_in.', 'time_guidance_embed.guidance_embedder.'].some((module) =>
    [...shapes.keys()].some((name) => name.startsWith(prefix + module)),
  )
  const sentence = dev
    ? 'This is FLUX.2 [dev], which takes its guidance as a number and reads prompts with a text encoder of 24 billion numbers.'
    : BY_NAME.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1]
  if (sentence) fail('unsupported', sentence, 'Choose FLUX.2 [klein] 4B.', names.join(', '))
}

/** What model_index.json says, else what the files are called; Base has the same tensors (specs: FLUX.2 §1, §9). */
function isDistilled({ json }: Header, names: readonly string[]): boolean | null {
  const told = (json['model_index.json'] as { is_distilled?: unknown } | undefined)?.is_distilled
  if (typeof told === 'boolean') return told
  const klein = names.filter((name) => /klein/i.test(name))
  return klein.length === 0 ? null : !klein.some((name) => /base/i.test(name))
}

/** FLUX.2's period of the rotary embedding. */
const THETA = 2000

/**
 * @param names the files', which tell relatives of the same shapes apart
 * @throws bad-weights when shapes contradict each other; unsupported naming a relative that cannot be used
 */
export function flux2Layout(checkpoint: Header, names: readonly string[] = []): Layout<Flux2Config> {
  const shapes = checkpoint.entries
  const found = findFlux2(shapes)
  if (!found)
    return fail(
      'bad-weights',
      'This is not a FLUX.2 transformer.',
      'Choose a file in the layout of the authors or of diffusers.',
      `first tensors: ${[...shapes.keys()].slice(0, 4).join(', ')}`,
    )
  const { layout, prefix } = found
  refuseRelatives(shapes, prefix, names)
  const sizes = flux2Sizes(shapes, layout, prefix)
  const headDim = sizes.hidden / sizes.heads
  const given = (checkpoint.json['config.json'] ?? {}) as { axes_dims_rope?: unknown; rope_theta?: unknown }
  const config = checkedConfig(
    Flux2Config,
    {
      ...sizes,
      // All published ones give each axis a quarter of a head.
      axesDim: given.axes_dims_rope ?? new Array<number>(4).fill(headDim / 4),
      theta: given.rope_theta ?? THETA,
      distilled: isDistilled(checkpoint, names),
    },
    'FLUX.2 transformer',
  )
  const { axesDim } = config
  if (axesDim.reduce((sum, axis) => sum + axis, 0) !== headDim || axesDim.some((axis) => axis % 2))
    fail(
      'bad-weights',
      "The positions' axes do not fit this FLUX.2's heads.",
      'Choose the config.json that came with it.',
      `axes_dims_rope [${axesDim.join(', ')}] do not sum to ${headDim} in even parts`,
    )
  return {
    family: 'flux2Dit',
    dialect: layout === 'bfl' ? "authors' layout" : 'diffusers layout',
    config,
    tensors: flux2Tensors(sizes, layout, prefix),
    prefix,
    isClosed: true,
    notes:
      config.hidden > KLEIN_4B.hidden
        ? ['This is [klein] 9B, whose licence is for non-commercial use. It reads prompts with Qwen3-8B.']
        : [],
  }
}

/** FLUX.2 [klein] 4B as it is released (specs: FLUX.2 §1). */
export const KLEIN_4B: Flux2Config = {
  hidden: 3072,
  heads: 24,
  axesDim: [32, 32, 32, 32],
  theta: THETA,
  doubleBlocks: 5,
  singleBlocks: 20,
  mlp: 9216,
  contextDim: 7680,
  inChannels: 128,
  outChannels: 128,
  distilled: true,
}

/** The canonical tensors of a FLUX.2 of these sizes. */
export const flux2Parameters = (config: Flux2Config): Tensors => flux2Tensors(config, 'bfl', '')

function flux2Tensors(sizes: Flux2Sizes, layout: Flux2Dialect, prefix: string): Tensors {
  const { hidden, heads, mlp, contextDim, inChannels, outChannels } = sizes
  const b = new LayoutBuilder(storedName(layout, prefix))
  const linear = (name: string, rows: number, cols: number, kind: TensorKind = 'linear'): void =>
    b.add(
      `${name}.weight`,
      [rows, cols],
      kind,
      layout === 'bfl' ? undefined : diffusersRows(name, rows, prefix),
    )
  const norms = (name: string): void => {
    b.add(`${name}.query_norm.scale`, [hidden / heads], 'exact')
    b.add(`${name}.key_norm.scale`, [hidden / heads], 'exact')
  }
  linear('img_in', hidden, inChannels, 'fine')
  linear('txt_in', hidden, contextDim, 'fine')
  linear('time_in.in_layer', hidden, TIME_FREQUENCIES, 'fine')
  linear('time_in.out_layer', hidden, hidden, 'fine')
  linear('double_stream_modulation_img.lin', 6 * hidden, hidden, 'fine')
  linear('double_stream_modulation_txt.lin', 6 * hidden, hidden, 'fine')
  linear('single_stream_modulation.lin', 3 * hidden, hidden, 'fine')
  for (let i = 0; i < sizes.doubleBlocks; i++)
    for (const stream of ['img', 'txt']) {
      const name = `double_blocks.${i}.${stream}`
      linear(`${name}_attn.qkv`, 3 * hidden, hidden)
      norms(`${name}_attn.norm`)
      linear(`${name}_attn.proj`, hidden, hidden)
      linear(`${name}_mlp.0`, 2 * mlp, hidden)
      linear(`${name}_mlp.2`, hidden, mlp)
    }
  for (let i = 0; i < sizes.singleBlocks; i++) {
    const name = `single_blocks.${i}`
    linear(`${name}.linear1`, 3 * hidden + 2 * mlp, hidden)
    linear(`${name}.linear2`, hidden, hidden + mlp)
    norms(`${name}.norm`)
  }
  linear('final_layer.adaLN_modulation.1', 2 * hidden, hidden, 'fine')
  linear('final_layer.linear', outChannels, hidden, 'fine')
  return b.tensors
}

/** Width of the sinusoids of time, whatever the model's width. */
const TIME_FREQUENCIES = 256

/** Which rows of diffusers' tensors a canonical linear is stacked from. */
function diffusersRows(name: string, rows: number, prefix: string): RowPart[] {
  const modules = diffusersModules(name)
  const each = rows / modules.length
  // diffusers stores [scale; shift] where the authors store [shift; scale].
  if (name === FINAL_MODULATION) {
    const part = { tensor: `${prefix}${modules[0]}.weight`, rows: rows / 2, of: rows }
    return [
      { ...part, first: rows / 2 },
      { ...part, first: 0 },
    ]
  }
  return modules.map((module) => ({ tensor: `${prefix}${module}.weight`, first: 0, rows: each, of: each }))
}

const FINAL_MODULATION = 'final_layer.adaLN_modulation.1'

/** diffusers' modules of a canonical linear outside the blocks. */
const TOP: Readonly<Record<string, string>> = {
  img_in: 'x_embedder',
  txt_in: 'context_embedder',
  'time_in.in_layer': 'time_guidance_embed.timestep_embedder.linear_1',
  'time_in.out_layer': 'time_guidance_embed.timestep_embedder.linear_2',
  'double_stream_modulation_img.lin': 'double_stream_modulation_img.linear',
  'double_stream_modulation_txt.lin': 'double_stream_modulation_txt.linear',
  'single_stream_modulation.lin': 'single_stream_modulation.linear',
  [FINAL_MODULATION]: 'norm_out.linear',
  'final_layer.linear': 'proj_out',
}

/** And of those in a block, after the block's name. */
const IN_BLOCK: Readonly<Record<string, readonly string[]>> = {
  'img_attn.qkv': ['attn.to_q', 'attn.to_k', 'attn.to_v'],
  'txt_attn.qkv': ['attn.add_q_proj', 'attn.add_k_proj', 'attn.add_v_proj'],
  'img_attn.proj': ['attn.to_out.0'],
  'txt_attn.proj': ['attn.to_add_out'],
  'img_mlp.0': ['ff.linear_in'],
  'img_mlp.2': ['ff.linear_out'],
  'txt_mlp.0': ['ff_context.linear_in'],
  'txt_mlp.2': ['ff_context.linear_out'],
  linear1: ['attn.to_qkv_mlp_proj'],
  linear2: ['attn.to_out'],
  'img_attn.norm.query_norm': ['attn.norm_q'],
  'img_attn.norm.key_norm': ['attn.norm_k'],
  'txt_attn.norm.query_norm': ['attn.norm_added_q'],
  'txt_attn.norm.key_norm': ['attn.norm_added_k'],
  'norm.query_norm': ['attn.norm_q'],
  'norm.key_norm': ['attn.norm_k'],
}

/** diffusers' modules whose rows, stacked, are a canonical module's. */
export function diffusersModules(name: string): readonly string[] {
  if (Object.hasOwn(TOP, name)) return [TOP[name]]
  const [, kind, index, rest] = /^(double|single)_blocks\.(\d+)\.(.+)$/.exec(name) ?? []
  if (!Object.hasOwn(IN_BLOCK, rest ?? ''))
    return fail('internal', `No diffusers name is known for "${name}".`, 'Report this.')
  const block = `${kind === 'double' ? '' : 'single_'}transformer_blocks.${index}`
  return IN_BLOCK[rest].map((module) => `${block}.${module}`)
}

/** The stored name of a canonical tensor that is stored whole, or of the first that it is stacked from. */
function storedName(layout: Flux2Dialect, prefix: string): (name: string) => string {
  if (layout === 'bfl') return (name) => prefix + name
  return (name) => `${prefix}${diffusersModules(name.replace(/\.(?:weight|scale)$/, ''))[0]}.weight`
}
