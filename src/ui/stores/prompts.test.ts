import { expect, it } from 'vitest'

import { findPrompts, MOST_PROMPTS, withUsed } from '@/ui/stores/prompts'

it('has the latest first, each once', () => {
  const used = ['a ball', ' a cube ', 'a ball', '  ', 'a cone', 'a cone'].reduce<readonly string[]>(
    withUsed,
    [],
  )
  expect(used).toEqual(['a cone', 'a ball', 'a cube'])
})

it('lets go of the oldest', () => {
  const many = Array.from({ length: MOST_PROMPTS + 3 }, (_, index) => `prompt ${index}`)
  const used = many.reduce<readonly string[]>(withUsed, [])
  expect(used).toHaveLength(MOST_PROMPTS)
  expect(used[0]).toBe(many.at(-1))
  expect(used.at(-1)).toBe('prompt 3')
})

it('does not make a new list of the same', () => {
  const used = ['a ball']
  expect(withUsed(used, 'a ball ')).toBe(used)
  expect(withUsed(used, ' ')).toBe(used)
})

it('is searched by words in any order, without accents and capitals', () => {
  const used = ['Ein Würfel auf der Straße', 'a red ball', 'שמש ערב']
  expect(findPrompts(used, 'WURFEL ein')).toEqual([used[0]])
  expect(findPrompts(used, 'ערב')).toEqual([used[2]])
  expect(findPrompts(used, '')).toEqual(used)
  expect(findPrompts(used, 'ball blue')).toEqual([])
})
