import type { Tokenizer } from '@/families/family'

/** Byte pairs whose words have no mark at their end, as GPT-2's and their like have: added tokens tell Qwen's from theirs. */
export const qwenTokenizer: Tokenizer = {
  words: 'Qwen tokenizer',
  description: 'Tokenizer of Qwen (byte-level byte-pair)',
  isIn: ({ type, end_of_word_suffix: suffix }, added) =>
    type === 'BPE' && !suffix && ['<|im_start|>', '<think>'].every((token) => added.includes(token)),
}
