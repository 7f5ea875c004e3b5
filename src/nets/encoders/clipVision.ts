/**
 * CLIP's vision transformers, by config (specs: encoders §6): pictures cut into patches by a convolution without bias, a
 * class token before them, learned positions, the layers of `encoderLayers.ts`; the class token projected to the space that
 * the text tower's projection shares.
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
import type { ClipVisionConfig } from '@/schema/pack'
import type { WeightSource } from '@/weights/formats/source'

const STACK = 'vision_model.encoder.layers'
const CLASS = 'vision_model.embeddings.class_embedding'
const PATCHES = 'vision_model.embeddings.patch_embedding.weight'
const POSITIONS = 'vision_model.embeddings.position_embedding.weight'
/** Spelled so in every checkpoint. */
const FIRST_NORM = 'vision_model.pre_layrnorm'
const LAST_NORM = 'vision_model.post_layernorm'
const PROJECTION = 'visual_projection'

export class ClipVision {
  private readonly backend: Backend
  private readonly config: ClipVisionConfig
  private readonly parameters: ParameterSet

  private constructor(backend: Backend, config: ClipVisionConfig, parameters: ParameterSet) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
  }

  /**
   * Puts everything on the device; `onProgress` hears how many of the linears are there.
   * @throws bad-weights naming the first tensor that is missing or has another shape; out-of-memory
   */
  static async load(
    backend: Backend,
    config: ClipVisionConfig,
    source: WeightSource,
    onProgress?: (done: number, total: number) => void,
  ): Promise<ClipVision> {
    checkHeads('CLIP vision', config)
    const parameters = new ParameterSet(backend)
    try {
      const names = clipVisionParameters(config)
      let done = 0
      await parameters.load(source, names, () => onProgress?.(++done, names.linears.length))
      return new ClipVision(backend, config, parameters)
    } catch (error) {
      parameters.dispose()
      throw error
    }
  }

  /**
   * What the pictures show, not normalised: [batch, projection].
   * @param pixels [batch, 3, image, image], normalised as the model was trained
   * @throws internal when the pixels do not fill the batch; AbortError
   */
  async embed(
    pixels: Float32Array,
    batch: number,
    { signal, tap }: { signal?: AbortSignal; tap?: EncoderTap } = {},
  ): Promise<Float32Array> {
    const { backend, config, parameters } = this
    const { image, projection } = config
    if (pixels.length !== batch * 3 * image * image)
      fail('internal', `clip vision: ${pixels.length} values for ${batch} pictures.`, 'Report this.')
    signal?.throwIfAborted()
    const tokens = tokensOf(config)
    const start = await this.embedded(pixels, batch)
    const input = { x: start, batch, tokens, bias: null, signal, tap }
    const x = await runEncoderLayers(backend, parameters, STACK, { ...config, ...CLIP_LAYERS }, input)
    try {
      const graph = projectionGraph(config, parameters.spec(PROJECTION), batch)
      const inputs = { x, ...this.norm(LAST_NORM) }
      const { y } = await parameters.run(graph, { projection: PROJECTION }, inputs, {
        y: [batch, 1, projection],
      })
      const values = await backend.read(y)
      backend.free(y)
      return values // [batch, projection]
    } finally {
      backend.free(x)
    }
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** [batch, tokens, width]: class token and patches at their positions, normed; the caller frees it. */
  private async embedded(pixels: Float32Array, batch: number): Promise<Tensor> {
    const { backend, config, parameters } = this
    const { image, width } = config
    const picture = backend.upload(pixels, [batch, 3, image, image], 'clip pixels')
    try {
      const inputs = {
        pixels: picture,
        weight: parameters.tensor(PATCHES),
        class: parameters.tensor(CLASS),
        positions: parameters.tensor(POSITIONS),
        ...this.norm(FIRST_NORM),
      }
      const outputs = { y: [batch, tokensOf(config), width] }
      return (await parameters.run(patchGraph(config, batch), {}, inputs, outputs)).y
    } finally {
      backend.free(picture)
    }
  }

  private norm(name: string): Record<string, Tensor> {
    const { parameters } = this
    return {
      'norm.weight': parameters.tensor(`${name}.weight`),
      'norm.bias': parameters.tensor(`${name}.bias`),
    }
  }
}

/** Canonical names and shapes of the vision tower and its projection. */
export function clipVisionParameters(config: ClipVisionConfig): ParameterNames {
  const { width, patch, projection } = config
  const { linears, tensors } = encoderLayerParameters(STACK, { ...config, ...CLIP_LAYERS })
  const norms = [FIRST_NORM, LAST_NORM].flatMap((norm): [string, number[]][] => [
    [`${norm}.weight`, [width]],
    [`${norm}.bias`, [width]],
  ])
  return {
    linears: [...linears, [PROJECTION, projection, width]],
    tensors: [
      [CLASS, [width]],
      [PATCHES, [width, 3, patch, patch]],
      [POSITIONS, [tokensOf(config), width]],
      ...norms,
      ...tensors,
    ],
  }
}

/** The class token and the patches; what a patch does not fill is left out at the right and at the bottom. */
function tokensOf({ image, patch }: ClipVisionConfig): number {
  return Math.floor(image / patch) ** 2 + 1
}

function patchGraph(config: ClipVisionConfig, batch: number): Graph {
  const { width, image, patch } = config
  const g = new GraphBuilder(`clip-patches:${width}:${image}/${patch}x${batch}`)
  const pixels = g.input('pixels', 'float32', [batch, 3, image, image])
  const weight = g.input('weight', 'float32', [width, 3, patch, patch])
  const first = g.input('class', 'float32', [width])
  const positions = g.input('positions', 'float32', [tokensOf(config), width])

  const cut = g.node('Conv', [pixels, weight], { kernel_shape: [patch, patch], strides: [patch, patch] })
  const flat = g.node('Reshape', [cut, g.ints([batch, width, -1])])
  const patches = g.node('Transpose', [flat], { perm: [0, 2, 1] }) // [batch, patches, width]
  const classes = g.node('Expand', [first, g.ints([batch, 1, width])])
  const tokens = g.node('Concat', [classes, patches], { axis: 1 }) // [batch, tokens, width]
  const placed = g.node('Add', [tokens, positions])
  g.output(layerNorm(g, placed, 'norm', width, CLIP_LAYERS.epsilon), 'y', [batch, tokensOf(config), width])
  return g.build()
}

/** The class token, normed and projected. */
function projectionGraph({ width }: ClipVisionConfig, spec: LinearSpec, batch: number): Graph {
  const g = new GraphBuilder(`clip-vision-projection:x${batch}:${specKey(spec)}`)
  const x = g.input('x', 'float32', [batch, SEQUENCE, width])
  const first = g.node('Slice', [x, g.ints([0]), g.ints([1]), g.ints([1])]) // [batch, 1, width]
  const normed = layerNorm(g, first, 'norm', width, CLIP_LAYERS.epsilon)
  g.output(linear(g, normed, 'projection', spec, batch), 'y', [batch, 1, spec.rows])
  return g.build()
}
