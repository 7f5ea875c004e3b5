/**
 * What CLIP's towers, SigLIP and DINO have in common (specs: encoders §2, §4 to §6): pre-norm transformer layers under Hugging
 * Face's names of CLIP, one graph a layer with its attention inside.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import type { ParameterNames } from '@/nets/parameterSet'
import type { ParameterSet } from '@/nets/parameterSet'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { geluTanh, linear, specKey, type LinearSpec } from '@/onnx/layers'
import { attention, gelu, layerNorm, quickGelu, SEQUENCE } from '@/onnx/transformer'

export interface EncoderLayersConfig {
  width: number
  heads: number
  layers: number
  mlp: number
  activation: keyof typeof ACTIVATIONS
  /** Of the norms. */
  epsilon: number
  /** Whether what a layer adds is scaled per channel, as DINOv2 does. */
  layerScale: boolean
}

const ACTIVATIONS = { quickGelu, gelu, geluTanh }

/** What is the same of all of CLIP's. */
export const CLIP_LAYERS = { epsilon: 1e-5, layerScale: false } as const

/** Sees intermediate tensors: `embeddings` (what the first layer gets), `layer<i>.attention`, `layer<i>.out`. */
export type EncoderTap = (point: string, tensor: Tensor) => Promise<void>

export interface EncoderLayersInput {
  /** [batch, tokens, width]; it is freed, whatever happens. */
  x: Tensor
  batch: number
  tokens: number
  /** Added to the scores, [1, heads, tokens, tokens]; null where all tokens see each other. */
  bias: Tensor | null
  signal?: AbortSignal
  tap?: EncoderTap
}

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
const SCALES = ['layer_scale1', 'layer_scale2']

const vectorsOf = ({ layerScale }: EncoderLayersConfig): string[] =>
  layerScale ? [...NORM_PARTS, ...SCALES] : NORM_PARTS

const linearName = (layer: string, name: LinearName): string => `${layer}.${LINEARS[name](1, 1)[0]}`

/** @throws bad-weights where the width does not divide into the heads */
export function checkHeads(what: string, { width, heads }: { width: number; heads: number }): void {
  if (width % heads !== 0)
    fail(
      'bad-weights',
      `The sizes of this ${what} encoder make no sense.`,
      'Import the encoder again, with its config.json.',
      `width ${width} does not divide into ${heads} heads`,
    )
}

/** Canonical names and shapes of all layers. @param stack what stands before a layer's number, e.g. vision_model.encoder.layers */
export function encoderLayerParameters(stack: string, config: EncoderLayersConfig): ParameterNames {
  const { width, mlp, layers } = config
  const linears: [string, number, number][] = []
  const tensors: [string, number[]][] = []
  for (let i = 0; i < layers; i++) {
    const layer = `${stack}.${i}`
    for (const name of LINEAR_NAMES) {
      const [suffix, rows, cols] = LINEARS[name](width, mlp)
      linears.push([`${layer}.${suffix}`, rows, cols])
    }
    for (const part of vectorsOf(config)) tensors.push([`${layer}.${part}`, [width]])
  }
  return { linears, tensors }
}

/** Runs all layers: [batch, tokens, width], which the caller frees. @param stack as above @throws AbortError */
export async function runEncoderLayers(
  backend: Backend,
  parameters: ParameterSet,
  stack: string,
  config: EncoderLayersConfig,
  { x: start, batch, tokens, bias, signal, tap }: EncoderLayersInput,
): Promise<Tensor> {
  const dims = [batch, tokens, config.width]
  let x = start
  try {
    await tap?.('embeddings', x)
    for (let i = 0; i < config.layers; i++) {
      signal?.throwIfAborted()
      const layer = `${stack}.${i}`
      const linears = Object.fromEntries(LINEAR_NAMES.map((name) => [name, linearName(layer, name)]))
      const specs = Object.fromEntries(
        LINEAR_NAMES.map((name) => [name, parameters.spec(linears[name])]),
      ) as Record<LinearName, LinearSpec>
      const vectors = Object.fromEntries(
        vectorsOf(config).map((part) => [part, parameters.tensor(`${layer}.${part}`)]),
      )
      const inputs = { x, ...(bias ? { bias } : {}), ...vectors }
      const outputs: Record<string, number[]> = { y: dims, ...(tap ? { attended: dims } : {}) }
      const graph = layerGraph(config, specs, batch, bias !== null)
      const done = await parameters.run(graph, linears, inputs, outputs)
      backend.free(x)
      x = done.y
      if (tap) await tap(`layer${i}.attention`, done.attended)
      backend.free(done.attended)
      await tap?.(`layer${i}.out`, x)
      await backend.breathe()
    }
    return x
  } catch (error) {
    backend.free(x)
    throw error
  }
}

function layerGraph(
  config: EncoderLayersConfig,
  specs: Record<LinearName, LinearSpec>,
  batch: number,
  masked: boolean,
): Graph {
  const { width, heads, activation, epsilon, layerScale } = config
  const keys = LINEAR_NAMES.map((name) => specKey(specs[name]))
  const kind = `${width}/${heads}x${batch}:${masked ? 'masked:' : ''}${layerScale ? 'scaled:' : ''}${activation}:${epsilon}`
  const g = new GraphBuilder(`encoder-layer:${kind}:${keys.join(',')}`)
  const x = g.input('x', 'float32', [batch, SEQUENCE, width])
  const bias = masked ? g.input('bias', 'float32', [1, heads, SEQUENCE, SEQUENCE]) : null
  const apply = (name: LinearName, value: typeof x) => linear(g, value, name, specs[name], batch)
  const scaled = (value: typeof x, name: string) =>
    layerScale ? g.node('Mul', [value, g.input(name, 'float32', [width])]) : value

  const h = layerNorm(g, x, 'layer_norm1', width, epsilon)
  const operands = { q: apply('q', h), k: apply('k', h), v: apply('v', h), bias }
  const attended = attention(g, operands, { heads, scale: 1 / Math.sqrt(width / heads) })
  const middle = g.node('Add', [x, scaled(apply('o', attended), SCALES[0])]) // [batch, sequence, width]

  const up = apply('up', layerNorm(g, middle, 'layer_norm2', width, epsilon)) // [batch, sequence, mlp]
  const down = apply('down', ACTIVATIONS[activation](g, up))
  g.output(g.node('Add', [middle, scaled(down, SCALES[1])]), 'y', [batch, SEQUENCE, width])
  g.output(attended, 'attended', [batch, SEQUENCE, width])
  return g.build()
}
