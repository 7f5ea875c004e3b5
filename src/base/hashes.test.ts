import { expect, it } from 'vitest'

import { hashesIn } from '@/base/hashes'

it('finds hashes wherever they stand, and nothing that is longer, shorter or of other letters', () => {
  const [a, b] = ['ab'.repeat(32), '0'.repeat(64)]
  expect(
    hashesIn(JSON.stringify({ one: { hash: a }, list: [b, `${b}0`, a.slice(1), a.toUpperCase()] })),
  ).toEqual([a, b])
  expect(hashesIn('')).toEqual([])
})
