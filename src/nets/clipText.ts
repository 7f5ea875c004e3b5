/**
 * CLIP's text transformers: CLIP ViT-L/14 for FLUX, OpenCLIP ViT-H/14 for SD 2.x, by config (specs: encoders §2).
 * Pre-norm layers under a causal mask, learned positions; a layer is one graph with its attention inside.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import type { ParameterNames } from '@/nets/fluxParameters'
import { ParameterSet } from '@/nets/parameterSet'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { linear, specKey, type LinearSpec } from '@/onnx/layers'
import { attention, gelu, layerNorm, quickGelu, SEQUENCE } from '@/onnx/transformer'
import type { ClipTextConfig } from '@/schema/pack'
import { rowsOf, type WeightSource } from '@/weights/source'

const EPSILON = 1e-5
/** Added to the scores of keys that a query must not see. */
export const MASKED = -1e30

const TOKEN_EMBEDDING = 'text_model.embeddings.token_embedding.weight'
const POSITION_EMBEDDING = 'text_model.embeddings.position_embedding.weight'
const FINAL_NORM = 'text_model.final_layer_norm'
const PROJECTION = 'text_projection'

export interface ClipEmbedding {
  /** After the final norm, [tokens, width]. */
  hidden: Float32Array
  /** `hidden` at the first end of text, [width]. */
  pooled: Float32Array
  /** `pooled` through the text projection, or null where the config has none. */
  projected: Float32Array | null
}

/** Sees intermediate tensors: `embeddings`, `layer<i>.attention`, `layer<i>.out`. */
export type EncoderTap = (point: string, tensor: Tensor) => Promise<void>

/** A layer's linears: the graph's name, the parameter's name, its shape. */
const LINEARS = {
  q: (width: number) => ['self_attn.q_proj', width, width],
  k: (width: number) => ['self_attn.k_proj', width, width],
  v: (width: number) => ['self_attn.v_proj', width, width],
  o: (width: number) => ['self_attn.out_proj', width, width],
  up: (width: number, mlp: number) => ['mlp.fc1', mlp, width],
  down: (width: number, mlp: number) => ['mlp.fc2', width, mlp],
} as const satisfies Record<string, (width: number, mlp: number) => readonly [string, number, number]>

type LinearName = keyof typeof LINEARS
const LINEAR_NAMES = Object.keys(LINEARS) as LinearName[]
const NORM_PARTS = ['layer_norm1.weight', 'layer_norm1.bias', 'layer_norm2.weight', 'layer_norm2.bias']

const layerPrefix = (index: number): string => `text_model.encoder.layers.${index}`

export class ClipText {
  private readonly backend: Backend
  private readonly config: ClipTextConfig
  private readonly source: WeightSource
  private readonly parameters: ParameterSet
  private readonly positions: Float32Array

  private constructor(
    backend: Backend,
    config: ClipTextConfig,
    source: WeightSource,
    parameters: ParameterSet,
    positions: Float32Array,
  ) {
    this.backend = backend
    this.config = config
    this.source = source
    this.parameters = parameters
    this.positions = positions
  }

  /**
   * Puts all layers on the device; the embedding tables stay with the source.
   * @throws bad-weights naming the first tensor that is missing or has another shape
   */
  static async load(backend: Backend, config: ClipTextConfig, source: WeightSource): Promise<ClipText> {
    if (config.width % config.heads !== 0)
      fail(
        'bad-weights',
        'The sizes of this CLIP text encoder make no sense.',
        'Import the encoder again, with its config.json.',
        `width ${config.width} does not divide into ${config.heads} heads`,
      )
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, parameterNames(config))
      const positions = await source.tensor(POSITION_EMBEDDING, [config.positions, config.width])
      return new ClipText(backend, config, source, parameters, positions)
    } catch (error) {
      parameters.dispose()
      throw error
    }
  }

  /**
   * @param ids token ids, at most `config.positions`, padded or not: the mask is causal, so padding changes nothing
   * before it
   * @throws bad-weights for ids outside of the table; AbortError
   */
  async encode(
    ids: Int32Array,
    { signal, tap }: { signal?: AbortSignal; tap?: EncoderTap } = {},
  ): Promise<ClipEmbedding> {
    const { backend, config, parameters } = this
    const { width, heads } = config
    const tokens = ids.length
    if (tokens < 1 || tokens > config.positions)
      fail(
        'bad-weights',
        'The prompt has the wrong number of tokens for this text encoder.',
        'Import the CLIP tokenizer.json that belongs to the encoder.',
        `${tokens} tokens, at most ${config.positions}`,
      )
    const embedded = await rowsOf(this.source, TOKEN_EMBEDDING, [config.vocabulary, width], ids)
    for (let i = 0; i < embedded.length; i++) embedded[i] += this.positions[i]

    const bias = backend.upload(causalBias(heads, tokens), [1, heads, tokens, tokens], 'clip mask')
    let x = backend.upload(embedded, [1, tokens, width], 'clip x') // [1, tokens, width]
    try {
      await tap?.('embeddings', x)
      for (let i = 0; i < config.layers; i++) {
        signal?.throwIfAborted()
        const layer = layerPrefix(i)
        const linears = Object.fromEntries(LINEAR_NAMES.map((name) => [name, linearName(layer, name)]))
        const specs = Object.fromEntries(
          LINEAR_NAMES.map((name) => [name, parameters.spec(linears[name])]),
        ) as Record<LinearName, LinearSpec>
        const norms = Object.fromEntries(
          NORM_PARTS.map((part) => [part, parameters.tensor(`${layer}.${part}`)]),
        )
        const outputs: Record<string, number[]> = { y: [1, tokens, width] }
        if (tap) outputs.attended = [1, tokens, width]
        const done = await parameters.run(layerGraph(config, specs), linears, { x, bias, ...norms }, outputs)
        backend.free(x)
        x = done.y
        if (tap) await tap(`layer${i}.attention`, done.attended)
        backend.free(done.attended)
        await tap?.(`layer${i}.out`, x)
        await backend.breathe()
      }
      const hidden = await this.normed(x, tokens)
      const end = firstHighest(ids)
      const pooled = hidden.slice(end * width, (end + 1) * width)
      return { hidden, pooled, projected: await this.projected(pooled) }
    } finally {
      backend.free(x, bias)
    }
  }

  dispose(): void {
    this.parameters.dispose()
  }

  private async normed(x: Tensor, tokens: number): Promise<Float32Array> {
    const { backend, config, parameters } = this
    const norm = { weight: `${FINAL_NORM}.weight`, bias: `${FINAL_NORM}.bias` }
    const inputs = {
      x,
      'norm.weight': parameters.tensor(norm.weight),
      'norm.bias': parameters.tensor(norm.bias),
    }
    const { y } = await parameters.run(finalGraph(config), {}, inputs, { y: [1, tokens, config.width] })
    const values = await backend.read(y)
    backend.free(y)
    return values // [tokens, width]
  }

  private async projected(pooled: Float32Array): Promise<Float32Array | null> {
    const { backend, config, parameters } = this
    if (config.projection === null) return null
    const x = backend.upload(pooled, [1, 1, config.width], 'clip pooled')
    const graph = projectionGraph(parameters.spec(PROJECTION))
    const { y } = await parameters.run(
      graph,
      { projection: PROJECTION },
      { x },
      { y: [1, 1, config.projection] },
    )
    const values = await backend.read(y)
    backend.free(x, y)
    return values // [projection]
  }
}

const linearName = (layer: string, name: LinearName): string => `${layer}.${LINEARS[name](1, 1)[0]}`

function parameterNames({ width, mlp, layers, projection }: ClipTextConfig): ParameterNames {
  const linears: [string, number, number][] = []
  const tensors: [string, number[]][] = []
  for (let i = 0; i < layers; i++) {
    for (const name of LINEAR_NAMES) {
      const [suffix, rows, cols] = LINEARS[name](width, mlp)
      linears.push([`${layerPrefix(i)}.${suffix}`, rows, cols])
    }
    for (const part of NORM_PARTS) tensors.push([`${layerPrefix(i)}.${part}`, [width]])
  }
  if (projection !== null) linears.push([PROJECTION, projection, width])
  tensors.push([`${FINAL_NORM}.weight`, [width]], [`${FINAL_NORM}.bias`, [width]])
  return { linears, tensors }
}

function layerGraph(config: ClipTextConfig, specs: Record<LinearName, LinearSpec>): Graph {
  const { width, heads, activation } = config
  const keys = LINEAR_NAMES.map((name) => specKey(specs[name]))
  const g = new GraphBuilder(`clip-layer:${width}/${heads}:${activation}:${keys.join(',')}`)
  const x = g.input('x', 'float32', [1, SEQUENCE, width])
  const bias = g.input('bias', 'float32', [1, heads, SEQUENCE, SEQUENCE])
  const apply = (name: LinearName, value: typeof x) => linear(g, value, name, specs[name], 1)

  const h = layerNorm(g, x, 'layer_norm1', width, EPSILON)
  const operands = { q: apply('q', h), k: apply('k', h), v: apply('v', h), bias }
  const attended = attention(g, operands, { heads, scale: 1 / Math.sqrt(width / heads) })
  const middle = g.node('Add', [x, apply('o', attended)]) // [1, sequence, width]

  const up = apply('up', layerNorm(g, middle, 'layer_norm2', width, EPSILON)) // [1, sequence, mlp]
  const active = activation === 'quickGelu' ? quickGelu(g, up) : gelu(g, up)
  g.output(g.node('Add', [middle, apply('down', active)]), 'y', [1, SEQUENCE, width])
  g.output(attended, 'attended', [1, SEQUENCE, width])
  return g.build()
}

function finalGraph({ width }: ClipTextConfig): Graph {
  const g = new GraphBuilder(`clip-final:${width}`)
  const x = g.input('x', 'float32', [1, SEQUENCE, width])
  g.output(layerNorm(g, x, 'norm', width, EPSILON), 'y', [1, SEQUENCE, width])
  return g.build()
}

function projectionGraph(spec: LinearSpec): Graph {
  const g = new GraphBuilder(`clip-projection:${specKey(spec)}`)
  const x = g.input('x', 'float32', [1, 1, spec.cols])
  g.output(linear(g, x, 'projection', spec, 1), 'y', [1, 1, spec.rows])
  return g.build()
}

/** [heads, tokens, tokens]: 0 where the key is not after the query, MASKED elsewhere. */
export function causalBias(heads: number, tokens: number): Float32Array {
  const bias = new Float32Array(heads * tokens * tokens)
  for (let row = 0; row < heads * tokens; row++) {
    const query = row % tokens
    bias.fill(MASKED, row * tokens + query + 1, (row + 1) * tokens)
  }
  return bias
}

/** Where the highest id stands first: the end of text is the last of the vocabulary, padding with it is harmless. */
export function firstHighest(ids: Int32Array): number {
  let best = 0
  for (let i = 1; i < ids.length; i++) if (ids[i] > ids[best]) best = i
  return best
}
