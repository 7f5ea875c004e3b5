/**
 * The U-Net of Stable Diffusion 2.x and its relatives (SD-Turbo, our own small one), after specs: D-Fusion §2, §3, §9,
 * under diffusers' names. This file is the network: its steps in order, and for each its parameters and graphs, cut at
 * self- and cross-attention; `unetPass.ts` walks them. Pictures are [batch, channels, rows, columns], tokens
 * [batch, rows*columns, channels]; a graph is built for one size.
 */
import type { ParameterNames } from '@/nets/parameterSet'
import { graphOnce, type Graph, type GraphBuilder } from '@/onnx/graph'
import { linear, silu, specKey, type LinearSpec } from '@/onnx/layers'
import { conv, groupNorm, type Grid } from '@/onnx/pictures'
import { layerNorm } from '@/onnx/transformer'
import type { UnetConfig } from '@/schema/pack'

interface Common {
  name: string
  /** Halvings above it; of an upsampler and a downsampler, those of its input. */
  level: number
  /** Its result waits for the way up. */
  skips: boolean
  /** Names of its result in the golden cases. */
  taps: string[]
}

export interface ConvStep extends Common {
  kind: 'conv'
  cin: number
  cout: number
  /** `up` doubles, or gives the size of the skip that comes next. */
  resample: 'none' | 'down' | 'up'
}

export interface ResnetStep extends Common {
  kind: 'resnet'
  cin: number
  /** Channels of the skip that it takes, behind its input; 0 for none. */
  skip: number
  cout: number
}

export interface TransformerStep extends Common {
  kind: 'transformer'
  channels: number
  heads: number
  /** D-Fusion's number of the block: levels with attention on the way down, the middle, the way up. */
  layer: number
}

export type Step = ConvStep | ResnetStep | TransformerStep

/** The forward, in order; before it the time's embedding, after it `outGraph`. */
export function unetSteps(config: UnetConfig): Step[] {
  const { channels, heads, resnets, attention } = config
  const steps: Step[] = []
  const skips: number[] = []
  let width = channels[0]
  let layer = 0
  const add = (step: Step): void => {
    if (step.skips) skips.push(step.kind === 'transformer' ? step.channels : step.cout)
    if (step.kind === 'resnet') width = step.cout
    steps.push(step)
  }
  const resnet = (name: string, level: number, more: Partial<ResnetStep> = {}): void =>
    add({
      kind: 'resnet',
      name,
      level,
      cin: width,
      skip: 0,
      cout: channels[level],
      skips: false,
      taps: [],
      ...more,
    })
  const transformer = (name: string, level: number, waits: boolean): void => {
    const sizes = { channels: width, heads: heads[level], layer }
    add({ kind: 'transformer', name, level, ...sizes, skips: waits, taps: [tapName(name)] })
  }
  const conv3 = (name: string, level: number, resample: ConvStep['resample'], skips: boolean): void =>
    add({ kind: 'conv', name, level, cin: width, cout: width, resample, skips, taps: [] })
  const tap = (name: string): unknown => steps[steps.length - 1].taps.push(name)

  add({
    kind: 'conv',
    name: 'conv_in',
    level: 0,
    cin: config.inChannels,
    cout: width,
    resample: 'none',
    skips: true,
    taps: ['conv_in'],
  })
  const deepest = channels.length - 1
  for (let i = 0; i <= deepest; i++) {
    for (let r = 0; r < resnets; r++) {
      resnet(`down_blocks.${i}.resnets.${r}`, i, { skips: !attention[i] })
      tap(`down${i}.resnet${r}`)
      if (attention[i]) transformer(`down_blocks.${i}.attentions.${r}`, i, true)
    }
    if (attention[i]) layer++
    if (i < deepest) conv3(`down_blocks.${i}.downsamplers.0.conv`, i, 'down', true)
    tap(`down${i}.out`)
  }
  resnet('mid_block.resnets.0', deepest)
  transformer('mid_block.attentions.0', deepest, false)
  layer++
  resnet('mid_block.resnets.1', deepest)
  tap('mid')
  for (let i = 0; i <= deepest; i++) {
    const level = deepest - i
    for (let r = 0; r <= resnets; r++) {
      resnet(`up_blocks.${i}.resnets.${r}`, level, { skip: skips.pop() ?? 0 })
      if (attention[level]) transformer(`up_blocks.${i}.attentions.${r}`, level, false)
    }
    if (attention[level]) layer++
    if (level > 0) conv3(`up_blocks.${i}.upsamplers.0.conv`, level, 'up', false)
    tap(`up${i}`)
  }
  return steps
}

/** `down_blocks.0.attentions.1` is `down0.attn1` in the golden cases. */
export const tapName = (name: string): string =>
  name.replace(
    /^(\w+?)_blocks?(?:\.(\d+))?\.attentions\.(\d+)$/,
    (_, part, block, index) => `${part}${block ?? ''}.attn${index}`,
  )

/** Every parameter of the net under diffusers' names. */
export function unetParameters(config: UnetConfig): ParameterNames {
  const all = [timeParameters(config), ...unetSteps(config).map((step) => stepParameters(config, step))]
  const out = parameters(
    [],
    norm('conv_norm_out', config.channels[0]),
    conv2d('conv_out', config.channels[0], config.outChannels, 3),
  )
  return {
    linears: [...all, out].flatMap(({ linears }) => linears),
    tensors: [...all, out].flatMap(({ tensors }) => tensors),
  }
}

/** Parameters of one step. */
export function stepParameters(config: UnetConfig, step: Step): ParameterNames {
  switch (step.kind) {
    case 'conv':
      return parameters([], conv2d(step.name, step.cin, step.cout, 3))
    case 'resnet':
      return resnetParameters(config, step)
    case 'transformer':
      return transformerParameters(config, step)
  }
}

type Tensors = ParameterNames['tensors']

const parameters = (linears: ParameterNames['linears'], ...tensors: Tensors[]): ParameterNames => ({
  linears,
  tensors: tensors.flat(),
})
const norm = (name: string, width: number): Tensors => [
  [`${name}.weight`, [width]],
  [`${name}.bias`, [width]],
]
const conv2d = (name: string, cin: number, cout: number, kernel: number): Tensors => [
  [`${name}.weight`, [cout, cin, kernel, kernel]],
  [`${name}.bias`, [cout]],
]

/** Of the attentions' LayerNorms. */
const LAYER_NORM_EPSILON = 1e-5

/** Linears run over all tokens of a picture, whose number the graph has fixed. */
function countTokens(g: GraphBuilder, { batch, rows, columns }: Grid): void {
  g.flops += batch * rows * columns * g.flopsPerToken
}

const gridKey = ({ batch, rows, columns }: Grid): string => `${batch}x${rows}x${columns}`

const timeWidth = ({ channels }: UnetConfig): number => 4 * channels[0]

const timeParameters = (config: UnetConfig): ParameterNames =>
  parameters([
    ['time_embedding.linear_1', timeWidth(config), config.channels[0]],
    ['time_embedding.linear_2', timeWidth(config), timeWidth(config)],
  ])

/** Linear -> SiLU -> Linear over the sinusoid of the time. Input time [batch, 1, channels]; output temb. */
export function timeGraph(
  batch: number,
  { linear_1: first, linear_2: second }: Record<'linear_1' | 'linear_2', LinearSpec>,
): Graph {
  return graphOnce(`unet time ${batch} ${specKey(first)} ${specKey(second)}`, (g) => {
    const time = g.input('time', 'float32', [batch, 1, first.cols])
    const hidden = silu(g, linear(g, time, 'linear_1', first, batch))
    g.output(linear(g, hidden, 'linear_2', second, batch), 'temb', [batch, 1, second.rows])
  })
}

function resnetParameters(config: UnetConfig, { name, cin, skip, cout }: ResnetStep): ParameterNames {
  const width = cin + skip
  return parameters(
    [[`${name}.time_emb_proj`, cout, timeWidth(config)]],
    norm(`${name}.norm1`, width),
    conv2d(`${name}.conv1`, width, cout, 3),
    norm(`${name}.norm2`, cout),
    conv2d(`${name}.conv2`, cout, cout, 3),
    width === cout ? [] : conv2d(`${name}.conv_shortcut`, width, cout, 1),
  )
}

/** Two convolutions with the time between them, around a shortcut. Inputs x, skip?, temb [batch, 1, width]; output y. */
export function resnetGraph(
  grid: Grid,
  { cin, skip, cout }: ResnetStep,
  groups: number,
  time: LinearSpec,
): Graph {
  return graphOnce(`unet resnet ${gridKey(grid)} ${cin} ${skip} ${cout} ${groups} ${specKey(time)}`, (g) => {
    const { batch, rows, columns } = grid
    let x = g.input('x', 'float32', [batch, cin, rows, columns])
    if (skip > 0)
      x = g.node('Concat', [x, g.input('skip', 'float32', [batch, skip, rows, columns])], { axis: 1 })
    const width = cin + skip
    const temb = g.input('temb', 'float32', [batch, 1, time.cols])
    const shift = linear(g, silu(g, temb), 'time_emb_proj', time, batch) // [batch, 1, cout]
    let y = silu(g, groupNorm(g, x, 'norm1', width, groups, 1e-5, grid))
    y = conv(g, y, 'conv1', width, cout, 3, grid)
    y = g.node('Add', [y, g.node('Reshape', [shift, g.ints([batch, cout, 1, 1])])])
    y = silu(g, groupNorm(g, y, 'norm2', cout, groups, 1e-5, grid))
    y = conv(g, y, 'conv2', cout, cout, 3, grid)
    const short = width === cout ? x : conv(g, x, 'conv_shortcut', width, cout, 1, grid)
    g.output(g.node('Add', [short, y]), 'y', [batch, cout, rows, columns])
  })
}

function transformerParameters(
  { contextDim }: UnetConfig,
  { name, channels }: TransformerStep,
): ParameterNames {
  const block = `${name}.transformer_blocks.0`
  const attention = (part: string, keys: number): ParameterNames['linears'] => [
    [`${block}.${part}.to_q`, channels, channels],
    [`${block}.${part}.to_k`, channels, keys],
    [`${block}.${part}.to_v`, channels, keys],
    [`${block}.${part}.to_out.0`, channels, channels],
  ]
  return parameters(
    [
      [`${name}.proj_in`, channels, channels],
      ...attention('attn1', channels),
      ...attention('attn2', contextDim),
      [`${block}.ff.net.0.proj`, 8 * channels, channels],
      [`${block}.ff.net.2`, channels, 4 * channels],
      [`${name}.proj_out`, channels, channels],
    ],
    norm(`${name}.norm`, channels),
    ...[1, 2, 3].map((i) => norm(`${block}.norm${i}`, channels)),
  )
}

/** The graph's names for a transformer's linears -> parameter names, graph by graph. */
export function transformerLinears(name: string) {
  const block = `${name}.transformer_blocks.0`
  return {
    /** From the picture to self-attention. */
    enter: {
      proj_in: `${name}.proj_in`,
      to_q: `${block}.attn1.to_q`,
      to_k: `${block}.attn1.to_k`,
      to_v: `${block}.attn1.to_v`,
    },
    context: { to_k: `${block}.attn2.to_k`, to_v: `${block}.attn2.to_v` },
    /** From self- to cross-attention. */
    cross: { to_out: `${block}.attn1.to_out.0`, to_q: `${block}.attn2.to_q` },
    /** From cross-attention back to the picture. */
    leave: {
      to_out: `${block}.attn2.to_out.0`,
      up: `${block}.ff.net.0.proj`,
      down: `${block}.ff.net.2`,
      proj_out: `${name}.proj_out`,
    },
  } as const
}

/** What a graph must know of its linears, by its own names for them. */
type Specs<Part extends keyof ReturnType<typeof transformerLinears>> = Record<
  keyof ReturnType<typeof transformerLinears>[Part],
  LinearSpec
>

/** From a picture to the tokens' residual stream and the self-attention's queries, keys and values. */
export function attentionInGraph(grid: Grid, groups: number, specs: Specs<'enter'>): Graph {
  const keys = Object.values(specs).map(specKey).join(' ')
  return graphOnce(`unet attention in ${gridKey(grid)} ${groups} ${keys}`, (g) => {
    const { batch, rows, columns } = grid
    const channels = specs.proj_in.cols
    const shape = [batch, rows * columns, channels]
    const x = g.input('x', 'float32', [batch, channels, rows, columns])
    const normed = groupNorm(g, x, 'norm', channels, groups, 1e-6, grid)
    const last = g.node('Transpose', [normed], { perm: [0, 2, 3, 1] }) // [batch, rows, columns, channels]
    const tokens = linear(g, g.node('Reshape', [last, g.ints(shape)]), 'proj_in', specs.proj_in, batch)
    g.output(tokens, 'tokens', shape)
    const y = layerNorm(g, tokens, 'norm1', channels, LAYER_NORM_EPSILON)
    for (const part of ['q', 'k', 'v'] as const)
      g.output(linear(g, y, `to_${part}`, specs[`to_${part}`], batch), part, shape)
    countTokens(g, grid)
  })
}

/** Self-attention's end and the cross-attention's queries. Inputs tokens, attention; outputs sum, q. */
export function crossInGraph(grid: Grid, { to_out: out, to_q: q }: Specs<'cross'>): Graph {
  return graphOnce(`unet cross in ${gridKey(grid)} ${specKey(out)} ${specKey(q)}`, (g) => {
    const { batch, rows, columns } = grid
    const shape = [batch, rows * columns, out.rows]
    const tokens = g.input('tokens', 'float32', shape)
    const attention = g.input('attention', 'float32', shape)
    const sum = g.node('Add', [tokens, linear(g, attention, 'to_out', out, batch)])
    g.output(sum, 'sum', shape)
    g.output(
      linear(g, layerNorm(g, sum, 'norm2', out.rows, LAYER_NORM_EPSILON), 'to_q', q, batch),
      'q',
      shape,
    )
    countTokens(g, grid)
  })
}

/** Keys and values of a prompt. Input context [batch, tokens, width]; outputs k, v. */
export function contextGraph(batch: number, tokens: number, { to_k: k, to_v: v }: Specs<'context'>): Graph {
  return graphOnce(`unet context ${batch}x${tokens} ${specKey(k)} ${specKey(v)}`, (g) => {
    const context = g.input('context', 'float32', [batch, tokens, k.cols])
    g.output(linear(g, context, 'to_k', k, batch), 'k', [batch, tokens, k.rows])
    g.output(linear(g, context, 'to_v', v, batch), 'v', [batch, tokens, v.rows])
  })
}

/** Cross-attention's end, GEGLU and the way back to a picture. Inputs x, tokens, attention; outputs block, y. */
export function attentionOutGraph(grid: Grid, specs: Specs<'leave'>): Graph {
  const keys = Object.values(specs).map(specKey).join(' ')
  return graphOnce(`unet attention out ${gridKey(grid)} ${keys}`, (g) => {
    const { batch, rows, columns } = grid
    const channels = specs.proj_out.rows
    const shape = [batch, rows * columns, channels]
    const x = g.input('x', 'float32', [batch, channels, rows, columns])
    const tokens = g.input('tokens', 'float32', shape)
    const attention = g.input('attention', 'float32', shape)
    const sum = g.node('Add', [tokens, linear(g, attention, 'to_out', specs.to_out, batch)])
    const up = linear(g, layerNorm(g, sum, 'norm3', channels, LAYER_NORM_EPSILON), 'up', specs.up, batch)
    const [value, gate] = g.split(up, [specs.up.rows / 2, specs.up.rows / 2])
    const gated = g.node('Mul', [value, g.node('Gelu', [gate])])
    const block = g.node('Add', [sum, linear(g, gated, 'down', specs.down, batch)])
    g.output(block, 'block', shape)
    const projected = linear(g, block, 'proj_out', specs.proj_out, batch)
    const last = g.node('Reshape', [projected, g.ints([batch, rows, columns, channels])])
    const picture = g.node('Transpose', [last], { perm: [0, 3, 1, 2] })
    g.output(g.node('Add', [x, picture]), 'y', [batch, channels, rows, columns])
    countTokens(g, grid)
  })
}

/**
 * A convolution alone: conv_in, a downsampler (stride 2) or an upsampler (nearest to the size `to` first, as a skip of
 * odd size asks for).
 */
export function convGraph(
  grid: Grid,
  cin: number,
  cout: number,
  resample: 'none' | 'down' | 'up',
  to: { rows: number; columns: number },
): Graph {
  const key = `unet conv ${gridKey(grid)} ${cin} ${cout} ${resample} ${to.rows}x${to.columns}`
  return graphOnce(key, (g) => {
    const { batch, rows, columns } = grid
    let x = g.input('x', 'float32', [batch, cin, rows, columns])
    if (resample === 'up')
      x = g.node('Resize', [x, null, null, g.ints([batch, cin, to.rows, to.columns])], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      })
    const y = conv(g, x, 'conv', cin, cout, 3, { batch, ...to }, resample === 'down' ? 2 : 1)
    g.output(y, 'y', [batch, cout, to.rows, to.columns])
  })
}

/** GroupNorm, SiLU and the last convolution. Outputs norm (before SiLU), y. */
export function outGraph(grid: Grid, channels: number, cout: number, groups: number): Graph {
  return graphOnce(`unet out ${gridKey(grid)} ${channels} ${cout} ${groups}`, (g) => {
    const { batch, rows, columns } = grid
    const x = g.input('x', 'float32', [batch, channels, rows, columns])
    const normed = groupNorm(g, x, 'conv_norm_out', channels, groups, 1e-5, grid)
    g.output(normed, 'norm', [batch, channels, rows, columns])
    g.output(conv(g, silu(g, normed), 'conv_out', channels, cout, 3, grid), 'y', [batch, cout, rows, columns])
  })
}
