/**
 * Qwen3 as text encoder (specs: FLUX.2 §6): a causal transformer with grouped-query attention, of which some inner hidden
 * states are the features of a text. Needed once per prompt, so its layers are streamed. Activations are f32 throughout.
 *
 * x = table[ids]; in each layer
 *   q, k, v of norm1(x); q and k normed per head and turned by their position; causal attention, keys shared by groups of
 *   query heads; x += o(attention); x += down(SiLU(gate(norm2(x))) * up(norm2(x)))
 */
import type { Backend, Tensor } from '@/backend/types'
import type { Qwen3Config } from '@/families/flux2/config'
import type { EncoderTap } from '@/nets/encoders/encoderLayers'
import { causalBias } from '@/nets/encoders/clipText'
import { throughLayers } from '@/nets/encoders/streamedLayers'
import type { ParameterNames, ParameterSet } from '@/nets/parameterSet'
import { GraphBuilder, type Graph, type Value } from '@/onnx/graph'
import { linear, silu, specKey, type LinearSpec } from '@/onnx/layers'
import { attention, rmsNorm, SEQUENCE } from '@/onnx/transformer'
import { rowsOf, type WeightSource } from '@/weights/formats/source'

const EPSILON = 1e-6

export interface Qwen3EncodeOptions {
  signal?: AbortSignal
  onLayer?(done: number, total: number): void
  /** Per token, 0 for padding: it is computed and given back, but no token looks at it. */
  mask?: ArrayLike<number>
  /** Sees `embeddings`, `layer<i>.attention` and `layer<i>.out`. */
  tap?: EncoderTap
}

type LinearName = 'q' | 'k' | 'v' | 'o' | 'gate' | 'up' | 'down'
type NormName = 'norm1' | 'queryNorm' | 'keyNorm' | 'norm2'

interface LayerNames {
  /** The graph's name, the parameter's name, rows, columns. */
  linears: readonly (readonly [LinearName, string, number, number])[]
  norms: readonly (readonly [NormName, string, number])[]
}

function layerNames({ width, heads, keyHeads, headDim, mlp }: Qwen3Config, index: number): LayerNames {
  const layer = `layers.${index}`
  const [queries, keys] = [heads * headDim, keyHeads * headDim]
  return {
    linears: [
      ['q', `${layer}.self_attn.q_proj`, queries, width],
      ['k', `${layer}.self_attn.k_proj`, keys, width],
      ['v', `${layer}.self_attn.v_proj`, keys, width],
      ['o', `${layer}.self_attn.o_proj`, width, queries],
      ['gate', `${layer}.mlp.gate_proj`, mlp, width],
      ['up', `${layer}.mlp.up_proj`, mlp, width],
      ['down', `${layer}.mlp.down_proj`, width, mlp],
    ],
    norms: [
      ['norm1', `${layer}.input_layernorm.weight`, width],
      ['queryNorm', `${layer}.self_attn.q_norm.weight`, headDim],
      ['keyNorm', `${layer}.self_attn.k_norm.weight`, headDim],
      ['norm2', `${layer}.post_attention_layernorm.weight`, width],
    ],
  }
}

/** Arithmetic of one text, two per multiply-add; attention is next to nothing beside the linears. */
export function qwen3Flops(config: Qwen3Config, tokens: number): number {
  const perLayer = layerNames(config, 0).linears.reduce((sum, [, , rows, cols]) => sum + rows * cols, 0)
  return 2 * tokens * Math.max(...config.states) * perLayer
}

const parametersOf = ({ linears, norms }: LayerNames): ParameterNames => ({
  linears: linears.map(([, name, rows, cols]) => [name, rows, cols]),
  tensors: norms.map(([, name, width]) => [name, [width]]),
})

export class Qwen3Encoder {
  private readonly backend: Backend
  private readonly config: Qwen3Config
  private readonly source: WeightSource

  /** Reads nothing yet. */
  constructor(backend: Backend, config: Qwen3Config, source: WeightSource) {
    this.backend = backend
    this.config = config
    this.source = source
  }

  /**
   * @param ids token ids of one text, padding on the right included
   * @returns the config's hidden states side by side, [tokens, states*width]
   * @throws bad-weights naming the first tensor that is missing or has another shape, or for ids outside of the table;
   * AbortError
   */
  async encode(ids: Int32Array, options: Qwen3EncodeOptions = {}): Promise<Float32Array> {
    const { backend, config, source } = this
    const { width, heads, headDim, states, vocabulary } = config
    const { signal, onLayer, mask, tap } = options
    const tokens = ids.length
    const embedded = await rowsOf(source, 'embed_tokens.weight', [vocabulary, width], ids)
    signal?.throwIfAborted()

    const bias = backend.upload(causalBias(heads, tokens, mask), [1, heads, tokens, tokens], 'qwen3 mask')
    const turns = rotary(config, tokens)
    const turnDims = [1, tokens, 1, headDim / 2]
    const shared = {
      bias,
      cos: backend.upload(turns.cos, turnDims, 'qwen3 cos'),
      sin: backend.upload(turns.sin, turnDims, 'qwen3 sin'),
    }
    const x = backend.upload(embedded, [1, tokens, width], 'qwen3 x') // [1, tokens, width]
    const layers = Array.from({ length: Math.max(...states) }, (_, index) => layerNames(config, index))
    const features = new Float32Array(tokens * states.length * width)
    const run = async (index: number, parameters: ParameterSet, value: Tensor): Promise<Tensor> => {
      const y = await this.runLayer(index, layers[index], parameters, { x: value, ...shared }, tap)
      const at = states.indexOf(index + 1)
      if (at >= 0) putBeside(features, await backend.read(y), width, at, states.length)
      return y
    }
    try {
      await tap?.('embeddings', x)
      const parameters = layers.map(parametersOf)
      backend.free(await throughLayers(backend, source, parameters, x, run, { signal, onLayer }))
      return features
    } finally {
      backend.free(...Object.values(shared))
    }
  }

  private async runLayer(
    index: number,
    { linears, norms }: LayerNames,
    parameters: ParameterSet,
    inputs: Record<'x' | 'bias' | 'cos' | 'sin', Tensor>,
    tap: EncoderTap | undefined,
  ): Promise<Tensor> {
    const { backend, config } = this
    const { width, heads, headDim } = config
    const tokens = inputs.x.dims[1]
    const specs = Object.fromEntries(linears.map(([as, name]) => [as, parameters.spec(name)]))
    const graph = layerGraph(config, specs as Record<LinearName, LinearSpec>)
    const bound: Record<string, Tensor> = { ...inputs }
    for (const [as, name] of norms) bound[`${as}.weight`] = parameters.tensor(name)
    const outputs: Record<string, number[]> = { y: [1, tokens, width] }
    if (tap) outputs.attended = [1, tokens, heads * headDim]
    const names = Object.fromEntries(linears.map(([as, name]) => [as, name]))
    const { y, attended } = await parameters.run(graph, names, bound, outputs)
    if (tap) {
      await tap(`layer${index}.attention`, attended)
      await tap(`layer${index}.out`, y)
      backend.free(attended)
    }
    return y
  }
}

/** Puts [tokens, width] into the columns of its state, [tokens, states*width]. */
function putBeside(all: Float32Array, state: Float32Array, width: number, at: number, states: number): void {
  for (let token = 0; token * width < state.length; token++)
    all.set(state.subarray(token * width, (token + 1) * width), (token * states + at) * width)
}

/** Cosine and sine of position * theta^(-2i/headDim), [tokens, headDim/2] each; positions count padding. */
function rotary({ headDim, theta }: Qwen3Config, tokens: number): Record<'cos' | 'sin', Float32Array> {
  const half = headDim / 2
  const angle = (i: number): number => Math.floor(i / half) * theta ** (-(i % half) / half)
  const table = (of: (angle: number) => number) =>
    Float32Array.from({ length: tokens * half }, (_, i) => of(angle(i)))
  return { cos: table(Math.cos), sin: table(Math.sin) }
}

function layerGraph(config: Qwen3Config, specs: Record<LinearName, LinearSpec>): Graph {
  const { width, heads, keyHeads, headDim } = config
  const keys = Object.values(specs).map(specKey)
  const g = new GraphBuilder(`qwen3-layer:${width}/${heads}:${keyHeads}x${headDim}:${keys.join(',')}`)
  const x = g.input('x', 'float32', [1, SEQUENCE, width])
  const bias = g.input('bias', 'float32', [1, heads, SEQUENCE, SEQUENCE])
  const turns = {
    cos: g.input('cos', 'float32', [1, SEQUENCE, 1, headDim / 2]),
    sin: g.input('sin', 'float32', [1, SEQUENCE, 1, headDim / 2]),
  }
  const apply = (name: LinearName, value: Value) => linear(g, value, name, specs[name], 1)
  const inHeads = (value: Value, count: number) => g.node('Reshape', [value, g.ints([1, -1, count, headDim])]) // [1, sequence, count, headDim]
  const joined = (value: Value) => g.node('Reshape', [value, g.ints([1, -1, heads * headDim])])
  const turnedNorm = (value: Value, norm: NormName) =>
    turned(g, rmsNorm(g, value, norm, headDim, EPSILON), turns, headDim)

  const h = rmsNorm(g, x, 'norm1', width, EPSILON)
  const q = turnedNorm(inHeads(apply('q', h), heads), 'queryNorm') // [1, sequence, heads, headDim]
  const k = turnedNorm(inHeads(apply('k', h), keyHeads), 'keyNorm') // [1, sequence, keyHeads, headDim]
  const v = inHeads(apply('v', h), keyHeads) // [1, sequence, keyHeads, headDim]
  const operands = {
    q: joined(q),
    k: joined(repeated(g, k, config)),
    v: joined(repeated(g, v, config)),
    bias,
  }
  const attended = attention(g, operands, { heads, scale: 1 / Math.sqrt(headDim) }) // [1, sequence, heads*headDim]
  const middle = g.node('Add', [x, apply('o', attended)]) // [1, sequence, width]

  const m = rmsNorm(g, middle, 'norm2', width, EPSILON)
  const gated = g.node('Mul', [silu(g, apply('gate', m)), apply('up', m)]) // [1, sequence, mlp]
  g.output(g.node('Add', [middle, apply('down', gated)]), 'y', [1, SEQUENCE, width])
  g.output(attended, 'attended', [1, SEQUENCE, heads * headDim])
  return g.build()
}

/** Rotary embedding of pairs (i, i + headDim/2): (a cos - b sin, b cos + a sin); [1, sequence, heads, headDim]. */
function turned(
  g: GraphBuilder,
  value: Value,
  { cos, sin }: Record<'cos' | 'sin', Value>,
  headDim: number,
): Value {
  const [a, b] = g.split(value, [headDim / 2, headDim / 2]) // [1, sequence, heads, headDim/2] each
  const times = (x: Value, y: Value) => g.node('Mul', [x, y])
  const first = g.node('Sub', [times(a, cos), times(b, sin)])
  const second = g.node('Add', [times(b, cos), times(a, sin)])
  return g.node('Concat', [first, second], { axis: -1 })
}

/** Head j of keys and values stands in for query heads j*r to j*r + r - 1: [1, sequence, heads, headDim]. */
function repeated(g: GraphBuilder, value: Value, { heads, keyHeads, headDim }: Qwen3Config): Value {
  const times = heads / keyHeads
  const apart = g.node('Reshape', [value, g.ints([1, -1, keyHeads, 1, headDim])])
  return g.node('Concat', new Array<Value>(times).fill(apart), { axis: 3 }) // [1, sequence, keyHeads, times, headDim]
}
