/**
 * T5's unigram tokenizer (specs: encoders §3) from the user's tokenizer.json, with tokens that an adapter adds: DreamO's
 * `[ref#1]` … `[res]` are found verbatim in the text, what stands between them is tokenised piece by piece (DreamO §5).
 */
import { Tokenizer } from '@huggingface/tokenizers'

import { fail } from '@/base/errors'
import { broken, isObject, t5Parts, type AddedTokenJson } from '@/text/tokenizerJson'

const END = '</s>'
const PAD = '<pad>'

export class T5Tokenizer {
  /** Ids of the tokens that were added, in their order. */
  readonly addedIds: readonly number[]
  private readonly tokenizer: Tokenizer
  private readonly end: number
  private readonly pad: number

  private constructor(tokenizer: Tokenizer, addedIds: readonly number[], end: number, pad: number) {
    this.tokenizer = tokenizer
    this.addedIds = addedIds
    this.end = end
    this.pad = pad
  }

  /**
   * @param added further tokens; one that the file does not know gets the next id after all of the file's, which for
   * T5's 32,100 tokens is 32100
   * @throws bad-weights when it is not T5's tokenizer.json, naming what it is or lacks; unsupported for rules that
   * T5's does not have
   */
  static fromJson(json: unknown, added: readonly string[] = []): T5Tokenizer {
    const parts = t5Parts(json)
    const { vocab } = parts.model
    const idOf = (token: string): number => {
      const id =
        parts.added.find(({ content }) => content === token)?.id ??
        vocab.findIndex(([piece]) => piece === token)
      return id >= 0 ? id : broken('t5', `it lacks ${token}`)
    }
    const [end, pad] = [idOf(END), idOf(PAD)]

    const known = new Map(parts.added.map(({ content, id }) => [content, id]))
    let next = parts.added.reduce((most, { id }) => Math.max(most, id + 1), vocab.length)
    const fresh: AddedTokenJson[] = []
    for (const content of added)
      if (!known.has(content)) {
        fresh.push({ id: next, content, special: false })
        known.set(content, next++)
      }
    const tokenizer = new Tokenizer(
      {
        model: parts.model,
        added_tokens: [...parts.added, ...fresh].map((token) => ({ ...token, normalized: false })),
        normalizer: normalizer(parts.normalizer),
        pre_tokenizer: preTokenizer(parts.preTokenizer),
        post_processor: null,
        decoder: null,
      },
      { eos_token: END },
    )
    return new T5Tokenizer(
      tokenizer,
      added.map((token) => known.get(token) ?? pad),
      end,
      pad,
    )
  }

  /** Ids of a text without its end and padding, as many as it takes. */
  ids(text: string): number[] {
    return this.tokenizer.encode(text).ids
  }

  /** Text, end, padding: exactly `length` ids; of a long text the first `length` − 1. */
  encode(text: string, length: number): Int32Array {
    const ids = new Int32Array(length).fill(this.pad)
    ids.set([...this.ids(text).slice(0, length - 1), this.end])
    return ids
  }
}

/** Runs of spaces, as the converters of sentencepiece models write them. */
const SPACES = new Set([' {2,}', ' +', '\\s+'])

/** T5's cleaning: any of the steps that its published files have, and none else. @throws unsupported */
function normalizer(json: unknown): unknown {
  if (json === null) return null
  if (!isObject(json)) return unsupported('normalizer', json)
  switch (json.type) {
    case 'Sequence':
      if (!Array.isArray(json.normalizers) || json.normalizers.length > 16)
        return unsupported('normalizer', json)
      return { type: 'Sequence', normalizers: json.normalizers.map(nested(normalizer)) }
    case 'Replace': {
      const pattern = isObject(json.pattern) ? json.pattern : {}
      const safe = typeof pattern.String === 'string' || SPACES.has(String(pattern.Regex))
      if (!safe || typeof json.content !== 'string') return unsupported('normalizer', json)
      return json
    }
    case 'Precompiled':
    case 'Strip':
    case 'NFC':
    case 'NFKC':
    case 'Lowercase':
      return json
    default:
      return unsupported('normalizer', json)
  }
}

/** How T5's files split a text into words. @throws unsupported */
function preTokenizer(json: unknown): unknown {
  if (!isObject(json)) return unsupported('pre-tokenizer', json)
  switch (json.type) {
    case 'Sequence':
      if (!Array.isArray(json.pretokenizers) || json.pretokenizers.length > 16)
        return unsupported('pre-tokenizer', json)
      return { type: 'Sequence', pretokenizers: json.pretokenizers.map(nested(preTokenizer)) }
    case 'Metaspace':
      if (typeof (json.replacement ?? '') !== 'string' || typeof (json.str_rep ?? '') !== 'string')
        return unsupported('pre-tokenizer', json)
      return json
    case 'WhitespaceSplit':
      return json
    default:
      return unsupported('pre-tokenizer', json)
  }
}

/** A step within a sequence is not a sequence again: files nested without end stop here. */
const nested =
  (check: (json: unknown) => unknown) =>
  (json: unknown): unknown =>
    isObject(json) && json.type === 'Sequence' ? unsupported('rule', json) : check(json)

function unsupported(what: string, json: unknown): never {
  // Its type alone: what is nested in it may be endless.
  const type = isObject(json) && typeof json.type === 'string' ? json.type.slice(0, 40) : 'none'
  return fail(
    'unsupported',
    `The T5 tokenizer has a ${what} that we do not know.`,
    'Choose the tokenizer.json of the T5 v1.1 encoder (FLUX.1: folder tokenizer_2).',
    type,
  )
}
