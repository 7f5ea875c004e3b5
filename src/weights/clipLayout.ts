/** CLIP's text transformers under transformers' names, with `text_model.` (specs: encoders §2). */
import { fail } from '@/base/errors'
import { ClipTextConfig } from '@/schema/pack'
import type { Checkpoint } from '@/weights/checkpoint'
import {
  checkedConfig,
  countBlocks,
  findPrefix,
  LayoutBuilder,
  shapeOf,
  type Layout,
  type Shapes,
} from '@/weights/layout'

/** What stands in front of `embeddings.` and `encoder.`. */
const PREFIXES = [
  'text_model.',
  '',
  'transformer.text_model.',
  'text_encoders.clip_l.transformer.text_model.',
  'cond_stage_model.transformer.text_model.',
]
const TOKENS = 'embeddings.token_embedding.weight'

/** The prefix, or null where this is no CLIP text encoder. */
export const findClipText = (shapes: Shapes): string | null => findPrefix(shapes, PREFIXES, TOKENS)

/** Every CLIP text transformer that is published has heads of 64. */
const HEAD_DIM = 64

/** @throws bad-weights when tensors are missing or contradict each other */
export function clipTextLayout(checkpoint: Checkpoint): Layout<ClipTextConfig> {
  const shapes = checkpoint.entries
  const prefix = findClipText(shapes)
  if (prefix === null)
    return fail('bad-weights', 'This is not a CLIP text encoder.', 'Choose the CLIP-L text encoder of FLUX.')
  const [vocabulary, width] = shapeOf(shapes, prefix + TOKENS, 2)
  const [positions] = shapeOf(shapes, `${prefix}embeddings.position_embedding.weight`, 2)
  const [mlp] = shapeOf(shapes, `${prefix}encoder.layers.0.mlp.fc1.weight`, 2)
  const outer = prefix.replace(/text_model\.$/, '')
  const projectionName = `${outer}text_projection.weight`
  const projection = shapes.has(projectionName) ? shapeOf(shapes, projectionName, 2)[0] : null
  const config = checkedConfig(
    ClipTextConfig,
    {
      width,
      layers: countBlocks(
        shapes,
        new RegExp(`^${prefix.replaceAll('.', '\\.')}encoder\\.layers\\.(\\d+)\\.`),
      ),
      mlp,
      vocabulary,
      positions,
      projection,
      ...fromJson(checkpoint.json['config.json'], width),
    },
    'CLIP text encoder',
  )

  const b = new LayoutBuilder((name) =>
    name === 'text_projection.weight' ? projectionName : name.replace(/^text_model\./, prefix),
  )
  b.add('text_model.embeddings.token_embedding.weight', [vocabulary, width], 'embedding')
  b.add('text_model.embeddings.position_embedding.weight', [positions, width], 'exact')
  for (let i = 0; i < config.layers; i++) {
    const layer = `text_model.encoder.layers.${i}`
    b.norm(`${layer}.layer_norm1`, width)
    for (const part of ['q', 'k', 'v', 'out']) b.linear(`${layer}.self_attn.${part}_proj`, width, width)
    b.norm(`${layer}.layer_norm2`, width)
    b.linear(`${layer}.mlp.fc1`, mlp, width)
    b.linear(`${layer}.mlp.fc2`, width, mlp)
  }
  b.norm('text_model.final_layer_norm', width)
  if (projection !== null) b.linear('text_projection', projection, width, 'linear', false)
  return { family: 'clipText', dialect: 'transformers layout', config, tensors: b.tensors }
}

/** What shapes do not tell. */
function fromJson(json: unknown, width: number): Pick<ClipTextConfig, 'heads' | 'activation'> {
  const outer = (json ?? {}) as Record<string, unknown>
  const given = (outer.text_config ?? outer) as Record<string, unknown>
  const heads = given.num_attention_heads
  // OpenAI's CLIP has quick_gelu, the wider OpenCLIP models the exact one.
  const gelu = typeof given.hidden_act === 'string' ? given.hidden_act !== 'quick_gelu' : width >= 1024
  return {
    heads: typeof heads === 'number' ? heads : width / HEAD_DIM,
    activation: gelu ? 'gelu' : 'quickGelu',
  }
}
