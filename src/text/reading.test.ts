import { expect, it } from 'vitest'

import { ClipTokenizer } from '@/text/clipTokenizer'
import { T5Tokenizer } from '@/text/t5Tokenizer'
import { clipJson, t5Json } from '@/text/testTokenizers'
import { countedReading, unreadWords } from '@/text/reading'

/** A token for each letter and one for each space. */
const byLetter = (text: string) => text.length

it.each<[prompt: string, room: number, unread: number]>([
  ['', 3, 0],
  ['one two three', 13, 0],
  ['one two three', 12, 1],
  ['one two three', 7, 1],
  ['one two three', 6, 2],
  ['one two three', 0, 3],
  // What follows the last word that is read is no word.
  ['one, two!!!!!', 8, 0],
])('of “%s” with room for %d, %d words are not read', (prompt, room, unread) =>
  expect(unreadWords(prompt, byLetter, room)).toBe(unread),
)

it('asks the tokenizer a dozen times at most', () => {
  let asked = 0
  const prompt = 'word '.repeat(400)
  expect(unreadWords(prompt, (text) => (asked++, text.split(' ').length), 75)).toBe(325)
  expect(asked).toBeLessThan(12)
})

it('counts the whole text, whatever of it is read', () => {
  const taken = (count: number) => ({ count, most: 7, unit: 'tokens' })
  expect(countedReading('one two', byLetter, 7)).toEqual({ of: 'prompt', unread: 0, taken: taken(7) })
  expect(countedReading('one two three', byLetter, 7, 'instruction')).toEqual({
    of: 'instruction',
    unread: 1,
    taken: taken(13),
  })
})

it.each<
  [string, { ids(text: string): number[]; encode(text: string, length: number): Int32Array }, ends: number]
>([
  ['CLIP', ClipTokenizer.fromJson(clipJson()), 2],
  ['T5', T5Tokenizer.fromJson(t5Json()), 1],
])(
  'with %s, the words that are said to be unread change nothing, and the one before them does',
  (_, tokenizer, ends) => {
    const words = 'a cat and a dog the ref cat do cat a dog'.split(' ')
    for (let length = 6; length < 30; length++) {
      const unread = unreadWords(words.join(' '), (text) => tokenizer.ids(text).length, length - ends)
      const encode = (count: number) => [...tokenizer.encode(words.slice(0, count).join(' '), length)]
      const read = words.length - unread
      // A word that is cut in two is unread as well, though its beginning is seen.
      if (unread > 0)
        expect(encode(words.length).slice(0, length - ends)).toEqual(encode(read + 1).slice(0, length - ends))
      expect(encode(read)).not.toEqual(encode(read - 1))
      expect(tokenizer.ids(words.slice(0, read).join(' ')).length).toBeLessThanOrEqual(length - ends)
    }
  },
)
