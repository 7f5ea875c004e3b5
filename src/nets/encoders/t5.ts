/**
 * The encoder of T5 v1.1 (specs: encoders §3). It is needed once per prompt, so its layers are streamed: while one runs,
 * the next is read, and each leaves the device when it has run. Activations are f32 throughout: the feed-forward of the
 * later layers exceeds what f16 can hold.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import type { EncoderTap } from '@/nets/encoders/encoderLayers'
import { MASKED } from '@/nets/encoders/clipText'
import { throughLayers } from '@/nets/encoders/streamedLayers'
import { ParameterSet, type ParameterNames } from '@/nets/parameterSet'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { geluTanh, linear, specKey, type LinearSpec } from '@/onnx/layers'
import { attention, rmsNorm, SEQUENCE } from '@/onnx/transformer'
import type { T5Config } from '@/schema/pack'
import { rowsOf, type WeightSource } from '@/weights/formats/source'

const EPSILON = 1e-6

const TABLE = 'shared.weight'
const RELATIVE_BIAS = 'encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight'
const FINAL_NORM = 'encoder.final_layer_norm.weight'

/** Rows that stand in for some of the embedding table's, e.g. those of tokens that an adapter adds. */
export interface AddedRows {
  /** Id of the first row. */
  first: number
  /** [rows, width] */
  rows: Float32Array
}

export interface T5EncodeOptions {
  signal?: AbortSignal
  onLayer?(done: number, total: number): void
  /** Per token, 0 where no token may look. FLUX has none: padding attends and is attended. */
  mask?: ArrayLike<number>
  /** Sees `bias`, `layer<i>.attention` and `layer<i>.out`. */
  tap?: EncoderTap
}

type LinearName = 'q' | 'k' | 'v' | 'o' | 'gate' | 'up' | 'down'

/** The linears of a layer: the graph's name, the parameter's name, rows, columns. */
function layerLinears(config: T5Config, index: number): [LinearName, string, number, number][] {
  const { width, mlp, heads, headDim } = config
  const inner = heads * headDim
  const block = `encoder.block.${index}.layer`
  return [
    ['q', `${block}.0.SelfAttention.q`, inner, width],
    ['k', `${block}.0.SelfAttention.k`, inner, width],
    ['v', `${block}.0.SelfAttention.v`, inner, width],
    ['o', `${block}.0.SelfAttention.o`, width, inner],
    ['gate', `${block}.1.DenseReluDense.wi_0`, mlp, width],
    ['up', `${block}.1.DenseReluDense.wi_1`, mlp, width],
    ['down', `${block}.1.DenseReluDense.wo`, width, mlp],
  ]
}

/** All parameters of a layer. */
const layerParameters = (config: T5Config, index: number): ParameterNames => ({
  linears: layerLinears(config, index).map(([, name, rows, cols]) => [name, rows, cols]),
  tensors: layerNorms(index).map((name) => [name, [config.width]]),
})

const layerNorms = (index: number): [attention: string, mlp: string] => [
  `encoder.block.${index}.layer.0.layer_norm.weight`,
  `encoder.block.${index}.layer.1.layer_norm.weight`,
]

/** Arithmetic of one text, two per multiply-add; attention is next to nothing beside the linears. */
export function t5Flops(config: T5Config, tokens: number): number {
  const perLayer = layerLinears(config, 0).reduce((sum, [, , rows, cols]) => sum + rows * cols, 0)
  return 2 * tokens * config.layers * perLayer
}

export class T5Encoder {
  private readonly backend: Backend
  private readonly config: T5Config
  private readonly source: WeightSource
  private readonly added: AddedRows | null

  /** Reads nothing yet. @param added rows that replace some of the table's, see `AddedRows` */
  constructor(
    backend: Backend,
    config: T5Config,
    source: WeightSource,
    { added = null }: { added?: AddedRows | null } = {},
  ) {
    this.backend = backend
    this.config = config
    this.source = source
    this.added = added
  }

  /**
   * @param ids token ids of one text, padding included
   * @returns the last hidden state, [tokens, width]
   * @throws bad-weights naming the first tensor that is missing or has another shape, or for ids outside of the table;
   * AbortError
   */
  async encode(ids: Int32Array, options: T5EncodeOptions = {}): Promise<Float32Array> {
    const { backend, config } = this
    const { width, heads, layers } = config
    const { signal, onLayer, mask, tap } = options
    const tokens = ids.length
    const table = await this.source.tensor(RELATIVE_BIAS, [config.buckets, heads])
    const embedded = await this.embed(ids)
    signal?.throwIfAborted()

    const scores = positionBias(config, table, tokens, mask)
    const bias = backend.upload(scores, [1, heads, tokens, tokens], 't5 bias')
    const names = Array.from({ length: layers }, (_, index) => layerParameters(config, index))
    let x: Tensor | null = null
    try {
      await tap?.('bias', bias)
      const run = (index: number, parameters: ParameterSet, value: Tensor) =>
        this.runLayer(index, parameters, value, bias, tap)
      const start = backend.upload(embedded, [1, tokens, width], 't5 x') // [1, tokens, width]
      x = await throughLayers(backend, this.source, names, start, run, { signal, onLayer })
      return await this.finish(x)
    } finally {
      backend.free(x ?? undefined, bias)
    }
  }

  private async embed(ids: Int32Array): Promise<Float32Array> {
    const { width, vocabulary } = this.config
    const { first, rows } = this.added ?? { first: vocabulary, rows: new Float32Array() }
    if (rows.length % width !== 0)
      fail(
        'bad-weights',
        "The adapter's added tokens do not fit the T5 text encoder.",
        'Use the T5 v1.1 XXL encoder that belongs to FLUX.1.',
        `${rows.length} numbers are no rows of ${width}`,
      )
    const isAdded = (id: number) => id >= first && id < first + rows.length / width
    // Ids of added rows are not looked up: the stored rows mean nothing.
    const stored = ids.map((id) => (isAdded(id) ? 0 : id))
    const values = await rowsOf(this.source, TABLE, [vocabulary, width], stored)
    for (const [i, id] of ids.entries())
      if (isAdded(id)) values.set(rows.subarray((id - first) * width, (id - first + 1) * width), i * width)
    return values // [tokens, width]
  }

  private async runLayer(
    index: number,
    parameters: ParameterSet,
    x: Tensor,
    bias: Tensor,
    tap: EncoderTap | undefined,
  ): Promise<Tensor> {
    const { backend, config } = this
    const tokens = x.dims[1]
    const named = layerLinears(config, index)
    const linears = Object.fromEntries(named.map(([as, name]) => [as, name]))
    const specs = Object.fromEntries(named.map(([as, name]) => [as, parameters.spec(name)]))
    const [norm1, norm2] = layerNorms(index).map((name) => parameters.tensor(name))
    const inputs = { x, bias, 'norm1.weight': norm1, 'norm2.weight': norm2 }
    const outputs: Record<string, number[]> = { y: [1, tokens, config.width] }
    if (tap) outputs.attended = [1, tokens, config.heads * config.headDim]
    const graph = layerGraph(config, specs as Record<LinearName, LinearSpec>)
    const { y, attended } = await parameters.run(graph, linears, inputs, outputs)
    if (tap) {
      await tap(`layer${index}.attention`, attended)
      await tap(`layer${index}.out`, y)
      backend.free(attended)
    }
    return y
  }

  private async finish(x: Tensor): Promise<Float32Array> {
    const { backend, source, config } = this
    const { width } = config
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, { linears: [], tensors: [[FINAL_NORM, [width]]] })
      const inputs = { x, 'norm.weight': parameters.tensor(FINAL_NORM) }
      const { y } = await parameters.run(finalGraph(config), {}, inputs, { y: x.dims })
      const values = await backend.read(y)
      backend.free(y)
      return values // [tokens, width]
    } finally {
      parameters.dispose()
    }
  }
}

function layerGraph({ width, heads, headDim }: T5Config, specs: Record<LinearName, LinearSpec>): Graph {
  const keys = Object.values(specs).map(specKey)
  const g = new GraphBuilder(`t5-layer:${width}/${heads}x${headDim}:${keys.join(',')}`)
  const x = g.input('x', 'float32', [1, SEQUENCE, width])
  const bias = g.input('bias', 'float32', [1, heads, SEQUENCE, SEQUENCE])
  const apply = (name: LinearName, value: typeof x) => linear(g, value, name, specs[name], 1)

  const h = rmsNorm(g, x, 'norm1', width, EPSILON)
  const operands = { q: apply('q', h), k: apply('k', h), v: apply('v', h), bias }
  // T5 does not scale its scores.
  const attended = attention(g, operands, { heads, scale: 1 }) // [1, sequence, heads*headDim]
  const middle = g.node('Add', [x, apply('o', attended)]) // [1, sequence, width]

  const m = rmsNorm(g, middle, 'norm2', width, EPSILON)
  const gated = g.node('Mul', [geluTanh(g, apply('gate', m)), apply('up', m)]) // [1, sequence, mlp]
  g.output(g.node('Add', [middle, apply('down', gated)]), 'y', [1, SEQUENCE, width])
  g.output(attended, 'attended', [1, SEQUENCE, heads * headDim])
  return g.build()
}

function finalGraph({ width }: T5Config): Graph {
  const g = new GraphBuilder(`t5-final:${width}`)
  const x = g.input('x', 'float32', [1, SEQUENCE, width])
  g.output(rmsNorm(g, x, 'norm', width, EPSILON), 'y', [1, SEQUENCE, width])
  return g.build()
}

/**
 * The bucket of a distance key − query: one half of the buckets for each sign; in a half, one bucket per distance up to
 * its middle, from there logarithmically wider ones up to `maxDistance`, and the last for all beyond.
 */
export function relativeBucket(distance: number, buckets: number, maxDistance: number): number {
  const half = buckets / 2
  const exact = half / 2
  const side = distance > 0 ? half : 0
  const length = Math.abs(distance)
  if (length < exact) return side + length
  const steps = (Math.log(length / exact) / Math.log(maxDistance / exact)) * (half - exact)
  // A boundary is at a whole number of steps; a rounding error must not put it one bucket too low.
  return side + Math.min(half - 1, exact + Math.floor(steps + 1e-6))
}

/** [heads, tokens, tokens] from the table [buckets, heads]; keys that the mask excludes get MASKED. */
export function positionBias(
  { heads, buckets, maxDistance }: Pick<T5Config, 'heads' | 'buckets' | 'maxDistance'>,
  table: Float32Array,
  tokens: number,
  mask?: ArrayLike<number>,
): Float32Array {
  const bias = new Float32Array(heads * tokens * tokens)
  for (let distance = 1 - tokens; distance < tokens; distance++) {
    const row = relativeBucket(distance, buckets, maxDistance) * heads
    for (let head = 0; head < heads; head++)
      for (let query = Math.max(0, -distance); query < Math.min(tokens, tokens - distance); query++) {
        const key = query + distance
        bias[(head * tokens + query) * tokens + key] = mask?.[key] === 0 ? MASKED : table[row + head]
      }
  }
  return bias
}
