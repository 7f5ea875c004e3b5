/** What version 1 of the studio wrote (`fixtures/v1`) is read by today's. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { emptyDocument, readDocument } from '@/schema/document'
import { readRecipe } from '@/schema/recipe'
import { readPreferenceIndex, readStoredPair } from '@/schema/preferences'
import { readStoredResult } from '@/schema/result'

const FIXTURES = new URL('./fixtures/v1/', import.meta.url)
const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8')) as unknown

/** Index entries hold a picture, which JSON cannot. */
const withThumbnail = (value: unknown) => ({ ...(value as object), thumbnail: new Blob(['png']) })

const READERS = {
  document: readDocument,
  recipe: readRecipe,
  result: (value: unknown) => readStoredResult(withThumbnail(value)),
  pair: readStoredPair,
  preferences: readPreferenceIndex,
} as const

/** Every number under `seed` as today's string, and every version as today's: all else must stay. */
const expected = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (key, inner: unknown) => {
    if (key === 'schema') return 2
    return key === 'seed' ? String(inner) : inner
  }) as unknown

const names = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''))

describe('what version 1 wrote', () => {
  it.each(names)('%s is read, with its seeds as strings and nothing else changed', (name) => {
    const stored = fixture(name)
    const before = JSON.stringify(stored)
    const read = READERS[name.split('-')[0] as keyof typeof READERS](stored)
    if (!read.ok) throw new Error(read.reason)
    expect(read.value).toMatchObject(expected(stored) as object)
    // A step is pure: what is stored stays as it was.
    expect(JSON.stringify(stored)).toBe(before)
  })

  it('a document from before the other modes gets their defaults', () => {
    const read = readDocument(fixture('document-early'))
    const { references, compose, align, mode } = emptyDocument('')
    expect(read).toMatchObject({ ok: true, value: { name: '', references, compose, align, mode } })
  })
})

describe('reading', () => {
  it.each(names)('%s in the current version comes back as it is', (name) => {
    const reader = READERS[name.split('-')[0] as keyof typeof READERS]
    const first = reader(fixture(name))
    if (!first.ok) throw new Error(first.reason)
    expect(reader(first.value)).toEqual(first)
  })

  const odd: [string, unknown, RegExp][] = [
    ['a newer version', { ...emptyDocument('a'), schema: 3 }, /version 3 is newer than this studio's 2/],
    ['no version', { ...emptyDocument('a'), schema: 'two' }, /schema: "two" is no version/],
    ['version 0', { ...emptyDocument('a'), schema: 0 }, /is no version/],
    ['no object', [], /expected an object/],
    ['null', null, /expected an object/],
    ['a layer that is none', { ...emptyDocument('a'), layers: [7] }, /layers\.0/],
    ['a seed of 65 bits', withSeed('18446744073709551616'), /settings\.seed: expected a whole number/],
    ['a seed with a leading zero', withSeed('01'), /settings\.seed/],
    ['a number for a seed', withSeed(1), /settings\.seed/],
  ]
  it.each(odd)('refuses %s and says why', (_, value, reason) => {
    const read = readDocument(value)
    expect(read.ok ? 'read' : read.reason).toMatch(reason)
  })

  it('takes seeds of 64 bits', () => {
    expect(readDocument(withSeed('18446744073709551615')).ok).toBe(true)
  })
})

function withSeed(seed: unknown): unknown {
  const document = emptyDocument('a')
  return { ...document, settings: { ...document.settings, seed } }
}
