import { describe, expect, it } from 'vitest'

import { findPlaceholders, placeholder, renumberPlaceholders } from '@/base/placeholders'

describe('placeholders', () => {
  it('are found verbatim, whatever they name', () => {
    const prompt = '🐱 [ref#2] and [ref#0], [Ref#1], [ref#10], [ref#1][res]'
    const found = findPlaceholders(prompt)
    expect(found.map(({ reference }) => reference)).toEqual([1, -1, 9, 0])
    for (const { begin, end, text, reference } of found) {
      expect(prompt.slice(begin, end)).toBe(text)
      expect(placeholder(reference)).toBe(text)
    }
  })

  it('are given other numbers, or taken out with a space', () => {
    const swap = (n: number) => (n === 0 ? 9 : n === 9 ? 0 : n)
    expect(renumberPlaceholders('[ref#1] by [ref#10], [ref#2]!', swap)).toBe('[ref#10] by [ref#1], [ref#2]!')
    expect(renumberPlaceholders('a [ref#1] b [ref#2]', () => null)).toBe('a b ')
    expect(renumberPlaceholders('none', () => null)).toBe('none')
  })
})
