/**
 * The user's tokenizer.json, hostile until proven otherwise. What we take from it is checked here by hand: a vocabulary
 * of a hundred thousand rows is too much for schema objects.
 */
import { fail } from '@/base/errors'
import { TOKENIZERS, tokenizerOf, type TokenizerKind } from '@/families/registry'

/** The largest of the tokenizers that our models use has 2.5 MB. */
const MAX_BYTES = 32_000_000
const MAX_ENTRIES = 500_000
const MAX_TOKEN_LENGTH = 1000
const MAX_ADDED = 10_000

const FILES: Record<TokenizerKind, { name: string; where: string }> = {
  clip: {
    name: 'CLIP',
    where: 'Choose the tokenizer.json of CLIP ViT-L/14.',
  },
  t5: {
    name: 'T5',
    where: 'Choose the tokenizer.json of the T5 v1.1 encoder (FLUX.1: folder tokenizer_2).',
  },
  qwen: {
    name: 'Qwen',
    where: 'Choose the tokenizer.json of FLUX.2 [klein] (folder tokenizer).',
  },
}

export interface AddedTokenJson {
  id: number
  content: string
  special: boolean
}

/** A byte-pair model: piece -> id, and the merges by rank. */
export interface BpeModel {
  type: 'BPE'
  vocab: Record<string, number>
  merges: [string, string][]
}

/** A unigram model: pieces with their log probabilities; ids are positions. */
export interface UnigramModel {
  type: 'Unigram'
  vocab: [string, number][]
  unk_id: number
}

export interface TokenizerParts<M> {
  model: M
  added: AddedTokenJson[]
  normalizer: unknown
  preTokenizer: unknown
  /** Id that the file pads with, or null where it does not say. */
  padId: number | null
}

/**
 * Parses the bytes of a tokenizer.json; what it holds is checked by the tokenizers' `fromJson`.
 * @throws bad-weights when it is too large or not JSON
 */
export async function readTokenizerJson(file: Blob, name: string): Promise<unknown> {
  const hint = 'Choose a tokenizer.json as the authors publish it.'
  if (file.size > MAX_BYTES)
    fail('bad-weights', `"${name}" is too large for a tokenizer.`, hint, `${file.size} bytes`)
  try {
    return JSON.parse(await file.text()) as unknown
  } catch (error) {
    return fail('bad-weights', `"${name}" is not a JSON file.`, hint, String(error))
  }
}

/** The parts of a byte-pair tokenizer.json. @throws bad-weights naming the fault */
export function bpeParts(json: unknown, kind: 'clip' | 'qwen'): TokenizerParts<BpeModel> {
  const { root, model } = opened(json, kind)
  const { vocab, merges } = model
  if (!isObject(vocab)) return broken(kind, 'its model has no vocabulary')
  const entries = Object.entries(vocab)
  if (entries.length === 0 || entries.length > MAX_ENTRIES)
    broken(kind, `its vocabulary has ${entries.length} entries`)
  const ids = new Set<unknown>()
  for (const [piece, id] of entries) {
    if (piece.length > MAX_TOKEN_LENGTH || !isId(id))
      broken(kind, `the entry "${shown(piece)}" makes no sense`)
    if (ids.size === ids.add(id).size) broken(kind, `the id ${String(id)} is taken twice`)
  }
  if (!Array.isArray(merges) || merges.length > MAX_ENTRIES) return broken(kind, 'its model has no merges')
  const pairs = merges.map((merge: unknown, rank): [string, string] => {
    const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge
    if (
      !Array.isArray(pair) ||
      pair.length !== 2 ||
      !pair.every((part) => typeof part === 'string' && part !== '')
    )
      return broken(kind, `merge ${rank} is no pair`)
    return pair as [string, string]
  })
  return {
    ...outer(root, kind),
    model: { type: 'BPE', vocab: vocab as Record<string, number>, merges: pairs },
  }
}

/** The parts of T5's tokenizer.json. @throws bad-weights naming the fault */
export function t5Parts(json: unknown): TokenizerParts<UnigramModel> {
  const { root, model } = opened(json, 't5')
  const { vocab, unk_id: unknown } = model
  if (!Array.isArray(vocab) || vocab.length === 0 || vocab.length > MAX_ENTRIES)
    return broken('t5', 'its model has no vocabulary')
  vocab.forEach((entry: unknown, id) => {
    const [piece, score] = Array.isArray(entry) ? (entry as unknown[]) : []
    if (typeof piece !== 'string' || piece.length > MAX_TOKEN_LENGTH || !Number.isFinite(score))
      broken('t5', `entry ${id} makes no sense`)
  })
  if (!isId(unknown) || unknown >= vocab.length) return broken('t5', 'it names no unknown token')
  return {
    ...outer(root, 't5'),
    model: { type: 'Unigram', vocab: vocab as [string, number][], unk_id: unknown },
  }
}

/** The file cannot be used. */
export function broken(kind: TokenizerKind, why: string): never {
  const { name, where } = FILES[kind]
  return fail('bad-weights', `The ${name} tokenizer cannot be used: ${why}.`, where)
}

function opened(json: unknown, kind: TokenizerKind) {
  const { name, where } = FILES[kind]
  if (!isObject(json) || !isObject(json.model))
    return fail('bad-weights', 'This is not a tokenizer.json.', where, `needed for ${name}`)
  const found = tokenizerOf(json)
  if (found !== kind)
    fail(
      'bad-weights',
      found === null
        ? 'This tokenizer is none that is known here.'
        : `This is the ${TOKENIZERS[found].words}, not that of ${name}.`,
      where,
      `model type ${shown(json.model.type)}`,
    )
  return { root: json, model: json.model }
}

function outer(root: Record<string, unknown>, kind: TokenizerKind) {
  const listed: unknown = root.added_tokens ?? []
  if (!Array.isArray(listed) || listed.length > MAX_ADDED) return broken(kind, 'its added tokens are no list')
  const added = listed.map((token: unknown): AddedTokenJson => {
    if (!isObject(token)) return broken(kind, 'an added token makes no sense')
    const { id, content, special } = token
    if (!isId(id) || typeof content !== 'string' || content === '' || content.length > MAX_TOKEN_LENGTH)
      return broken(kind, `the added token ${shown(content)} makes no sense`)
    return { id, content, special: special === true }
  })
  const padding = isObject(root.padding) ? root.padding.pad_id : null
  return {
    added,
    normalizer: root.normalizer ?? null,
    preTokenizer: root.pre_tokenizer ?? null,
    padId: isId(padding) ? padding : null,
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isId = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 * MAX_ENTRIES

/** A value from the file, short enough for a message. */
const shown = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none')).slice(0, 40)
