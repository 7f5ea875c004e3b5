/** Small tokenizer.json files in the form of the released ones. */

const BYTES = [
  ...'!"#$%&\'()*+,-./0123456789:;<=>?@[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÃâãĠĻĨĢ',
]
const MERGES = ['a t</w>', 'c at</w>', "' s</w>", 'd o', 'do g</w>', 'r e', 're f</w>', 'Ï ĥ</w>']

/** A byte-level BPE with a handful of merges; ids: symbols, symbols that end a word, merges, start, end. */
export function clipJson() {
  const symbols = [...new Set([...BYTES, 'Ï', 'ĥ', 'ī', 'Ĥ', 'ĺ', 'ł'])]
  const pieces = [
    ...symbols,
    ...symbols.map((symbol) => `${symbol}</w>`),
    ...MERGES.map((merge) => merge.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ]
  const vocab: Record<string, number> = Object.fromEntries(pieces.map((piece, id) => [piece, id]))
  const special = (content: string) => ({ id: vocab[content], content, special: true, normalized: true })
  return {
    version: '1.0',
    added_tokens: [special('<|startoftext|>'), special('<|endoftext|>')],
    padding: null as { pad_id: number } | null,
    model: { type: 'BPE', end_of_word_suffix: '</w>', vocab, merges: [...MERGES] as (string | string[])[] },
  }
}

const PIECES: [string, number][] = [
  ['<pad>', 0],
  ['</s>', 0],
  ['<unk>', 0],
  ['▁', -2],
  ['▁a', -3],
  ['▁cat', -4],
  ['▁c', -5],
  ['at', -5],
  ['a', -6],
  ['t', -6],
  ['s', -6],
  ['▁on', -4],
  ['[', -8],
  [']', -8],
  ['▁[', -8],
  ['ref', -8],
  ['#', -8],
  ['1', -8],
  ['res', -8],
]

/** A unigram tokenizer with two added tokens after its pieces: ids 0 … 18, then 19 and 20. */
export function t5Json() {
  const added = (id: number, content: string) => ({ id, content, special: true, normalized: false })
  return {
    version: '1.0',
    added_tokens: [
      added(0, '<pad>'),
      added(1, '</s>'),
      added(2, '<unk>'),
      added(PIECES.length, '<extra_id_1>'),
      added(PIECES.length + 1, '<extra_id_0>'),
    ],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Precompiled', precompiled_charsmap: '' },
        { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      ],
    } as unknown,
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' } as unknown,
    model: { type: 'Unigram', unk_id: 2, vocab: PIECES },
  }
}

/** Every byte's printable stand-in. */
function byteSymbols(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)
  return [
    ...bytes.filter(printable).map((byte) => String.fromCharCode(byte)),
    ...bytes.filter((byte) => !printable(byte)).map((_, i) => String.fromCharCode(256 + i)),
  ]
}

/** Qwen's kind of byte-level BPE without merges: ids 0 … 255, then the template's tokens. */
export function qwenJson() {
  const symbols = byteSymbols()
  const added = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<think>', '</think>']
  return {
    version: '1.0',
    added_tokens: added.map((content, i) => ({ id: symbols.length + i, content, special: true })),
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(symbols.map((symbol, id) => [symbol, id])),
      merges: [] as string[],
    },
  }
}

/** Tokens of `qwenJson`. */
export const QWEN_TOKENS = 261
