/**
 * The FLUX family's graphs: one per kind of segment and precision, shared by all blocks of the kind and by all
 * models of the same widths.
 */
import { GraphBuilder, TOKENS, type Graph } from '@/onnx/graph'
import { geluTanh, linear, modulatedNorm, silu, specKey, type LinearSpec } from '@/onnx/layers'
import type { FluxDitConfig } from '@/nets/fluxParameters'

/** One MLP of the conditioning vector; `part` names its input. */
export interface ConditioningLayer {
  part: string
  first: LinearSpec
  second: LinearSpec
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

export function embedGraph(spec: LinearSpec, batch: number, tagged: boolean): Graph {
  return graph(`embed ${batch} ${specKey(spec)} ${tagged}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, spec.cols])
    let y = linear(g, x, 'proj', spec, batch)
    if (tagged) y = g.node('Add', [y, g.input('tag', 'float32', [spec.rows])])
    g.output(y, 'y', [batch, TOKENS, spec.rows])
  })
}

/** One MLP per part (time, guidance, vector), summed; a token is a conditioning. */
export function conditioningGraph(layers: readonly ConditioningLayer[], batch: number): Graph {
  const key = layers
    .map(({ part, first, second }) => `${part} ${specKey(first)} ${specKey(second)}`)
    .join(' ')
  return graph(`conditioning ${batch} ${key}`, (g) => {
    const sums = layers.map(({ part, first, second }) => {
      const x = g.input(part, 'float32', [batch, TOKENS, first.cols])
      const hidden = silu(g, linear(g, x, `${part}.in_layer`, first, batch))
      return linear(g, hidden, `${part}.out_layer`, second, batch)
    })
    const vec = sums.reduce((sum, part) => g.node('Add', [sum, part]))
    g.output(vec, 'vec', [batch, TOKENS, layers[0].second.rows])
  })
}

/** Linear(SiLU(vec)); a token is a conditioning. */
export function modulationGraph(spec: LinearSpec, batch: number): Graph {
  return graph(`modulation ${batch} ${specKey(spec)}`, (g) => {
    const vec = g.input('vec', 'float32', [batch, TOKENS, spec.cols])
    g.output(linear(g, silu(g, vec), 'proj', spec, batch), 'y', [batch, TOKENS, spec.rows])
  })
}

/** Norm, modulation and qkv; in single blocks linear1 also gives the MLP's hidden layer, past its GELU. */
export function preGraph(config: FluxDitConfig, double: boolean, spec: LinearSpec, batch: number): Graph {
  const { hidden, mlpRatio } = config
  return graph(`pre ${batch} ${double} ${hidden} ${specKey(spec)}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, (double ? 6 : 3) * hidden])
    const [shift, scale] = g.split(modulation, new Array<number>(double ? 6 : 3).fill(hidden))
    const y = linear(g, modulatedNorm(g, x, hidden, shift, scale), 'qkv', spec, batch)
    if (double) {
      g.output(y, 'qkv', [batch, TOKENS, 3 * hidden])
      return
    }
    const [qkv, mlp] = g.split(y, [3 * hidden, mlpRatio * hidden])
    g.output(qkv, 'qkv', [batch, TOKENS, 3 * hidden])
    g.output(geluTanh(g, mlp), 'mlp', [batch, TOKENS, mlpRatio * hidden])
  })
}

export function doublePostGraph(
  { hidden }: FluxDitConfig,
  specs: { proj: LinearSpec; up: LinearSpec; down: LinearSpec },
  batch: number,
): Graph {
  const { proj, up, down } = specs
  return graph(`double post ${batch} ${hidden} ${[proj, up, down].map(specKey).join(' ')}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const attention = g.input('attention', 'float32', [batch, TOKENS, hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, 6 * hidden])
    const [, , gate1, shift2, scale2, gate2] = g.split(modulation, new Array<number>(6).fill(hidden))
    const attended = g.node('Mul', [gate1, linear(g, attention, 'proj', proj, batch)])
    const middle = g.node('Add', [x, attended])
    const h = geluTanh(g, linear(g, modulatedNorm(g, middle, hidden, shift2, scale2), 'up', up, batch))
    const y = g.node('Add', [middle, g.node('Mul', [gate2, linear(g, h, 'down', down, batch)])])
    g.output(y, 'y', [batch, TOKENS, hidden])
  })
}

export function singlePostGraph({ hidden, mlpRatio }: FluxDitConfig, spec: LinearSpec, batch: number): Graph {
  return graph(`single post ${batch} ${hidden} ${specKey(spec)}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const attention = g.input('attention', 'float32', [batch, TOKENS, hidden])
    const mlp = g.input('mlp', 'float32', [batch, TOKENS, mlpRatio * hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, 3 * hidden])
    const [, , gate] = g.split(modulation, new Array<number>(3).fill(hidden))
    const both = g.node('Concat', [attention, mlp], { axis: -1 })
    const y = g.node('Add', [x, g.node('Mul', [gate, linear(g, both, 'proj', spec, batch)])])
    g.output(y, 'y', [batch, TOKENS, hidden])
  })
}

/** Canonical rows are BFL's: [shift; scale]. */
export function finalGraph({ hidden }: FluxDitConfig, spec: LinearSpec, batch: number): Graph {
  return graph(`final ${batch} ${hidden} ${specKey(spec)}`, (g) => {
    const x = g.input('x', 'float32', [batch, TOKENS, hidden])
    const modulation = g.input('modulation', 'float32', [batch, 1, 2 * hidden])
    const [shift, scale] = g.split(modulation, [hidden, hidden])
    const y = linear(g, modulatedNorm(g, x, hidden, shift, scale), 'proj', spec, batch)
    g.output(y, 'y', [batch, TOKENS, spec.rows])
  })
}
