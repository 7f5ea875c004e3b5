/**
 * What CLIP's towers have in common (specs: encoders §2, §6): pre-norm transformer layers under Hugging Face's names, one
 * graph a layer with its attention inside.
 */
import type { Backend, Tensor } from '@/backend/types'
import { fail } from '@/base/errors'
import type { ParameterNames } from '@/nets/parameterSet'
import type { ParameterSet } from '@/nets/parameterSet'
import { GraphBuilder, type Graph } from '@/onnx/graph'
import { linear, specKey, type LinearSpec } from '@/onnx/layers'
import { attention, gelu, layerNorm, quickGelu, SEQUENCE } from '@/onnx/transformer'

export const CLIP_EPSILON = 1e-5

export type ClipTower = 'text_model' | 'vision_model'

export interface ClipLayersConfig {
  width: number
  heads: number
  layers: number
  mlp: number
  activation: 'quickGelu' | 'gelu'
}

/** Sees intermediate tensors: `embeddings` (what the first layer gets), `layer<i>.attention`, `layer<i>.out`. */
export type EncoderTap = (point: string, tensor: Tensor) => Promise<void>

export interface ClipLayersInput {
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

const layerPrefix = (tower: ClipTower, index: number): string => `${tower}.encoder.layers.${index}`
const linearName = (layer: string, name: LinearName): string => `${layer}.${LINEARS[name](1, 1)[0]}`

/** @throws bad-weights where the width does not divide into the heads */
export function checkClipHeads(what: string, { width, heads }: ClipLayersConfig): void {
  if (width % heads !== 0)
    fail(
      'bad-weights',
      `The sizes of this CLIP ${what} encoder make no sense.`,
      'Import the encoder again, with its config.json.',
      `width ${width} does not divide into ${heads} heads`,
    )
}

/** Canonical names and shapes of all layers of a tower. */
export function clipLayerParameters(
  tower: ClipTower,
  { width, mlp, layers }: ClipLayersConfig,
): ParameterNames {
  const linears: [string, number, number][] = []
  const tensors: [string, number[]][] = []
  for (let i = 0; i < layers; i++) {
    const layer = layerPrefix(tower, i)
    for (const name of LINEAR_NAMES) {
      const [suffix, rows, cols] = LINEARS[name](width, mlp)
      linears.push([`${layer}.${suffix}`, rows, cols])
    }
    for (const part of NORM_PARTS) tensors.push([`${layer}.${part}`, [width]])
  }
  return { linears, tensors }
}

/** Runs all layers: [batch, tokens, width], which the caller frees. @throws AbortError */
export async function runClipLayers(
  backend: Backend,
  parameters: ParameterSet,
  tower: ClipTower,
  config: ClipLayersConfig,
  { x: start, batch, tokens, bias, signal, tap }: ClipLayersInput,
): Promise<Tensor> {
  const dims = [batch, tokens, config.width]
  let x = start
  try {
    await tap?.('embeddings', x)
    for (let i = 0; i < config.layers; i++) {
      signal?.throwIfAborted()
      const layer = layerPrefix(tower, i)
      const linears = Object.fromEntries(LINEAR_NAMES.map((name) => [name, linearName(layer, name)]))
      const specs = Object.fromEntries(
        LINEAR_NAMES.map((name) => [name, parameters.spec(linears[name])]),
      ) as Record<LinearName, LinearSpec>
      const norms = Object.fromEntries(
        NORM_PARTS.map((part) => [part, parameters.tensor(`${layer}.${part}`)]),
      )
      const inputs = { x, ...(bias ? { bias } : {}), ...norms }
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
  config: ClipLayersConfig,
  specs: Record<LinearName, LinearSpec>,
  batch: number,
  masked: boolean,
): Graph {
  const { width, heads, activation } = config
  const keys = LINEAR_NAMES.map((name) => specKey(specs[name]))
  const kind = `${width}/${heads}x${batch}:${masked ? 'masked:' : ''}${activation}`
  const g = new GraphBuilder(`clip-layer:${kind}:${keys.join(',')}`)
  const x = g.input('x', 'float32', [batch, SEQUENCE, width])
  const bias = masked ? g.input('bias', 'float32', [1, heads, SEQUENCE, SEQUENCE]) : null
  const apply = (name: LinearName, value: typeof x) => linear(g, value, name, specs[name], batch)

  const h = layerNorm(g, x, 'layer_norm1', width, CLIP_EPSILON)
  const operands = { q: apply('q', h), k: apply('k', h), v: apply('v', h), bias }
  const attended = attention(g, operands, { heads, scale: 1 / Math.sqrt(width / heads) })
  const middle = g.node('Add', [x, apply('o', attended)]) // [batch, sequence, width]

  const up = apply('up', layerNorm(g, middle, 'layer_norm2', width, CLIP_EPSILON)) // [batch, sequence, mlp]
  const active = activation === 'quickGelu' ? quickGelu(g, up) : gelu(g, up)
  g.output(g.node('Add', [middle, apply('down', active)]), 'y', [batch, SEQUENCE, width])
  g.output(attended, 'attended', [batch, SEQUENCE, width])
  return g.build()
}
