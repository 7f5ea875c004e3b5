/**
 * CLIP's byte-level BPE (specs: encoders §2). Vocabulary and merges come from the user's tokenizer.json; how text is
 * cleaned and split is the same for every CLIP, so that is ours, and no regular expression of a file is ever run.
 */
import { Tokenizer } from '@huggingface/tokenizers'

import { openaiText } from '@/text/openaiText'
import { bpeParts, broken } from '@/text/tokenizerJson'

const START = '<|startoftext|>'
const END = '<|endoftext|>'
/** Splits a text so that the special tokens in it stand alone. */
const SPECIAL = /(<\|(?:start|end)oftext\|>)/

/** Contractions, runs of letters, single digits, runs of other symbols. */
const WORDS = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"

export interface ClipTokenizerOptions {
  /** Id that fills up the rest; SD 2.x has 0. Default: what the file says, else the end of text, as CLIP-L. */
  padId?: number
  /**
   * `transformers`: NFC, white space to one space, lower case, which is what the image models were run with.
   * `openai`: mended first as in the original CLIP code, see `openaiText`.
   */
  cleaning?: 'transformers' | 'openai'
}

/** NFC, white space to single spaces, lower case. */
const cleaned = (text: string): string => lowerCase(text.normalize('NFC').replace(/\p{White_Space}+/gu, ' '))

/** Letter by letter: a final Σ becomes σ, not ς as the string's own method has it. */
const lowerCase = (text: string): string => Array.from(text, (letter) => letter.toLowerCase()).join('')

export class ClipTokenizer {
  private readonly tokenizer: Tokenizer
  private readonly start: number
  private readonly end: number
  private readonly padId: number
  private readonly cleaning: 'transformers' | 'openai'

  private constructor(
    tokenizer: Tokenizer,
    start: number,
    end: number,
    { padId, cleaning }: Required<ClipTokenizerOptions>,
  ) {
    this.tokenizer = tokenizer
    this.start = start
    this.end = end
    this.padId = padId
    this.cleaning = cleaning
  }

  /** @throws bad-weights when it is not CLIP's tokenizer.json, naming what it is or lacks */
  static fromJson(json: unknown, options: ClipTokenizerOptions = {}): ClipTokenizer {
    const { model, added, padId } = bpeParts(json, 'clip')
    const idOf = (token: string): number =>
      added.find(({ content }) => content === token)?.id ??
      (Object.hasOwn(model.vocab, token) ? model.vocab[token] : broken('clip', `it lacks ${token}`))
    const [start, end] = [idOf(START), idOf(END)]
    const tokenizer = new Tokenizer(
      {
        model: { ...model, unk_token: END, end_of_word_suffix: '</w>' },
        // We look for them ourselves: in the text as it was typed, where the library also sees <|StartOfText|>.
        added_tokens: [],
        normalizer: null, // see `cleaned`
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [
            { type: 'Split', pattern: { Regex: WORDS }, behavior: 'Removed', invert: true },
            { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
          ],
        },
        post_processor: null,
        decoder: null,
      },
      {},
    )
    return new ClipTokenizer(tokenizer, start, end, {
      padId: options.padId ?? padId ?? end,
      cleaning: options.cleaning ?? 'transformers',
    })
  }

  /** Ids of a text without start, end and padding, as many as it takes. */
  ids(text: string): number[] {
    const mended = this.cleaning === 'openai' ? openaiText(text) : text
    return mended.split(SPECIAL).flatMap((part) => {
      if (part === START) return [this.start]
      if (part === END) return [this.end]
      return this.tokenizer.encode(cleaned(part)).ids
    })
  }

  /** Start, text, end, padding: exactly `length` ids; of a long text the first `length` − 2. */
  encode(text: string, length = 77): Int32Array {
    const ids = new Int32Array(length).fill(this.padId)
    const kept = this.ids(text).slice(0, length - 2)
    ids.set([this.start, ...kept, this.end])
    return ids
  }
}
