/** T5 v1.1 encoders under their classic names, as in transformers' files (specs: encoders §3). */
import { fail } from '@/base/errors'
import { T5Config } from '@/families/flux/config'
import {
  checkedConfig,
  countBlocks,
  LayoutBuilder,
  shapeOf,
  type Header,
  type Layout,
  type Shapes,
} from '@/families/layout'

/** Where the blocks are: with or without `encoder.`, alone or inside a file of several networks. */
const PREFIXES = [
  'encoder.',
  '',
  'transformer.encoder.',
  'text_model.encoder.',
  'text_encoders.t5xxl.transformer.encoder.',
]
const QUERY = 'block.0.layer.0.SelfAttention.q.weight'

/** The prefix of the blocks, or null where this is no T5 encoder. */
export const findT5 = (shapes: Shapes): string | null =>
  PREFIXES.find((prefix) => shapes.has(prefix + QUERY)) ?? null

/** @throws bad-weights when tensors are missing, contradict each other or belong to an older T5 */
export function t5Layout(checkpoint: Header): Layout<T5Config> {
  const shapes = checkpoint.entries
  const prefix = findT5(shapes)
  if (prefix === null)
    return fail('bad-weights', 'This is not a T5 encoder.', 'Choose the T5 v1.1 encoder of FLUX.')
  const block = `${prefix}block.0.layer`
  if (shapes.has(`${block}.1.DenseReluDense.wi.weight`))
    fail(
      'unsupported',
      'This is a T5 of the first version.',
      'FLUX needs the encoder of T5 v1.1 (google/t5-v1_1-xxl), whose feed-forward is gated.',
      `found ${block}.1.DenseReluDense.wi.weight`,
    )
  const outer = prefix.replace(/encoder\.$/, '')
  const embedding =
    [`${outer}shared.weight`, `${prefix}embed_tokens.weight`].find((name) => shapes.has(name)) ??
    `${outer}shared.weight`
  const [vocabulary, width] = shapeOf(shapes, embedding, 2)
  refuseOthers(vocabulary, width)
  const [buckets, heads] = shapeOf(shapes, `${block}.0.SelfAttention.relative_attention_bias.weight`, 2)
  const [inner] = shapeOf(shapes, prefix + QUERY, 2)
  const [mlp] = shapeOf(shapes, `${block}.1.DenseReluDense.wi_0.weight`, 2)
  const given = (checkpoint.json['config.json'] ?? {}) as Record<string, unknown>
  const config = checkedConfig(
    T5Config,
    {
      width,
      heads,
      headDim: inner / heads,
      layers: countBlocks(shapes, new RegExp(`^${prefix.replaceAll('.', '\\.')}block\\.(\\d+)\\.`)),
      mlp,
      vocabulary,
      buckets,
      maxDistance: given.relative_attention_max_distance ?? 128,
    },
    'T5 encoder',
  )

  const b = new LayoutBuilder((name) =>
    name === 'shared.weight' ? embedding : name.replace(/^encoder\./, prefix),
  )
  const linear = (name: string, rows: number, cols: number) => b.linear(name, rows, cols, 'linear', false)
  b.add('shared.weight', [vocabulary, width], 'embedding')
  for (let i = 0; i < config.layers; i++) {
    const attention = `encoder.block.${i}.layer.0`
    b.add(`${attention}.layer_norm.weight`, [width], 'exact')
    for (const part of ['q', 'k', 'v']) linear(`${attention}.SelfAttention.${part}`, inner, width)
    linear(`${attention}.SelfAttention.o`, width, inner)
    if (i === 0) b.add(`${attention}.SelfAttention.relative_attention_bias.weight`, [buckets, heads], 'exact')
    const dense = `encoder.block.${i}.layer.1`
    b.add(`${dense}.layer_norm.weight`, [width], 'exact')
    for (const part of ['wi_0', 'wi_1']) linear(`${dense}.DenseReluDense.${part}`, mlp, width)
    linear(`${dense}.DenseReluDense.wo`, width, mlp)
  }
  b.add('encoder.final_layer_norm.weight', [width], 'exact')
  return {
    family: 't5',
    dialect: 'transformers layout',
    config,
    tensors: b.tensors,
    prefix: outer,
    isClosed: false,
    notes: [],
  }
}

/** Widths of the smaller encoders of T5 v1.1; XXL has 4096. */
const SMALLER: Readonly<Record<number, string>> = { 512: 'Small', 768: 'Base', 1024: 'Large', 2048: 'XL' }
/** mT5 has 250,112 pieces, T5 32,128. */
const MANY_PIECES = 200_000

/** @throws unsupported */
function refuseOthers(vocabulary: number, width: number): void {
  const other = vocabulary > MANY_PIECES ? 'mT5' : SMALLER[width] && `T5 v1.1 ${SMALLER[width]}`
  if (other === undefined) return
  fail(
    'unsupported',
    `This is the encoder of ${other}; FLUX needs that of T5 v1.1 XXL.`,
    'Choose the T5 v1.1 XXL encoder of FLUX.1.',
    `${vocabulary} pieces, ${width} wide`,
  )
}
