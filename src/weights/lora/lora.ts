/**
 * LoRA adapters for any family in any published dialect, as pieces on canonical linears (specs: FLUX §9, D-Fusion §9). A
 * and B stay in their file until the linear that they belong to is asked for.
 */
import { fail } from '@/base/errors'
import { macrotask } from '@/base/macrotask'
import { rowsOfPart, type LinearPart } from '@/families/adapters'
import type { ModelFamily } from '@/families/family'
import { flux } from '@/families/flux'
import type { Checkpoint } from '@/weights/formats/checkpoint'
import { readRows, readRowsInto, type TensorEntry } from '@/weights/formats/tensorEntry'
import { alphaRule, requirePlainLora, type AlphaRule } from '@/weights/lora/loraAlpha'
import { parseLoraKey } from '@/weights/lora/loraDialects'
import { isReadable } from '@/weights/formats/quantised'
import { isKnownEmbedding } from '@/weights/lora/loraEmbeddings'
import { mapLinears, mergeLora, type LinearWeights, type WeightSource } from '@/weights/formats/source'

/** W[firstRow + i] += weight * alpha/rank * (B A)[i] for i < rows. */
export interface LoraPiece {
  /** Canonical name, e.g. `double_blocks.0.img_attn.qkv`. */
  linear: string
  firstRow: number
  rows: number
  rank: number
  down: TensorEntry // A [rank, cols]
  up: TensorEntry // B [rows, rank]
  alpha: number
  part: LinearPart
  /** As the file names it. */
  module: string
}

export interface Adapter {
  /** null for a file of embeddings alone. */
  dialect: string | null
  /** By canonical linear. */
  pieces: ReadonlyMap<string, readonly LoraPiece[]>
  /** Tensors that travel with it, e.g. `image_tag_embeddings.weight`; see `loraEmbeddings`. */
  extra: ReadonlyMap<string, TensorEntry>
  /** What of the file is not used, and why; sentences for the user. */
  notes: readonly string[]
}

/** An adapter and its strength; 0 is the same as leaving it out. */
export interface WeightedAdapter {
  adapter: Adapter
  weight: number
}

/** Published ranks end at 512. */
const MAX_RANK = 2048

const AGAIN = 'Get the adapter file again from where it came.'

/** What is asked of the family that an adapter is for. */
export interface Adapted {
  name: string
  adapters: Pick<ModelFamily['adapters'], 'target' | 'tables'>
}

const otherModel = ({ name }: Adapted): string => `Choose an adapter that was made for ${name}.`

interface Halves {
  down?: TensorEntry
  up?: TensorEntry
  alpha?: TensorEntry
}

/**
 * Recognises the dialect and checks that every module is whole; reads no more than the alphas.
 * @param alpha what is known of alpha besides the file (a pack's config); a tensor in the file goes first
 * @param family what it adapts
 * @throws bad-weights: not an adapter for that model, a half missing, wrong dimensions or rank; unsupported: DoRA, LyCORIS,
 * changed biases, convolutions or whole layers
 */
export async function openAdapter(
  checkpoint: Checkpoint,
  alpha: number | null,
  family: Adapted = flux,
): Promise<Adapter> {
  requirePlainLora(checkpoint)
  const modules = new Map<string, Halves>()
  const extra = new Map<string, TensorEntry>()
  const unused = new Map<string, number>()
  for (const [key, entry] of checkpoint.entries) {
    const parsed = parseLoraKey(key, family.adapters)
    switch (parsed.kind) {
      case 'half': {
        const halves = modules.get(parsed.module) ?? {}
        if (halves[parsed.half])
          fail('bad-weights', `The adapter has "${parsed.module}" twice.`, AGAIN, `again: ${key}`)
        modules.set(parsed.module, { ...halves, [parsed.half]: entry })
        break
      }
      case 'refused':
        fail('unsupported', `This adapter cannot be used: ${parsed.why}.`, 'Choose a plain LoRA.', key)
        break
      case 'ignored':
        unused.set(parsed.why, (unused.get(parsed.why) ?? 0) + 1)
        break
      case 'extra':
        extra.set(parsed.name, entry)
        break
    }
  }
  const notes = [...unused].map(([why, count]) => `${count} tensors are left out: ${why}.`)
  const strangers = [...extra.keys()].filter((name) => !isKnownEmbedding(family.adapters, name))
  if (modules.size === 0 && strangers.length === extra.size)
    fail(
      'bad-weights',
      `This is not an adapter for ${family.name}.`,
      otherModel(family),
      firstOf(checkpoint.entries.keys()),
    )
  if (strangers.length > 0)
    notes.push(`${strangers.length} tensors are no part of a LoRA and are not used: ${firstOf(strangers)}.`)

  const rule = alphaRule(checkpoint, alpha)
  const pieces = new Map<string, LoraPiece[]>()
  let dialect: string | null = null
  for (const [module, halves] of modules) {
    const opened = await openPiece(module, halves, rule, family)
    const { piece } = opened
    dialect ??= opened.dialect
    const others = pieces.get(piece.linear) ?? []
    const twin = others.find((other) => other.part === piece.part)
    if (twin)
      fail(
        'bad-weights',
        `The adapter changes "${piece.linear}" twice.`,
        AGAIN,
        `${twin.module} and ${module}`,
      )
    pieces.set(piece.linear, [...others, piece])
  }
  return { dialect, pieces, extra, notes }
}

const firstOf = (names: Iterable<string>): string => [...names].slice(0, 4).join(', ')

async function openPiece(
  module: string,
  { down, up, alpha }: Halves,
  rule: AlphaRule,
  family: Adapted,
): Promise<{ piece: LoraPiece; dialect: string }> {
  const target = family.adapters.target(module)
  if (target === 'convolution')
    fail(
      'unsupported',
      'This adapter cannot be used: it also adapts convolutions (LoCon).',
      `Choose a plain LoRA for ${family.name}, which adapts attention.`,
      module,
    )
  if (!target)
    fail('bad-weights', `The adapter's module "${module}" is no layer of ${family.name}.`, otherModel(family))
  if (!down || !up)
    fail(
      'bad-weights',
      `The adapter's module "${module}" is incomplete.`,
      AGAIN,
      `it lacks ${[down ? '' : 'A (down)', up ? '' : 'B (up)'].filter(Boolean).join(' and ')}`,
    )
  for (const half of [down, up])
    if (!isReadable(half))
      fail(
        'unsupported',
        `The adapter's module "${module}" is packed: it is stored as ${half.dtype}.`,
        'Choose an adapter with bf16, f16 or f32 numbers.',
      )
  const [rank] = down.shape
  if (down.shape.length !== 2 || up.shape.length !== 2 || up.shape[1] !== rank)
    fail(
      'bad-weights',
      `The halves of the adapter's module "${module}" do not belong together.`,
      AGAIN,
      `expected A [rank, in] and B [out, rank], found [${down.shape.join(', ')}] and [${up.shape.join(', ')}]`,
    )
  if (rank < 1 || rank > MAX_RANK)
    fail('bad-weights', `The adapter's module "${module}" has rank ${rank}.`, AGAIN, `at most ${MAX_RANK}`)
  const [rows] = up.shape
  const { first } = rowsOfPart(target.part, rows, down.shape[1])
  const scale = alpha ? await readScalar(module, alpha) : rule(module, rank)
  const { linear, part, dialect } = target
  return { piece: { linear, firstRow: first, rows, rank, down, up, alpha: scale, part, module }, dialect }
}

async function readScalar(module: string, entry: TensorEntry): Promise<number> {
  const count = entry.shape.reduce((product, size) => product * size, 1)
  const value = count === 1 ? (await readRows(entry, 0, 1))[0] : NaN
  if (!Number.isFinite(value))
    fail(
      'bad-weights',
      `The alpha of the adapter's module "${module}" is not a number.`,
      AGAIN,
      `shape [${entry.shape.join(', ')}], value ${value}`,
    )
  return value
}

/**
 * Holds an adapter against the model before anything is loaded.
 * @param shapes every linear of the model: canonical name, rows, columns
 * @throws bad-weights or unsupported naming the first module that does not fit
 */
export function checkAdapter(
  adapter: Adapter,
  shapes: Iterable<readonly [name: string, rows: number, cols: number]>,
): void {
  const linears = new Map([...shapes].map(([name, rows, cols]) => [name, { rows, cols }]))
  for (const [name, pieces] of adapter.pieces)
    for (const piece of pieces) {
      const linear = linears.get(name)
      if (!linear)
        fail(
          'bad-weights',
          `The model has no layer for the adapter's module "${piece.module}".`,
          'Choose an adapter that was made for this model; pruned models have fewer blocks.',
          `no ${name}`,
        )
      checkPiece(piece, linear)
    }
}

function checkPiece(piece: LoraPiece, { rows, cols }: { rows: number; cols: number }): void {
  const { count } = rowsOfPart(piece.part, rows, cols)
  const found = piece.down.shape[1]
  if (found === cols && piece.rows === count) return
  const { rank, module } = piece
  const detail =
    `${module}: expected A [${rank}, ${cols}] and B [${count}, ${rank}], ` +
    `found A [${rank}, ${found}] and B [${piece.rows}, ${rank}]`
  if (piece.linear === 'img_in' && found !== cols)
    fail(
      'unsupported',
      `This adapter needs image tokens of ${found} channels where the model has ${cols}.`,
      'It was made for a control model (depth, edges, fill), which is not supported.',
      detail,
    )
  fail(
    'bad-weights',
    `The adapter does not fit the model at "${module}".`,
    'Check that it was made for this model.',
    detail,
  )
}

/**
 * The source with adapters as a side branch, y += B (A x): the base keeps its format, so this is the way for quantised
 * weights. The ranks of all adapters (q, k and v apart, where the file has them apart) stand side by side and
 * weight * alpha/rank is folded into B. Weights may be negative.
 * @throws from `linear`: bad-weights or unsupported when a piece does not fit
 */
export function withAdapters(source: WeightSource, adapters: readonly WeightedAdapter[]): WeightSource {
  const active = adapters.filter(({ weight }) => weight !== 0)
  for (const { weight } of active)
    if (!Number.isFinite(weight))
      fail('bad-recipe', 'The strength of an adapter is not a number.', 'Set it again.', String(weight))
  if (active.length === 0) return source
  return mapLinears(source, async (name, linear) => ({ ...linear, lora: await branch(name, linear, active) }))
}

/**
 * The source with adapters merged, W += weight * alpha/rank * B A, in f32. f32 weights stay f32 and f16 weights are rounded
 * to f16 again. Quantised weights are refused: rounding them again would lose most of a LoRA's small changes, and
 * keeping them as f32 takes eight times their memory. Merge before quantising (the importer's source is f32), or use
 * `withAdapters`.
 * @throws from `linear`: unsupported for quantised weights that an adapter changes; as `withAdapters`
 */
export function mergedSource(source: WeightSource, adapters: readonly WeightedAdapter[]): WeightSource {
  return mapLinears(withAdapters(source, adapters), async (_, linear) => {
    if (linear.lora) await macrotask()
    return mergeLora(linear)
  })
}

/** All adapters' parts of one linear as one A/B pair, after a branch that it may already have. */
async function branch(
  name: string,
  linear: LinearWeights,
  adapters: readonly WeightedAdapter[],
): Promise<LinearWeights['lora']> {
  const { rows, cols, lora } = linear
  const pieces = adapters.flatMap(({ adapter, weight }) =>
    (adapter.pieces.get(name) ?? []).map((piece) => ({ piece, weight })),
  )
  if (pieces.length === 0) return lora
  for (const { piece } of pieces) checkPiece(piece, linear)
  const rank = pieces.reduce((sum, { piece }) => sum + piece.rank, lora?.rank ?? 0)
  const a = new Float32Array(rank * cols) // [rank, cols]
  const b = new Float32Array(rows * rank) // [rows, rank]
  /** Copies B [count, own] to the columns from `at` on. */
  const place = (values: Float32Array, own: number, at: number, firstRow: number, scale: number) => {
    for (let i = 0; i < values.length; i++)
      b[(firstRow + Math.floor(i / own)) * rank + at + (i % own)] = scale * values[i]
  }
  let at = 0
  if (lora) {
    a.set(lora.a)
    place(lora.b, lora.rank, 0, 0, 1)
    at = lora.rank
  }
  for (const { piece, weight } of pieces) {
    const up = await readRows(piece.up, 0, piece.rows) // [piece.rows, piece.rank]
    await readRowsInto(piece.down, 0, piece.rank, a.subarray(at * cols, (at + piece.rank) * cols))
    const scale = (weight * piece.alpha) / piece.rank
    const values = piece.part === 'swapped' ? withHalvesSwapped(up) : up
    place(values, piece.rank, at, piece.firstRow, scale)
    at += piece.rank
  }
  return { rank, a, b }
}

function withHalvesSwapped(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length)
  out.set(values.subarray(values.length / 2))
  out.set(values.subarray(0, values.length / 2), values.length / 2)
  return out
}
