/** The built-in model's tokenizer: one id per word (training/world/captioned.py, `encode`). */
import { promptWords } from '@/base/promptWords'
import type { PromptReading } from '@/text/reading'

/** Ids of the vocabulary's ends; the last two of the list are begin and end of text. */
const PAD = 0
const UNKNOWN = 1

export interface PainterText {
  ids: Int32Array
  /** Per word of `promptWords` its columns among the ids; none for words that were cut off. */
  columns: number[][]
}

/**
 * @param vocabulary `<pad>`, `<unk>`, words, `<bos>`, `<eos>`: as in CLIP the end of text has the highest id
 * @param length begin, words, end, padding: exactly so many ids; of a long text the first `length` - 2 words
 */
export function painterText(prompt: string, vocabulary: readonly string[], length: number): PainterText {
  const begin = vocabulary.length - 2
  const known = new Map(vocabulary.slice(UNKNOWN + 1, begin).map((word, i) => [word, i + UNKNOWN + 1]))
  const ids = [begin]
  const columns: number[][] = []
  for (const { text } of promptWords(prompt)) {
    const own: number[] = []
    // A word with an apostrophe is two to the model.
    for (const part of text.normalize('NFC').toLowerCase().split(/['’]/)) {
      if (ids.length === length - 1) break
      own.push(ids.length)
      ids.push(known.get(part) ?? UNKNOWN)
    }
    columns.push(own)
  }
  ids.push(begin + 1)
  while (ids.length < length) ids.push(PAD)
  return { ids: Int32Array.from(ids), columns }
}

/** What is read of a prompt: one id per word, between begin and end. @param length as of `painterText` */
export function readingByPainter(
  prompt: string,
  vocabulary: readonly string[],
  length: number,
): PromptReading {
  const { columns } = painterText(prompt, vocabulary, length)
  return {
    of: 'prompt',
    unread: columns.filter((own) => own.length === 0).length,
    taken: { count: columns.length, most: length - 2, unit: 'words' },
  }
}

/** A thing's name as the scorer was taught it: a unicorn, a ufo (training/emoji/captions.py). */
export const nounPhrase = (name: string): string =>
  `${/^(?!uni|ufo)[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`
