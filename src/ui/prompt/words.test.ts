import { describe, expect, it } from 'vitest'

import {
  cutParts,
  endOfRead,
  hasWord,
  markWords,
  suggestWords,
  vocabularyOf,
  withoutWord,
  withWord,
  wordAt,
} from '@/ui/prompt/words'

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
  it('marks what the models look up, not what people take for a word', () => {
    const marked = (prompt: string, others: 'unknown' | 'passed') =>
      markWords(prompt, new Set(['sun', 'red', 'cube']), others)
        .filter(({ known }) => known !== null)
        .map(({ text, known }) => `${text}${known ? '+' : '-'}`)
    expect(marked('red-cube, sun2', 'unknown')).toEqual(['red+', 'cube+', 'sun2-'])
    expect(marked('Sun2 at 5', 'passed')).toEqual(['Sun+', 'at-'])
  })
  it('finds where the words begin that are not read', () => {
    const prompt = 'one two, three!'
    const ends = [0, 1, 2, 3, 9].map((unread) => prompt.slice(0, endOfRead(prompt, unread)))
    expect(ends).toEqual([prompt, 'one two, ', 'one ', '', ''])
  })
  it('cuts marked parts there and loses nothing', () => {
    const parts = markWords('a red cube', new Set(words))
    const cut = (end: number) => {
      const { read, beyond } = cutParts(parts, end)
      return [read.map(({ text }) => text).join(''), beyond]
    }
    expect(cut(10)).toEqual(['a red cube', ''])
    expect(cut(4)).toEqual(['a re', 'd cube'])
    expect(cut(0)).toEqual(['', 'a red cube'])
  })
  it('puts a word in at the caret and takes it out again', () => {
    expect(withWord('', 0, 'red')).toEqual({ prompt: 'red', caret: 3 })
    expect(withWord('a cube', 1, 'red')).toEqual({ prompt: 'a red cube', caret: 5 })
    expect(withWord('a cu', 3, 'red')).toEqual({ prompt: 'a cu red', caret: 8 })
    expect(withWord('a , b', 2, 'red')).toEqual({ prompt: 'a red, b', caret: 5 })
    expect(hasWord('A Red cube', 'red')).toBe(true)
    expect(hasWord('reddish', 'red')).toBe(false)
    expect(withoutWord('red cube, Red ball', 'red')).toBe('cube, ball')
    expect(withoutWord('a red cube', 'cube')).toBe('a red')
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
