import { describe, expect, it } from 'vitest'

import {
  insertPlaceholder,
  offeredReferences,
  openPlaceholder,
  splitPlaceholders,
} from '@/ui/compose/placeholders'

describe('placeholders', () => {
  it('are marked, and nothing is lost', () => {
    const prompt = 'a [ref#1] on [ref#3], [ref#0] [other]'
    const parts = splitPlaceholders(prompt, 2)
    expect(parts.map(({ text }) => text).join('')).toBe(prompt)
    expect(
      parts.filter(({ reference }) => reference !== null).map(({ reference, known }) => [reference, known]),
    ).toEqual([
      [0, true],
      [2, false],
      [-1, false],
    ])
  })

  it('are offered while they are typed, not elsewhere', () => {
    for (const typed of ['[', '[r', '[re', '[ref', '[ref#', '[ref#2', '[2'])
      expect(openPlaceholder(`a ${typed}`, 2 + typed.length)).toEqual({ from: 2, typed })
    expect(openPlaceholder('a [ref#1] cat', 13)).toBeNull()
    expect(openPlaceholder('a [cat', 6)).toBeNull()
    expect(openPlaceholder('', 0)).toBeNull()
    expect(offeredReferences('[ref#', 3)).toEqual([0, 1, 2])
    expect(offeredReferences('[ref#2', 3)).toEqual([1])
  })

  it('take the place of what was typed', () => {
    expect(insertPlaceholder('a [re', 5, 0)).toEqual({ prompt: 'a [ref#1] ', caret: 10 })
    expect(insertPlaceholder('a [ref#1] b', 7, 1)).toEqual({ prompt: 'a [ref#2] b', caret: 9 })
    expect(insertPlaceholder('a cat', 5, 1)).toEqual({ prompt: 'a cat [ref#2] ', caret: 14 })
    expect(insertPlaceholder('', 0, 8)).toEqual({ prompt: '[ref#9] ', caret: 8 })
  })
})
