import { describe, expect, it } from 'vitest'

import { fileStem, keptName, shorten } from '@/base/names'
import { promptWords } from '@/base/promptWords'

const words = (prompt: string): string[] => promptWords(prompt).map(({ text }) => text)

describe('promptWords', () => {
  it('are what they always were in plain text', () => {
    expect(words("A dog's twenty-one 3.5 m_n e.g. don’t 'quoted' x2")).toEqual([
      'A',
      "dog's",
      'twenty',
      'one',
      '3',
      '5',
      'm',
      'n',
      'e',
      'g',
      'don’t',
      'quoted',
      'x2',
    ])
    expect(promptWords('a  red ball')[2]).toEqual({ text: 'ball', start: 7, end: 11 })
  })

  it('keep their marks and joiners', () => {
    expect(words('एक हिन्दी बिल्ली')).toEqual(['एक', 'हिन्दी', 'बिल्ली'])
    expect(words('tamil: பூனை ஒன்று')).toEqual(['tamil', 'பூனை', 'ஒன்று'])
    expect(words('cafe\u0301 Z\u0308urich')).toEqual(['cafe\u0301', 'Z\u0308urich'])
    expect(words('می\u200cخواهم کتاب')).toEqual(['می\u200cخواهم', 'کتاب'])
    expect(words('שָׁלוֹם עולם')).toEqual(['שָׁלוֹם', 'עולם'])
  })

  it('are found where no spaces part them, at their places', () => {
    const prompt = 'a 赤い猫 and แมวสีแดง'
    const found = promptWords(prompt)
    expect(found.map(({ start, end }) => prompt.slice(start, end))).toEqual(found.map(({ text }) => text))
    expect(found.length).toBeGreaterThan(4)
    expect(found[0].text).toBe('a')
    expect(words('猫')).toEqual(['猫'])
  })

  it('take no longer than the text is long', () => {
    const begin = performance.now()
    for (const piece of ["a'", 'a', '猫', 'क्', '\u0301', 'a\u200d']) promptWords(piece.repeat(20_000))
    expect(performance.now() - begin).toBeLessThan(20_000)
  })
})

describe('names', () => {
  it('end between characters as people see them', () => {
    expect(shorten('abc', 3)).toBe('abc')
    expect(shorten('ab👩‍👩‍👧c', 4)).toBe('ab')
    expect(shorten('aहिन्दी', 4)).toBe('aहि')
    expect(shorten('e\u0301'.repeat(5), 5)).toBe('e\u0301'.repeat(2))
    expect(shorten('\u0301'.repeat(1000), 10).length).toBeLessThanOrEqual(10)
  })

  it('are composed and bounded', () => {
    expect(keptName(' Cafe\u0301.png ')).toBe('Café.png')
    expect(keptName('👩‍👩‍👧'.repeat(100)).length).toBeLessThanOrEqual(300)
    expect(keptName('👩‍👩‍👧'.repeat(100))).toMatch(/^(👩‍👩‍👧)+$/u)
  })

  it('become stems of files', () => {
    expect(fileStem('my room (2).jpeg')).toBe('my-room-2')
    expect(fileStem('हिन्दी बिल्ली.png')).toBe('हिन्दी-बिल्ली')
    expect(fileStem('Cafe\u0301.png')).toBe('Café')
    expect(fileStem('../..\\a:b*c?.png')).toBe('a-b-c')
    expect(fileStem('???.png')).toBe('')
    const long = fileStem(`${'बिल्ली'.repeat(100)}.png`)
    expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(180)
    expect('बिल्ली'.repeat(100).startsWith(long)).toBe(true)
  })
})
