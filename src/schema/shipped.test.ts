import { readdirSync } from 'node:fs'

import { expect, it } from 'vitest'

import { BUILT_IN, ships } from '@/schema/pack'

it('a built-in model is said to ship where its weights lie among the public files', () => {
  expect(BUILT_IN.filter(ships).toSorted()).toEqual(readdirSync('public/models').toSorted())
})
