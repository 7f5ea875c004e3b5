import { expect, it } from 'vitest'

import { groundOf } from '@/document/place/queries'
import { emptyDocument, type FusionDocument, type ResultLayer } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: digit, width: 4, height: 4 })
const madeOf = (digit: string) => ({ mode: 'place', background: asset(digit) }) as Recipe
const result = (digit: string, recipe: Recipe, visible = true): ResultLayer => ({
  ...{ kind: 'result', id: digit, name: digit, visible, asset: asset(digit), recipe },
})
const doc = (...layers: FusionDocument['layers']): FusionDocument => ({
  ...emptyDocument('d'),
  background: asset('a'),
  layers,
})

it('the picture below is that of the result which is shown, not the one that is open', () => {
  expect(groundOf(emptyDocument('d'))).toBeNull()
  expect(groundOf(doc())?.name).toBe('a')
  expect(groundOf(doc(result('b', madeOf('e'))))?.name).toBe('e')
  expect(groundOf(doc(result('b', madeOf('e'), false)))?.name).toBe('a')
  expect(groundOf(doc(), madeOf('e'))?.name).toBe('e')
  // Through results that were made of results.
  const [first, second] = [result('b', madeOf('a')), result('c', madeOf('b'))]
  expect(groundOf(doc(first, second))?.name).toBe('a')
  expect(groundOf(doc(first, second), madeOf('c'))?.name).toBe('a')
  // One that is its own ground, and one that was made of no picture.
  expect(groundOf(doc(result('b', madeOf('b'))))?.name).toBe('b')
  expect(groundOf(doc(result('b', { mode: 'mix' } as Recipe)))).toBeNull()
})
