/**
 * Graphs of the Stable Diffusion U-Net (specs: D-Fusion §3), cut at self- and cross-attention. Pictures are
 * [batch, channels, rows, columns], tokens [batch, rows*columns, channels]; a graph is built for one size.
 */
import { GraphBuilder, type Graph, type Value } from '@/onnx/graph'
import { linear, silu, specKey, type LinearSpec } from '@/onnx/layers'

/** A picture's size on the device. */
export interface Grid {
  batch: number
  rows: number
  columns: number
}

const built = new Map<string, Graph>()

function graph(key: string, build: (g: GraphBuilder) => void): Graph {
  let known = built.get(key)
  if (!known) {
    const g = new GraphBuilder(key)
    build(g)
    known = g.build()
    built.set(key, known)
  }
  return known
}

const gridKey = ({ batch, rows, columns }: Grid): string => `${batch}x${rows}x${columns}`

/** GroupNorm with its learned scale and shift; inputs `<name>.weight`, `<name>.bias`. */
function groupNorm(
  g: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  groups: number,
  epsilon: number,
  { batch, rows, columns }: Grid,
): Value {
  const grouped = g.node('Reshape', [x, g.ints([batch, groups, (channels / groups) * rows * columns])])
  const ones = g.floats(new Array<number>(groups).fill(1), [groups])
  const zeros = g.floats(new Array<number>(groups).fill(0), [groups])
  const normed = g.node('InstanceNormalization', [grouped, ones, zeros], { epsilon: { float: epsilon } })
  const picture = g.node('Reshape', [normed, g.ints([batch, channels, rows, columns])])
  const weight = g.node('Reshape', [
    g.input(`${name}.weight`, 'float32', [channels]),
    g.ints([1, channels, 1, 1]),
  ])
  const bias = g.node('Reshape', [
    g.input(`${name}.bias`, 'float32', [channels]),
    g.ints([1, channels, 1, 1]),
  ])
  return g.node('Add', [g.node('Mul', [picture, weight]), bias])
}

/** LayerNorm with its learned scale and shift over the last axis, eps 1e-5. */
function layerNorm(g: GraphBuilder, x: Value, name: string, width: number): Value {
  const weight = g.input(`${name}.weight`, 'float32', [width])
  const bias = g.input(`${name}.bias`, 'float32', [width])
  return g.node('LayerNormalization', [x, weight, bias], { axis: -1, epsilon: { float: 1e-5 } })
}

/** Convolution; inputs `<name>.weight` [cout, cin, kernel, kernel], `<name>.bias` [cout]. */
function conv(
  g: GraphBuilder,
  x: Value,
  name: string,
  cin: number,
  cout: number,
  kernel: 1 | 3,
  stride: 1 | 2 = 1,
): Value {
  const weight = g.input(`${name}.weight`, 'float32', [cout, cin, kernel, kernel])
  const pad = (kernel - 1) / 2
  return g.node('Conv', [x, weight, g.input(`${name}.bias`, 'float32', [cout])], {
    kernel_shape: [kernel, kernel],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  })
}

export interface ResnetSpec {
  cin: number
  /** Channels of the skip that is concatenated behind the input; 0 for none. */
  skip: number
  cout: number
  groups: number
  time: LinearSpec
}

/** Inputs x, skip?, temb [batch, 1, width]; output y. */
export function resnetGraph(grid: Grid, spec: ResnetSpec): Graph {
  const { cin, skip, cout, groups, time } = spec
  return graph(`unet resnet ${gridKey(grid)} ${cin} ${skip} ${cout} ${groups} ${specKey(time)}`, (g) => {
    const { batch, rows, columns } = grid
    let x = g.input('x', 'float32', [batch, cin, rows, columns])
    if (skip > 0)
      x = g.node('Concat', [x, g.input('skip', 'float32', [batch, skip, rows, columns])], { axis: 1 })
    const width = cin + skip
    const temb = g.input('temb', 'float32', [batch, 1, time.cols])
    const shift = linear(g, silu(g, temb), 'time_emb_proj', time, batch) // [batch, 1, cout]
    let y = silu(g, groupNorm(g, x, 'norm1', width, groups, 1e-5, grid))
    y = conv(g, y, 'conv1', width, cout, 3)
    y = g.node('Add', [y, g.node('Reshape', [shift, g.ints([batch, cout, 1, 1])])])
    y = silu(g, groupNorm(g, y, 'norm2', cout, groups, 1e-5, grid))
    y = conv(g, y, 'conv2', cout, cout, 3)
    const short = width === cout ? x : conv(g, x, 'conv_shortcut', width, cout, 1)
    g.output(g.node('Add', [short, y]), 'y', [batch, cout, rows, columns])
  })
}

export interface AttentionSpecs {
  projIn: LinearSpec
  q: LinearSpec
  k: LinearSpec
  v: LinearSpec
}

/** From a picture to the tokens' residual stream and the self-attention's queries, keys and values. */
export function attentionInGraph(grid: Grid, groups: number, specs: AttentionSpecs): Graph {
  const keys = Object.values(specs).map(specKey).join(' ')
  return graph(`unet attention in ${gridKey(grid)} ${groups} ${keys}`, (g) => {
    const { batch, rows, columns } = grid
    const channels = specs.projIn.cols
    const shape = [batch, rows * columns, channels]
    const x = g.input('x', 'float32', [batch, channels, rows, columns])
    const normed = groupNorm(g, x, 'norm', channels, groups, 1e-6, grid)
    const last = g.node('Transpose', [normed], { perm: [0, 2, 3, 1] }) // [batch, rows, columns, channels]
    const tokens = linear(g, g.node('Reshape', [last, g.ints(shape)]), 'proj_in', specs.projIn, batch)
    g.output(tokens, 'tokens', shape)
    const y = layerNorm(g, tokens, 'norm1', channels)
    for (const part of ['q', 'k', 'v'] as const)
      g.output(linear(g, y, `to_${part}`, specs[part], batch), part, shape)
  })
}

/** Self-attention's end and the cross-attention's queries. Inputs tokens, attention; outputs sum, q. */
export function crossInGraph(grid: Grid, out: LinearSpec, q: LinearSpec): Graph {
  return graph(`unet cross in ${gridKey(grid)} ${specKey(out)} ${specKey(q)}`, (g) => {
    const { batch, rows, columns } = grid
    const shape = [batch, rows * columns, out.rows]
    const tokens = g.input('tokens', 'float32', shape)
    const attention = g.input('attention', 'float32', shape)
    const sum = g.node('Add', [tokens, linear(g, attention, 'to_out', out, batch)])
    g.output(sum, 'sum', shape)
    g.output(linear(g, layerNorm(g, sum, 'norm2', out.rows), 'to_q', q, batch), 'q', shape)
  })
}

/** Keys and values of a prompt. Input context [batch, tokens, width]; outputs k, v. */
export function contextGraph(batch: number, tokens: number, k: LinearSpec, v: LinearSpec): Graph {
  return graph(`unet context ${batch}x${tokens} ${specKey(k)} ${specKey(v)}`, (g) => {
    const context = g.input('context', 'float32', [batch, tokens, k.cols])
    g.output(linear(g, context, 'to_k', k, batch), 'k', [batch, tokens, k.rows])
    g.output(linear(g, context, 'to_v', v, batch), 'v', [batch, tokens, v.rows])
  })
}

export interface FeedForwardSpecs {
  out: LinearSpec
  up: LinearSpec
  down: LinearSpec
  projOut: LinearSpec
}

/** Cross-attention's end, GEGLU and the way back to a picture. Inputs x, tokens, attention; outputs block, y. */
export function attentionOutGraph(grid: Grid, specs: FeedForwardSpecs): Graph {
  const keys = Object.values(specs).map(specKey).join(' ')
  return graph(`unet attention out ${gridKey(grid)} ${keys}`, (g) => {
    const { batch, rows, columns } = grid
    const channels = specs.projOut.rows
    const shape = [batch, rows * columns, channels]
    const x = g.input('x', 'float32', [batch, channels, rows, columns])
    const tokens = g.input('tokens', 'float32', shape)
    const attention = g.input('attention', 'float32', shape)
    const sum = g.node('Add', [tokens, linear(g, attention, 'to_out', specs.out, batch)])
    const up = linear(g, layerNorm(g, sum, 'norm3', channels), 'up', specs.up, batch)
    const [value, gate] = g.split(up, [specs.up.rows / 2, specs.up.rows / 2])
    const gated = g.node('Mul', [value, g.node('Gelu', [gate])])
    const block = g.node('Add', [sum, linear(g, gated, 'down', specs.down, batch)])
    g.output(block, 'block', shape)
    const projected = linear(g, block, 'proj_out', specs.projOut, batch)
    const last = g.node('Reshape', [projected, g.ints([batch, rows, columns, channels])])
    const picture = g.node('Transpose', [last], { perm: [0, 3, 1, 2] })
    g.output(g.node('Add', [x, picture]), 'y', [batch, channels, rows, columns])
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
  return graph(key, (g) => {
    const { batch, rows, columns } = grid
    let x = g.input('x', 'float32', [batch, cin, rows, columns])
    if (resample === 'up')
      x = g.node('Resize', [x, null, null, g.ints([batch, cin, to.rows, to.columns])], {
        mode: 'nearest',
        coordinate_transformation_mode: 'asymmetric',
        nearest_mode: 'floor',
      })
    const y = conv(g, x, 'conv', cin, cout, 3, resample === 'down' ? 2 : 1)
    g.output(y, 'y', [batch, cout, to.rows, to.columns])
  })
}

/** GroupNorm, SiLU and the last convolution. Outputs norm (before SiLU), y. */
export function outGraph(grid: Grid, channels: number, cout: number, groups: number): Graph {
  return graph(`unet out ${gridKey(grid)} ${channels} ${cout} ${groups}`, (g) => {
    const { batch, rows, columns } = grid
    const x = g.input('x', 'float32', [batch, channels, rows, columns])
    const normed = groupNorm(g, x, 'conv_norm_out', channels, groups, 1e-5, grid)
    g.output(normed, 'norm', [batch, channels, rows, columns])
    g.output(conv(g, silu(g, normed), 'conv_out', channels, cout, 3), 'y', [batch, cout, rows, columns])
  })
}

/** Linear -> SiLU -> Linear over the sinusoid of the time. Input time [batch, 1, channels]; output temb. */
export function timeGraph(batch: number, first: LinearSpec, second: LinearSpec): Graph {
  return graph(`unet time ${batch} ${specKey(first)} ${specKey(second)}`, (g) => {
    const time = g.input('time', 'float32', [batch, 1, first.cols])
    const hidden = silu(g, linear(g, time, 'linear_1', first, batch))
    g.output(linear(g, hidden, 'linear_2', second, batch), 'temb', [batch, 1, second.rows])
  })
}
