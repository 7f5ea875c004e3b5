/**
 * Vision transformers whose tokens are used themselves, by config: SigLIP's tower and DINO's, first and second (specs: encoders
 * §4, §5). A convolution cuts the picture into patches, positions are added, the layers of `encoderLayers.ts` follow, then a norm.
 * Names are CLIP's of Hugging Face, without a prefix; DINO's are translated when they are read.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import {
  checkHeads,
  encoderLayerParameters,
  runEncoderLayers,
  type EncoderLayersConfig,
  type EncoderTap,
} from '@/nets/encoders/encoderLayers'
import type { VisionConfig } from '@/families/shared/vision'
import { bicubicGrid } from '@/nets/encoders/positions'
import { ParameterSet, type ParameterNames } from '@/nets/parameterSet'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { layerNorm, SEQUENCE } from '@/onnx/transformer'
import type { WeightSource } from '@/weights/formats/source'

/** The class token has a position, registers have none. */
export type VitConfig = VisionConfig & EncoderLayersConfig

const STACK = 'encoder.layers'
const PATCHES = 'embeddings.patch_embedding'
const POSITIONS = 'embeddings.position_embedding.weight'
const CLASS = 'embeddings.class_embedding'
const REGISTERS = 'embeddings.register_tokens'
const LAST_NORM = 'post_layernorm'

export class Vit {
  private readonly backend: Backend
  private readonly config: VitConfig
  private readonly parameters: ParameterSet
  /** [class token + grid * grid, width] */
  private readonly positions: Float32Array

  private constructor(
    backend: Backend,
    config: VitConfig,
    parameters: ParameterSet,
    positions: Float32Array,
  ) {
    this.backend = backend
    this.config = config
    this.parameters = parameters
    this.positions = positions
  }

  /** @throws bad-weights naming the first tensor that is missing or has another shape; out-of-memory */
  static async load(backend: Backend, config: VitConfig, source: WeightSource): Promise<Vit> {
    checkHeads('vision', config)
    const parameters = new ParameterSet(backend)
    try {
      await parameters.load(source, vitParameters(config))
      const positions = await source.tensor(POSITIONS, [placedFirst(config) + config.grid ** 2, config.width])
      return new Vit(backend, config, parameters, positions)
    } catch (error) {
      parameters.dispose()
      throw error
    }
  }

  /**
   * What is seen in pictures: [batch, tokens, width], class token first where there is one, registers, then patches row by row. What a patch does
   * not fill is left out at the right and at the bottom; positions of another grid than the learnt one are interpolated.
   * @param pixels [batch, 3, height, width], normalised as the model was trained
   * @throws internal when the pixels do not fill the batch; AbortError
   */
  async tokens(
    pixels: Float32Array,
    [batch, height, width]: readonly [batch: number, height: number, width: number],
    { signal, tap }: { signal?: AbortSignal; tap?: EncoderTap } = {},
  ): Promise<Float32Array> {
    const { backend, config, parameters } = this
    if (pixels.length !== batch * 3 * height * width)
      fail('internal', `vit: ${pixels.length} values for ${batch} pictures.`, 'Report this.')
    signal?.throwIfAborted()
    const [rows, columns] = [Math.floor(height / config.patch), Math.floor(width / config.patch)]
    const tokens = firstTokens(config) + rows * columns
    const start = await this.embedded(pixels, [batch, height, width], [rows, columns])
    const input = { x: start, batch, tokens, bias: null, signal, tap }
    const x = await runEncoderLayers(backend, parameters, STACK, config, input)
    try {
      const norm = {
        'norm.weight': parameters.tensor(`${LAST_NORM}.weight`),
        'norm.bias': parameters.tensor(`${LAST_NORM}.bias`),
      }
      const outputs = { y: [batch, tokens, config.width] }
      const { y } = await parameters.run(lastGraph(config, batch), {}, { x, ...norm }, outputs)
      const values = await backend.read(y)
      backend.free(y)
      return values // [batch, tokens, width]
    } finally {
      backend.free(x)
    }
  }

  dispose(): void {
    this.parameters.dispose()
  }

  /** [batch, tokens, width]: class token and patches at their positions; the caller frees it. */
  private async embedded(
    pixels: Float32Array,
    [batch, height, width]: readonly [number, number, number],
    [rows, columns]: readonly [number, number],
  ): Promise<Tensor> {
    const { backend, config, parameters } = this
    const tokens = firstTokens(config) + rows * columns
    const picture = backend.upload(pixels, [batch, 3, height, width], 'vit pixels')
    const positions = backend.upload(this.placed(rows, columns), [tokens, config.width], 'vit positions')
    try {
      const inputs = {
        pixels: picture,
        positions,
        weight: parameters.tensor(`${PATCHES}.weight`),
        bias: parameters.tensor(`${PATCHES}.bias`),
        ...(config.classToken ? { class: parameters.tensor(CLASS) } : {}),
        ...(config.registers > 0 ? { registers: parameters.tensor(REGISTERS) } : {}),
      }
      const graph = patchGraph(config, [batch, height, width], tokens)
      return (await parameters.run(graph, {}, inputs, { y: [batch, tokens, config.width] })).y
    } finally {
      backend.free(picture, positions)
    }
  }

  /** Positions of a grid. [first tokens + rows * columns, width] */
  private placed(rows: number, columns: number): Float32Array {
    const { config, positions } = this
    const first = placedFirst(config) * config.width
    const grid = bicubicGrid(positions.subarray(first), config, [rows, columns])
    const out = new Float32Array(firstTokens(config) * config.width + grid.length)
    out.set(positions.subarray(0, first))
    out.set(grid, firstTokens(config) * config.width)
    return out
  }
}

/** Tokens before the patches that have a position. */
const placedFirst = ({ classToken }: VitConfig): number => (classToken ? 1 : 0)
const firstTokens = (config: VitConfig): number => placedFirst(config) + config.registers

/** Canonical names and shapes, without the positions. */
export function vitParameters(config: VitConfig): ParameterNames {
  const { width, patch, classToken, registers } = config
  const { linears, tensors } = encoderLayerParameters(STACK, config)
  return {
    linears,
    tensors: [
      [`${PATCHES}.weight`, [width, 3, patch, patch]],
      [`${PATCHES}.bias`, [width]],
      ...(classToken ? [[CLASS, [width]] as const] : []),
      ...(registers > 0 ? [[REGISTERS, [registers, width]] as const] : []),
      [`${LAST_NORM}.weight`, [width]],
      [`${LAST_NORM}.bias`, [width]],
      ...tensors,
    ],
  }
}

function patchGraph(
  { width, patch, classToken, registers }: VitConfig,
  [batch, rows, columns]: readonly [number, number, number],
  tokens: number,
): Graph {
  const kind = `${width}:${rows}x${columns}/${patch}x${batch}${classToken ? ':class' : ''}+${registers}`
  const g = new GraphBuilder(`vit-patches:${kind}`)
  const pixels = g.input('pixels', 'float32', [batch, 3, rows, columns])
  const weight = g.input('weight', 'float32', [width, 3, patch, patch])
  const bias = g.input('bias', 'float32', [width])
  const positions = g.input('positions', 'float32', [tokens, width])

  const cut = g.node('Conv', [pixels, weight, bias], {
    kernel_shape: [patch, patch],
    strides: [patch, patch],
  })
  const flat = g.node('Reshape', [cut, g.ints([batch, width, -1])])
  let x = g.node('Transpose', [flat], { perm: [0, 2, 1] }) // [batch, patches, width]
  const before = (name: string, count: number, shape: number[]) =>
    g.node('Expand', [g.input(name, 'float32', shape), g.ints([batch, count, width])])
  const first = [
    ...(classToken ? [before('class', 1, [width])] : []),
    ...(registers > 0 ? [before('registers', registers, [registers, width])] : []),
  ]
  if (first.length > 0) x = g.node('Concat', [...first, x], { axis: 1 }) // [batch, tokens, width]
  g.output(g.node('Add', [x, positions]), 'y', [batch, tokens, width])
  return g.build()
}

function lastGraph({ width, epsilon }: VitConfig, batch: number): Graph {
  const g = new GraphBuilder(`vit-norm:${width}x${batch}:${epsilon}`)
  const x = g.input('x', 'float32', [batch, SEQUENCE, width])
  g.output(layerNorm(g, x, 'norm', width, epsilon), 'y', [batch, SEQUENCE, width])
  return g.build()
}
