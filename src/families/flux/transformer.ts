/**
 * FLUX checkpoints in either layout under one set of names: BFL's, with fused qkv and linear1
 * (specs: FLUX §8, checkpoint tensors).
 */
import { fail } from '@/base/errors'
import { FluxConfig } from '@/families/flux/config'
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
  type Tensors,
  type TensorKind,
} from '@/families/layout'

export type FluxDialect = 'bfl' | 'diffusers'

/** Some files put everything under a prefix. */
const PREFIXES = ['', 'model.diffusion_model.', 'diffusion_model.', 'transformer.', 'model.']

/** Which layout, or null where this is no FLUX transformer. */
export function findFlux(shapes: Shapes): { layout: FluxDialect; prefix: string } | null {
  const bfl = findPrefix(shapes, PREFIXES, 'double_blocks.0.img_attn.qkv.weight')
  if (bfl !== null) return { layout: 'bfl', prefix: bfl }
  const diffusers = findPrefix(shapes, PREFIXES, 'transformer_blocks.0.attn.add_q_proj.weight')
  return diffusers === null ? null : { layout: 'diffusers', prefix: diffusers }
}

/** @throws bad-weights when this is no FLUX transformer */
export function detectFluxLayout(shapes: Shapes): { layout: FluxDialect; prefix: string } {
  return (
    findFlux(shapes) ??
    fail(
      'bad-weights',
      'This is not a FLUX checkpoint.',
      'Choose a file in the layout of the authors or of diffusers.',
      `first tensors: ${[...shapes.keys()].slice(0, 4).join(', ')}`,
    )
  )
}

/** Depth is read from the highest block index, so pruned relatives load too. */
export const fluxDepths = (shapes: Shapes): { double: number; single: number } => ({
  double: countBlocks(shapes, /(?:^|\.)(?:double_blocks|transformer_blocks)\.(\d+)\./),
  single: countBlocks(shapes, /(?:^|\.)(?:single_blocks|single_transformer_blocks)\.(\d+)\./),
})

/** Sizes without the split of the positions' axes, which only a config.json tells for unusual head widths. */
type FluxSizes = Omit<FluxConfig, 'axesDim' | 'theta'> & { headDim: number }

function fluxSizes(shapes: Shapes): FluxSizes {
  const { layout, prefix } = detectFluxLayout(shapes)
  const stored = storedName(layout, prefix)
  const matrix = (module: string): readonly number[] => shapeOf(shapes, stored(`${module}.weight`), 2)
  const [hidden, inChannels] = matrix('img_in')
  const [headDim] = shapeOf(shapes, stored('double_blocks.0.img_attn.norm.query_norm.scale'), 1)
  const depths = fluxDepths(shapes)
  return {
    hidden,
    heads: hidden / headDim,
    headDim,
    doubleBlocks: depths.double,
    singleBlocks: depths.single,
    mlpRatio: matrix('double_blocks.0.img_mlp.0')[0] / hidden,
    contextDim: matrix('txt_in')[1],
    inChannels,
    outChannels: matrix('final_layer.linear')[0],
    vectorDim: shapes.has(stored('vector_in.in_layer.weight')) ? matrix('vector_in.in_layer')[1] : null,
    guidance: shapes.has(stored('guidance_in.in_layer.weight')),
  }
}

/** FLUX's split of 128; others only from config.json. */
const AXES_OF_128 = [16, 56, 56]

/** Relatives that differ in what enters and leaves the blocks: channels of an image token -> what it is. */
const CONTROL: Readonly<Record<number, string>> = {
  384: 'FLUX.1 Fill, which also takes a picture and its mask',
  128: 'FLUX.1 Canny or Depth, which also takes a picture of edges or depth',
}

/** @throws unsupported */
function refuseControl({ inChannels, outChannels }: FluxSizes): void {
  if (inChannels === outChannels) return
  fail(
    'unsupported',
    `This is ${CONTROL[inChannels] ?? 'a FLUX for other tokens'}: no mode is made for it.`,
    'Choose FLUX.1 [dev].',
    `${inChannels} channels go in, ${outChannels} come out`,
  )
}

/** Relatives with the shapes of FLUX.1 [dev], by their files' names. */
const BY_NAME: readonly [RegExp, string][] = [
  [/kontext/i, 'FLUX.1 Kontext'],
  [/krea/i, 'FLUX.1 Krea'],
  [/schnell/i, 'FLUX.1 [schnell]'],
]

/** What people should know of a relative that the modes run on without having been made for it. */
function notesOf({ guidance }: FluxSizes, names: readonly string[]): string[] {
  const named = BY_NAME.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1]
  const relative = named ?? (guidance ? null : 'FLUX.1 [schnell] or a relative of it')
  return relative === null
    ? []
    : [`This seems to be ${relative}: DreamFuse and DreamO run on it, but were made for FLUX.1 [dev].`]
}

/**
 * @param names the files', which tell relatives of the same shapes apart
 * @throws bad-weights when shapes contradict each other or a config.json is needed and not there; unsupported naming a
 * relative that cannot be used
 */
export function fluxLayout(checkpoint: Header, names: readonly string[] = []): Layout<FluxConfig> {
  const { layout, prefix } = detectFluxLayout(checkpoint.entries)
  const found = fluxSizes(checkpoint.entries)
  refuseControl(found)
  const { headDim, ...sizes } = found
  const given = Object.values(checkpoint.json).map(
    (json) => json as { axes_dims_rope?: unknown; theta?: unknown } | null,
  )
  const axesDim =
    given.find((json) => json?.axes_dims_rope)?.axes_dims_rope ?? (headDim === 128 ? AXES_OF_128 : null)
  if (axesDim === null)
    fail(
      'bad-weights',
      `This FLUX has heads of ${headDim} numbers; how they share the positions is not in the weights.`,
      'Choose its config.json together with it.',
      'expected axes_dims_rope',
    )
  const config = checkedConfig(FluxConfig, { ...sizes, axesDim, theta: 10000 }, 'FLUX transformer')
  if (
    config.axesDim.reduce((sum, axis) => sum + axis, 0) !== headDim ||
    config.axesDim.some((axis) => axis % 2)
  )
    fail(
      'bad-weights',
      "The config.json does not fit this FLUX's heads.",
      'Choose the config.json that came with it.',
      `axes_dims_rope [${config.axesDim.join(', ')}] do not sum to ${headDim} in even parts`,
    )
  return {
    family: 'fluxDit',
    dialect: layout === 'bfl' ? "authors' layout" : 'diffusers layout',
    config,
    tensors: fluxTensors(found, layout, prefix),
    prefix,
    isClosed: true,
    notes: notesOf(found, names),
  }
}

/** FLUX.1 [dev] as it is released (specs: FLUX §1). */
export const FLUX_DEV: FluxConfig = {
  hidden: 3072,
  heads: 24,
  axesDim: AXES_OF_128,
  theta: 10000,
  doubleBlocks: 19,
  singleBlocks: 38,
  mlpRatio: 4,
  contextDim: 4096,
  inChannels: 64,
  outChannels: 64,
  vectorDim: 768,
  guidance: true,
}

/** The canonical tensors of a FLUX of these sizes. */
export const fluxParameters = (config: FluxConfig): Tensors =>
  fluxTensors({ ...config, headDim: config.hidden / config.heads }, 'bfl', '')

/** The layout's tensors alone, which need no config.json. @throws bad-weights when this is no FLUX transformer */
export function fluxTensorsIn(shapes: Shapes): Tensors {
  const { layout, prefix } = detectFluxLayout(shapes)
  return fluxTensors(fluxSizes(shapes), layout, prefix)
}

function fluxTensors(sizes: FluxSizes, layout: FluxDialect, prefix: string): Tensors {
  const { hidden, headDim } = sizes
  const b = new LayoutBuilder(storedName(layout, prefix))
  const linear = (name: string, rows: number, cols: number, kind: TensorKind = 'linear'): void => {
    if (layout === 'bfl') return b.linear(name, rows, cols, kind)
    for (const [suffix, shape] of [
      ['weight', [rows, cols]],
      ['bias', [rows]],
    ] as const) {
      let parts: RowPart[] = diffusersParts(name, rows, cols).map((part) => ({
        tensor: `${prefix}${part.module}.${suffix}`,
        first: 0,
        rows: part.rows,
        of: part.rows,
      }))
      if (name === 'final_layer.adaLN_modulation.1') parts = swappedHalves(parts[0])
      b.add(`${name}.${suffix}`, shape, suffix === 'weight' ? kind : 'exact', parts)
    }
  }
  linear('img_in', hidden, sizes.inChannels, 'once')
  linear('txt_in', hidden, sizes.contextDim, 'once')
  const embedding = (name: string, cols: number): void => {
    linear(`${name}.in_layer`, hidden, cols, 'once')
    linear(`${name}.out_layer`, hidden, hidden, 'once')
  }
  embedding('time_in', TIME_FREQUENCIES)
  if (sizes.guidance) embedding('guidance_in', TIME_FREQUENCIES)
  if (sizes.vectorDim !== null) embedding('vector_in', sizes.vectorDim)
  const norms = (name: string): void => {
    b.add(`${name}.query_norm.scale`, [headDim], 'exact')
    b.add(`${name}.key_norm.scale`, [headDim], 'exact')
  }
  const mlp = sizes.mlpRatio * hidden
  for (let i = 0; i < sizes.doubleBlocks; i++)
    for (const stream of ['img', 'txt']) {
      const name = `double_blocks.${i}.${stream}`
      linear(`${name}_mod.lin`, 6 * hidden, hidden, 'once')
      linear(`${name}_attn.qkv`, 3 * hidden, hidden)
      norms(`${name}_attn.norm`)
      linear(`${name}_attn.proj`, hidden, hidden)
      linear(`${name}_mlp.0`, mlp, hidden)
      linear(`${name}_mlp.2`, hidden, mlp)
    }
  for (let i = 0; i < sizes.singleBlocks; i++) {
    const name = `single_blocks.${i}`
    linear(`${name}.modulation.lin`, 3 * hidden, hidden, 'once')
    linear(`${name}.linear1`, 3 * hidden + mlp, hidden)
    linear(`${name}.linear2`, hidden, hidden + mlp)
    norms(`${name}.norm`)
  }
  linear('final_layer.adaLN_modulation.1', 2 * hidden, hidden, 'once')
  linear('final_layer.linear', sizes.outChannels, hidden, 'once')
  return b.tensors
}

/** Width of the sinusoids of time and guidance, whatever the model's width (specs: FLUX §3). */
const TIME_FREQUENCIES = 256

/** diffusers stores [scale; shift] where BFL stores [shift; scale]. */
function swappedHalves({ tensor, of }: RowPart): RowPart[] {
  const half = of / 2
  return [
    { tensor, first: half, rows: half, of },
    { tensor, first: 0, rows: half, of },
  ]
}

/** The stored name of a canonical tensor that is stored whole. */
function storedName(layout: FluxDialect, prefix: string): (name: string) => string {
  if (layout === 'bfl') return (name) => prefix + name
  return (name) => {
    const linear = /^(.*)\.(weight|bias)$/.exec(name)
    const stored = linear ? `${diffusersParts(linear[1], 3, 1)[0].module}.${linear[2]}` : diffusersNorm(name)
    return prefix + stored
  }
}

/** One diffusers linear that makes up some rows of a canonical one. */
export interface FluxPart {
  module: string
  rows: number
}

const STREAMS = {
  img: {
    q: 'to_q',
    k: 'to_k',
    v: 'to_v',
    out: 'to_out.0',
    mod: 'norm1',
    mlp: 'ff',
    qNorm: 'norm_q',
    kNorm: 'norm_k',
  },
  txt: {
    q: 'add_q_proj',
    k: 'add_k_proj',
    v: 'add_v_proj',
    out: 'to_add_out',
    mod: 'norm1_context',
    mlp: 'ff_context',
    qNorm: 'norm_added_q',
    kNorm: 'norm_added_k',
  },
} as const

const TOP: Record<string, string> = {
  img_in: 'x_embedder',
  txt_in: 'context_embedder',
  'time_in.in_layer': 'time_text_embed.timestep_embedder.linear_1',
  'time_in.out_layer': 'time_text_embed.timestep_embedder.linear_2',
  'guidance_in.in_layer': 'time_text_embed.guidance_embedder.linear_1',
  'guidance_in.out_layer': 'time_text_embed.guidance_embedder.linear_2',
  'vector_in.in_layer': 'time_text_embed.text_embedder.linear_1',
  'vector_in.out_layer': 'time_text_embed.text_embedder.linear_2',
  'final_layer.linear': 'proj_out',
  'final_layer.adaLN_modulation.1': 'norm_out.linear',
}

/**
 * The diffusers modules whose rows, stacked, are the canonical linear `name` with `rows` rows and
 * `cols` columns. The swapped halves of `norm_out.linear` are not undone here.
 */
export function diffusersParts(name: string, rows: number, cols: number): FluxPart[] {
  if (name in TOP) return [{ module: TOP[name], rows }]
  const double = /^double_blocks\.(\d+)\.(img|txt)_(mod\.lin|attn\.qkv|attn\.proj|mlp\.0|mlp\.2)$/.exec(name)
  if (double) {
    const block = `transformer_blocks.${double[1]}`
    const s = STREAMS[double[2] as 'img' | 'txt']
    switch (double[3]) {
      case 'mod.lin':
        return [{ module: `${block}.${s.mod}.linear`, rows }]
      case 'attn.qkv':
        return [s.q, s.k, s.v].map((part) => ({ module: `${block}.attn.${part}`, rows: rows / 3 }))
      case 'attn.proj':
        return [{ module: `${block}.attn.${s.out}`, rows }]
      case 'mlp.0':
        return [{ module: `${block}.${s.mlp}.net.0.proj`, rows }]
      default:
        return [{ module: `${block}.${s.mlp}.net.2`, rows }]
    }
  }
  const single = /^single_blocks\.(\d+)\.(modulation\.lin|linear1|linear2)$/.exec(name)
  if (single) {
    const block = `single_transformer_blocks.${single[1]}`
    if (single[2] === 'modulation.lin') return [{ module: `${block}.norm.linear`, rows }]
    if (single[2] === 'linear2') return [{ module: `${block}.proj_out`, rows }]
    const qkv = ['to_q', 'to_k', 'to_v'].map((part) => ({ module: `${block}.attn.${part}`, rows: cols }))
    return [...qkv, { module: `${block}.proj_mlp`, rows: rows - 3 * cols }]
  }
  return fail('internal', `No diffusers name is known for "${name}".`, 'Report this.')
}

/** diffusers' name of a norm of queries or keys. */
function diffusersNorm(name: string): string {
  const norm = /^(double|single)_blocks\.(\d+)\.(?:(img|txt)_attn\.)?norm\.(query|key)_norm\.scale$/.exec(
    name,
  )
  if (!norm) return name
  const [, kind, index, stream, which] = norm
  if (kind === 'single')
    return `single_transformer_blocks.${index}.attn.norm_${which === 'query' ? 'q' : 'k'}.weight`
  const names = STREAMS[stream as 'img' | 'txt']
  return `transformer_blocks.${index}.attn.${which === 'query' ? names.qNorm : names.kNorm}.weight`
}
