/**
 * An image tower out of convolutions, in place of CLIP's patches: the encoder of an autoencoder, whose two halves of moments are the
 * features of a cell; normed cells are tokens. Their mean is projected to the space of a text tower.
 */
import type { Backend } from '@/backend/types'
import type { Size } from '@/base/geometry'
import { CLIP_LAYERS } from '@/nets/encoders/encoderLayers'
import { ParameterSet, type ParameterNames } from '@/nets/parameterSet'
import { Vae } from '@/nets/vae/vae'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { linear, specKey, type LinearSpec } from '@/onnx/layers'
import { layerNorm, SEQUENCE } from '@/onnx/transformer'
import type { VaeConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

const NORM = 'post_layernorm'
const PROJECTION = 'visual_projection'

/** What a picture shows. */
export interface SeenPicture {
  /** One after the other, row by row. */
  tokens: Float32Array // [cells, width]
  /** Of all of it, not normalised. */
  feature: Float32Array // [projection]
}

export class CellVision {
  private readonly backend: Backend
  private readonly encoder: Vae
  private readonly parameters: ParameterSet
  private readonly projection: number

  private constructor(backend: Backend, encoder: Vae, parameters: ParameterSet, projection: number) {
    this.backend = backend
    this.encoder = encoder
    this.parameters = parameters
    this.projection = projection
  }

  /** @throws bad-manifest, bad-weights naming the first tensor that is missing or has another shape; out-of-memory */
  static async load(
    backend: Backend,
    config: VaeConfig,
    projection: number,
    source: WeightSource,
  ): Promise<CellVision> {
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, cellVisionParameters(config, projection))
      const encoder = await Vae.load(backend, config, source, ['encoder'])
      return new CellVision(backend, encoder, parameters, projection)
    } catch (error) {
      parameters.dispose()
      throw error
    }
  }

  /**
   * @param pixels [3, height, width] in [-1, 1], sides multiples of a cell's
   * @throws bad-image for other sizes; AbortError
   */
  async look(pixels: Float32Array, { width, height }: Size, signal?: AbortSignal): Promise<SeenPicture> {
    const { backend, encoder, parameters, projection } = this
    const moments = await encoder.moments(pixels, height, width, { signal })
    const channels = widthOf(encoder.config)
    const cells = moments.length / channels
    const x = backend.upload(moments, [1, channels, cells], 'cells')
    try {
      const graph = headGraph(channels, parameters.spec(PROJECTION))
      const inputs = {
        x,
        'norm.weight': parameters.tensor(`${NORM}.weight`),
        'norm.bias': parameters.tensor(`${NORM}.bias`),
      }
      const { tokens, feature } = await parameters.run(graph, { projection: PROJECTION }, inputs, {
        tokens: [1, cells, channels],
        feature: [1, 1, projection],
      })
      try {
        return { tokens: await backend.read(tokens), feature: await backend.read(feature) }
      } finally {
        backend.free(tokens, feature)
      }
    } finally {
      backend.free(x)
    }
  }

  dispose(): void {
    this.encoder.dispose()
    this.parameters.dispose()
  }
}

/** Channels of a token. */
export const widthOf = ({ latentChannels }: VaeConfig): number => 2 * latentChannels

/** Canonical names and shapes of what follows the encoder. */
function cellVisionParameters(config: VaeConfig, projection: number): ParameterNames {
  const width = widthOf(config)
  return {
    linears: [[PROJECTION, projection, width]],
    tensors: [
      [`${NORM}.weight`, [width]],
      [`${NORM}.bias`, [width]],
    ],
  }
}

function headGraph(width: number, spec: LinearSpec): Graph {
  const g = new GraphBuilder(`cell-vision:${specKey(spec)}`)
  const x = g.input('x', 'float32', [1, width, SEQUENCE])
  const cells = g.node('Transpose', [x], { perm: [0, 2, 1] }) // [1, cells, width]
  const tokens = layerNorm(g, cells, 'norm', width, CLIP_LAYERS.epsilon)
  const mean = g.node('ReduceMean', [tokens, g.ints([1])], { keepdims: 1 }) // [1, 1, width]
  g.output(tokens, 'tokens', [1, SEQUENCE, width])
  g.output(linear(g, mean, 'projection', spec, 1), 'feature', [1, 1, spec.rows])
  return g.build()
}
