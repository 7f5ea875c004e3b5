import type { Tokenizer } from '@/families/family'

/** Byte pairs whose words have no mark at their end: Qwen's, GPT-2's and their like; the added tokens tell them apart. */
export const qwenTokenizer: Tokenizer = {
  words: 'Qwen tokenizer',
  description: 'Tokenizer of Qwen (byte-level byte-pair)',
  isIn: ({ type, end_of_word_suffix: suffix }) => type === 'BPE' && !suffix,
}
