/**
 * CLIP's text transformers: CLIP ViT-L/14 for FLUX, OpenCLIP ViT-H/14 for SD 2.x, by config (specs: encoders §2).
 * The layers of `encoderLayers.ts` under a causal mask, learned positions.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import {
  checkHeads,
  CLIP_LAYERS,
  encoderLayerParameters,
  runEncoderLayers,
  type EncoderTap,
} from '@/nets/encoders/encoderLayers'
import { ParameterSet, type ParameterNames } from '@/nets/parameterSet'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { linear, specKey, type LinearSpec } from '@/onnx/layers'
import { layerNorm, SEQUENCE } from '@/onnx/transformer'
import type { ClipTextConfig } from '@/schema/pack'
import { rowsOf, type WeightSource } from '@/weights/formats/source'

/** Added to the scores of keys that a query must not see. */
export const MASKED = -1e30

const STACK = 'text_model.encoder.layers'
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
    checkHeads('CLIP text', config)
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, clipTextParameters(config))
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
    const embeddings = backend.upload(embedded, [1, tokens, width], 'clip x')
    let x: Tensor | null = null
    try {
      const input = { x: embeddings, batch: 1, tokens, bias, signal, tap }
      x = await runEncoderLayers(backend, parameters, STACK, { ...config, ...CLIP_LAYERS }, input)
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

/** Canonical names and shapes of what `load` puts on the device. */
export function clipTextParameters(config: ClipTextConfig): ParameterNames {
  const { width, projection } = config
  const { linears, tensors } = encoderLayerParameters(STACK, { ...config, ...CLIP_LAYERS })
  return {
    linears: projection === null ? linears : [...linears, [PROJECTION, projection, width]],
    tensors: [...tensors, [`${FINAL_NORM}.weight`, [width]], [`${FINAL_NORM}.bias`, [width]]],
  }
}

function finalGraph({ width }: ClipTextConfig): Graph {
  const g = new GraphBuilder(`clip-final:${width}`)
  const x = g.input('x', 'float32', [1, SEQUENCE, width])
  g.output(layerNorm(g, x, 'norm', width, CLIP_LAYERS.epsilon), 'y', [1, SEQUENCE, width])
  return g.build()
}

function projectionGraph(spec: LinearSpec): Graph {
  const g = new GraphBuilder(`clip-projection:${specKey(spec)}`)
  const x = g.input('x', 'float32', [1, 1, spec.cols])
  g.output(linear(g, x, 'projection', spec, 1), 'y', [1, 1, spec.rows])
  return g.build()
}

/**
 * [heads, tokens, tokens]: 0 where the key is not after the query, MASKED elsewhere.
 * @param mask per key, 0 where no query may look
 */
export function causalBias(heads: number, tokens: number, mask?: ArrayLike<number>): Float32Array {
  const bias = new Float32Array(heads * tokens * tokens)
  for (let row = 0; row < heads * tokens; row++) {
    const query = row % tokens
    for (let key = 0; key <= query; key++) if (mask?.[key] === 0) bias[row * tokens + key] = MASKED
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
