import { readdirSync, readFileSync } from 'node:fs'

import { expect, it } from 'vitest'

import { BUILT_IN, BUILT_IN_NAMES, readPackManifest, ships } from '@/schema/pack'

const SHIPPED = BUILT_IN.filter(ships)

it('a built-in model is said to ship where its weights lie among the public files', () => {
  expect(SHIPPED.toSorted()).toEqual(readdirSync('public/models').toSorted())
})

it.each(SHIPPED)('%s ships whole, under its name', (family) => {
  const read = readPackManifest(JSON.parse(readFileSync(`public/models/${family}/manifest.json`, 'utf8')))
  if (!read.ok) throw new Error(read.reason)
  const { value } = read
  expect([value.family, value.name]).toEqual([family, BUILT_IN_NAMES[family]])
  // Mix and Compose are offered wherever it ships; its draft, trained as far as the scorer, would do for neither.
  if (value.family === 'painter2') expect(value.config.dit).toBeDefined()
})
