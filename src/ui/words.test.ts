import { describe, expect, it } from 'vitest'

import { markWords, suggestWords, vocabularyOf, wordAt } from '@/ui/words'

const words = vocabularyOf(['<pad>', '<unk>', 'a', 'red', 'cube', 'cubes', 'wooden', 'floor'])

describe('words', () => {
  it('leaves the model’s own entries out', () => {
    expect(words).not.toContain('<pad>')
  })
  it('marks what is unknown and loses nothing', () => {
    const prompt = 'A red  cube, on woden floor!'
    const parts = markWords(prompt, new Set(words))
    expect(parts.map((part) => part.text).join('')).toBe(prompt)
    expect(parts.filter((part) => part.known === false).map((part) => part.text)).toEqual(['on', 'woden'])
  })
  it('finds the word at the caret', () => {
    expect(wordAt('a red cube', 5)).toEqual({ from: 2, to: 5, text: 'red' })
    expect(wordAt('a  b', 2).text).toBe('')
  })
  it('offers words that begin so or are spelled nearly so', () => {
    expect(suggestWords('cub', words)).toEqual(['cube', 'cubes'])
    expect(suggestWords('woden', words)).toEqual(['wooden'])
    expect(suggestWords('', words)).toEqual([])
  })
})
