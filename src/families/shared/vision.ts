/**
 * Vision transformers that Mix looks through (specs: encoders §4, §5): SigLIP's tower, and DINO's, first and second, these with
 * registers or without. As transformers publishes them.
 */
import * as v from 'valibot'

import { fail } from '@/base/errors'
import {
  checkedConfig,
  countBlocks,
  findPrefix,
  LayoutBuilder,
  shapeOf,
  type Header,
  type Layout,
  type Shapes,
} from '@/families/layout'
import { visionName } from '@/families/shared/visionNames'
import { count, depth } from '@/families/sizes'

export const VisionConfig = v.object({
  width: count,
  heads: count,
  layers: depth,
  mlp: count,
  /** Pixels per side of a patch. */
  patch: count,
  /** Patches per side of the picture that positions were learnt for. */
  grid: count,
  activation: v.picklist(['gelu', 'geluTanh']),
  epsilon: v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  /** Whether what a layer adds is scaled per channel. */
  layerScale: v.boolean(),
  /** Whether a token of its own stands before the patches. */
  classToken: v.boolean(),
  /** Tokens without a place between that one and the patches. */
  registers: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64)),
})
export type VisionConfig = v.InferOutput<typeof VisionConfig>

/** FLUX.1 Redux. */
export const ReduxConfig = v.object({
  /** Width of the tokens that come in, SigLIP's. */
  vision: count,
  /** Of those that go out, FLUX's text. */
  text: count,
})
export type ReduxConfig = v.InferOutput<typeof ReduxConfig>

const PREFIXES = ['', 'vision_model.', 'model.vision_model.', 'vision_tower.vision_model.', 'image_encoder.']
const PATCH_BIAS = 'embeddings.patch_embedding.bias'

/** SigLIP's patches have a bias, which CLIP's have not. */
export const SIGLIP_MARK = /(?:^|\.)embeddings\.patch_embedding\.bias$/

/** What stands before SigLIP's names, or null where this is none. */
export const findSiglip = (shapes: Shapes): string | null => findPrefix(shapes, PREFIXES, PATCH_BIAS)

/** @throws bad-weights when tensors are missing or contradict each other */
export function siglipLayout({ entries: shapes, json }: Header): Layout<VisionConfig> {
  const prefix = findSiglip(shapes)
  if (prefix === null)
    return fail(
      'bad-weights',
      'This is not a SigLIP vision encoder.',
      'Choose the image encoder of FLUX.1 Redux.',
    )
  const stored = (name: string): string => prefix + name
  const outer = (json['config.json'] ?? {}) as Record<string, unknown>
  const given = (outer.vision_config ?? outer) as Record<string, unknown>
  const config = visionConfig(shapes, stored, {
    layer: stored('encoder.layers.'),
    up: stored('encoder.layers.0.mlp.fc1.weight'),
    // so400m's 1152 are sixteen heads of 72.
    heads: given.num_attention_heads ?? 16,
    activation: 'geluTanh',
    classToken: false,
    registers: 0,
    layerScale: false,
  })
  return { family: 'siglip', ...addVision(config, stored), prefix, notes: [] }
}

/** Where DINO's own names begin. */
const DINO_PREFIXES = ['', 'dinov2.', 'vit.', 'backbone.', 'model.']

export const findDino = (shapes: Shapes): string | null =>
  findPrefix(shapes, DINO_PREFIXES, 'embeddings.patch_embeddings.projection.weight')

/** Every published DINO has heads of 64. */
const DINO_HEAD = 64

/** @throws bad-weights when tensors are missing or contradict each other; unsupported for those with a gated middle */
export function dinoLayout({ entries: shapes, json }: Header): Layout<VisionConfig> {
  const prefix = findDino(shapes)
  if (prefix === null)
    return fail(
      'bad-weights',
      'This is not a DINO vision encoder.',
      'Choose DINOv2, for example its base size.',
    )
  if (shapes.has(`${prefix}encoder.layer.0.mlp.weights_in.weight`))
    fail(
      'unsupported',
      'This is the giant DINOv2, whose layers are built otherwise.',
      'Choose DINOv2 in its small, base or large size.',
    )
  const names = new Map([...shapes.keys()].map((name) => [visionName(name.slice(prefix.length)), name]))
  const stored = (name: string): string => names.get(name) ?? prefix + name
  const given = (json['config.json'] ?? {}) as Record<string, unknown>
  const [width] = shapeOf(shapes, stored('embeddings.patch_embedding.weight'), 4)
  const registers = shapes.get(stored('embeddings.register_tokens'))
  const config = visionConfig(shapes, stored, {
    layer: `${prefix}encoder.layer.`,
    up: stored('encoder.layers.0.mlp.fc1.weight'),
    heads: given.num_attention_heads ?? width / DINO_HEAD,
    activation: 'gelu',
    classToken: true,
    registers: registers?.shape.at(-2) ?? 0,
    layerScale: shapes.has(stored('encoder.layers.0.layer_scale1')),
  })
  return { family: 'dino', ...addVision(config, stored), prefix, notes: [] }
}

interface Known extends Pick<VisionConfig, 'activation' | 'classToken' | 'registers' | 'layerScale'> {
  /** What stands before a layer's number, and the linear that widens. */
  layer: string
  up: string
  heads: unknown
}

function visionConfig(
  shapes: Shapes,
  stored: (name: string) => string,
  { layer, up, ...known }: Known,
): VisionConfig {
  const [width, , patch] = shapeOf(shapes, stored('embeddings.patch_embedding.weight'), 4)
  const table = shapes.get(stored('embeddings.position_embedding.weight'))?.shape ?? []
  const positions = (table.at(-2) ?? 0) - (known.classToken ? 1 : 0)
  return checkedConfig(
    VisionConfig,
    {
      ...known,
      width,
      patch,
      layers: countBlocks(shapes, new RegExp(`^${layer.replaceAll('.', '\\.')}(\\d+)\\.`)),
      mlp: shapeOf(shapes, up, 2)[0],
      grid: Math.sqrt(positions),
      epsilon: 1e-6,
    },
    'vision encoder',
  )
}

function addVision(config: VisionConfig, stored: (name: string) => string) {
  const { width, patch, grid, layers, mlp, classToken, registers, layerScale } = config
  const b = new LayoutBuilder(stored)
  const first = classToken ? 1 : 0
  b.add('embeddings.patch_embedding.weight', [width, 3, patch, patch], 'conv')
  b.add('embeddings.patch_embedding.bias', [width], 'exact')
  b.add('embeddings.position_embedding.weight', [first + grid ** 2, width], 'exact')
  if (classToken) b.add('embeddings.class_embedding', [width], 'exact')
  if (registers > 0) b.add('embeddings.register_tokens', [registers, width], 'exact')
  for (let i = 0; i < layers; i++) {
    const layer = `encoder.layers.${i}`
    b.norm(`${layer}.layer_norm1`, width)
    for (const part of ['q', 'k', 'v', 'out']) b.linear(`${layer}.self_attn.${part}_proj`, width, width)
    b.norm(`${layer}.layer_norm2`, width)
    b.linear(`${layer}.mlp.fc1`, mlp, width)
    b.linear(`${layer}.mlp.fc2`, width, mlp)
    if (layerScale) for (const k of [1, 2]) b.add(`${layer}.layer_scale${k}`, [width], 'exact')
  }
  b.norm('post_layernorm', width)
  return { dialect: 'transformers layout', config, tensors: b.tensors, isClosed: false }
}

const REDUX_PREFIXES = ['', 'image_embedder.', 'model.']

export const findRedux = (shapes: Shapes): string | null =>
  findPrefix(shapes, REDUX_PREFIXES, 'redux_up.weight')

/** @throws bad-weights when tensors are missing or contradict each other */
export function reduxLayout({ entries: shapes }: Header): Layout<ReduxConfig> {
  const prefix = findRedux(shapes) ?? ''
  const [middle, vision] = shapeOf(shapes, `${prefix}redux_up.weight`, 2)
  const [text] = shapeOf(shapes, `${prefix}redux_down.weight`, 2)
  const config = checkedConfig(ReduxConfig, { vision, text }, 'Redux model')
  const b = new LayoutBuilder((name) => prefix + name)
  b.linear('redux_up', middle, vision)
  b.linear('redux_down', text, middle)
  return {
    family: 'redux',
    dialect: 'original layout',
    config,
    tensors: b.tensors,
    prefix,
    isClosed: true,
    notes: [],
  }
}
