/**
 * Qwen's byte-level BPE and the chat template around a prompt (specs: FLUX.2 §6). Vocabulary, merges and added tokens come
 * from the user's tokenizer.json; how text is split is the same for every Qwen, so that is ours, and no regular expression
 * of a file is ever run.
 */
import { Tokenizer } from '@huggingface/tokenizers'

import { bpeParts, broken } from '@/text/tokenizerJson'

const PAD = '<|endoftext|>'
const BEFORE = '<|im_start|>user\n'
const AFTER = '<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n'
/** What the template is made of: a file without them is another model's. */
const NEEDED = [PAD, '<|im_start|>', '<|im_end|>', '<think>', '</think>']

/** White space is Unicode's: JavaScript's own \\s lacks U+0085 and has U+FEFF. */
const SPACE = '\\p{White_Space}'
/** Contractions in any case (the long s is an s), words with what leads them, single digits, other symbols, space. */
const PIECES = [
  "'(?:[sS\u017f]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])",
  '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+',
  '\\p{N}',
  ` ?[^${SPACE}\\p{L}\\p{N}]+[\\r\\n]*`,
  `${SPACE}*[\\r\\n]+`,
  `${SPACE}+(?!\\P{White_Space})`,
  `${SPACE}+`,
].join('|')

export interface PaddedText {
  ids: Int32Array
  /** 1 for the text, 0 for padding. */
  mask: Uint8Array
}

export class QwenTokenizer {
  private readonly tokenizer: Tokenizer
  private readonly added: ReadonlyMap<string, number>
  private readonly splitter: RegExp
  private readonly padId: number

  private constructor(tokenizer: Tokenizer, added: ReadonlyMap<string, number>, padId: number) {
    this.tokenizer = tokenizer
    this.added = added
    const longestFirst = [...added.keys()].sort((a, b) => b.length - a.length)
    // Such tokens are found in what people type, too.
    this.splitter = new RegExp(`(${longestFirst.map(escaped).join('|')})`)
    this.padId = padId
  }

  /** @throws bad-weights when it is not Qwen's tokenizer.json, naming what it is or lacks */
  static fromJson(json: unknown): QwenTokenizer {
    const { model, added } = bpeParts(json, 'qwen')
    const ids = new Map(added.map(({ content, id }) => [content, id]))
    const lacking = NEEDED.find((token) => !ids.has(token))
    if (lacking !== undefined) broken('qwen', `it lacks ${lacking}`)
    const tokenizer = new Tokenizer(
      {
        model: { ...model, unk_token: null },
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [
            { type: 'Split', pattern: { Regex: PIECES }, behavior: 'Removed', invert: true },
            { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
          ],
        },
        post_processor: null,
        decoder: null,
      },
      {},
    )
    return new QwenTokenizer(tokenizer, ids, ids.get(PAD) ?? 0)
  }

  /** Ids of a text as it stands, added tokens in it included. */
  ids(text: string): number[] {
    return text.split(this.splitter).flatMap((part) => {
      const id = this.added.get(part)
      if (id !== undefined) return [id]
      return part === '' ? [] : this.tokenizer.encode(part.normalize('NFC')).ids
    })
  }

  /** Tokens up to a prompt's last word, with what stands before it in the chat template. */
  reach(prompt: string): number {
    return this.ids(BEFORE + prompt).length
  }

  /** A prompt in the chat template: exactly `length` ids, padded on the right; a long one loses its end, template too. */
  encode(prompt: string, length = 512): PaddedText {
    const found = this.ids(BEFORE + prompt + AFTER).slice(0, length)
    const ids = new Int32Array(length).fill(this.padId)
    ids.set(found)
    return { ids, mask: new Uint8Array(length).fill(1, 0, found.length) }
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
