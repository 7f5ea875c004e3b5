/** Qwen3 as text encoder of FLUX.2 [klein], under its published names without `model.` (specs: FLUX.2 §6). */
import { fail } from '@/base/errors'
import { Qwen3Config } from '@/families/flux2/config'
import {
  checkedConfig,
  findPrefix,
  LayoutBuilder,
  shapeOf,
  type Header,
  type Layout,
  type Shapes,
} from '@/families/layout'

const PREFIXES = ['model.', '', 'transformer.model.', 'text_encoders.qwen3_4b.transformer.model.']

/** klein's: of 36 layers, those up to the 27th. */
const STATES = [9, 18, 27]
const THETA = 1e6

const WIDTH_OF_8B = 4096
/** Widths of the others of its kind; Qwen3-4B has 2560. */
const OTHERS: Readonly<Record<number, string>> = {
  1024: 'Qwen3-0.6B',
  2048: 'Qwen3-1.7B',
  5120: 'Qwen3-14B or Qwen3-32B',
}

/** The prefix of the layers, or null where this is no Qwen3: others of its kind do not normalise queries and keys. */
export const findQwen3 = (shapes: Shapes): string | null =>
  findPrefix(shapes, PREFIXES, 'layers.0.self_attn.q_norm.weight')

/** @throws bad-weights when tensors are missing or contradict each other */
export function qwen3Layout(checkpoint: Header): Layout<Qwen3Config> {
  const shapes = checkpoint.entries
  const prefix = findQwen3(shapes)
  if (prefix === null)
    return fail('bad-weights', 'This is not a Qwen3.', 'Choose the text encoder of FLUX.2 [klein].')
  const shape = (name: string, axes: number) => shapeOf(shapes, prefix + name, axes)
  const given = (checkpoint.json['config.json'] ?? {}) as {
    rope_theta?: unknown
    hidden_states_layers?: unknown
  }
  const [vocabulary, width] = shape('embed_tokens.weight', 2)
  const [headDim] = shape('layers.0.self_attn.q_norm.weight', 1)
  const config = checkedConfig(
    Qwen3Config,
    {
      width,
      heads: shape('layers.0.self_attn.q_proj.weight', 2)[0] / headDim,
      keyHeads: shape('layers.0.self_attn.k_proj.weight', 2)[0] / headDim,
      headDim,
      mlp: shape('layers.0.mlp.gate_proj.weight', 2)[0],
      vocabulary,
      theta: given.rope_theta ?? THETA,
      states: given.hidden_states_layers ?? STATES,
    },
    'Qwen3',
  )
  const other = OTHERS[config.width]
  if (other !== undefined)
    fail(
      'unsupported',
      `This is ${other}, which no FLUX.2 reads prompts with.`,
      'Choose the text encoder of FLUX.2 [klein] 4B, which is Qwen3-4B.',
      `${config.width} wide`,
    )
  if (config.heads % config.keyHeads)
    fail(
      'bad-weights',
      'The sizes of this Qwen3 make no sense.',
      'Check that the file is whole.',
      `${config.heads} heads share ${config.keyHeads} of keys and values`,
    )
  return {
    family: 'qwen3',
    dialect: 'transformers layout',
    config,
    tensors: qwen3Tensors(config, prefix),
    prefix,
    isClosed: false,
    notes:
      config.width === WIDTH_OF_8B
        ? ['This is Qwen3-8B, which FLUX.2 [klein] 9B reads prompts with; 4B needs Qwen3-4B.']
        : [],
  }
}

/** The table and the layers that are needed; the final norm and later layers never are. */
function qwen3Tensors(config: Qwen3Config, prefix: string): Layout['tensors'] {
  const { width, heads, keyHeads, headDim, mlp, vocabulary, states } = config
  const b = new LayoutBuilder((name) => prefix + name)
  const linear = (name: string, rows: number, cols: number) => b.linear(name, rows, cols, 'linear', false)
  b.add('embed_tokens.weight', [vocabulary, width], 'embedding')
  for (let i = 0; i < Math.max(...states); i++) {
    const layer = `layers.${i}`
    b.add(`${layer}.input_layernorm.weight`, [width], 'exact')
    linear(`${layer}.self_attn.q_proj`, heads * headDim, width)
    linear(`${layer}.self_attn.k_proj`, keyHeads * headDim, width)
    linear(`${layer}.self_attn.v_proj`, keyHeads * headDim, width)
    linear(`${layer}.self_attn.o_proj`, width, heads * headDim)
    b.add(`${layer}.self_attn.q_norm.weight`, [headDim], 'exact')
    b.add(`${layer}.self_attn.k_norm.weight`, [headDim], 'exact')
    b.add(`${layer}.post_attention_layernorm.weight`, [width], 'exact')
    linear(`${layer}.mlp.gate_proj`, mlp, width)
    linear(`${layer}.mlp.up_proj`, mlp, width)
    linear(`${layer}.mlp.down_proj`, width, mlp)
  }
  return b.tensors
}
