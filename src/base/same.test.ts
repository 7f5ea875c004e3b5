import { expect, it } from 'vitest'

import { isSame } from '@/base/same'

it.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: [{ c: 'x' }] }, { b: [{ c: 'x' }], a: 1 }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [undefined, {}, false],
  [null, {}, false],
  [{ a: { b: 1 } }, { a: { b: 2 } }, false],
  [[1, 2], [1, 2, 3], false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [1, '1', false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect([isSame(a, b), isSame(b, a)]).toEqual([same, same])
})
