/** What earlier versions of the studio wrote (`fixtures`) is read by today's. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { emptyDocument, readDocument } from '@/schema/document'
import { readRecipe } from '@/schema/recipe'
import { readPreferenceIndex, readStoredPair } from '@/schema/preferences'
import { readStoredResult } from '@/schema/result'

const FIXTURES = new URL('./fixtures/', import.meta.url)
const fixture = (name: string, version = 'v1'): unknown =>
  JSON.parse(readFileSync(new URL(`${version}/${name}.json`, FIXTURES), 'utf8')) as unknown

/** Index entries hold a picture, which JSON cannot. */
const withThumbnail = (value: unknown) => ({ ...(value as object), thumbnail: new Blob(['png']) })

const READERS = {
  document: readDocument,
  recipe: readRecipe,
  result: (value: unknown) => readStoredResult(withThumbnail(value)),
  pair: readStoredPair,
  preferences: readPreferenceIndex,
} as const

/** Every number under `seed` as today's string, every version as today's, the built-in model's new name: all else must stay. */
function expected(name: string, value: unknown): object {
  const read = JSON.parse(JSON.stringify(value), (key, inner: unknown) => {
    if (key === 'schema') return 2
    if (key === 'placeModel') return 'mini2'
    return key === 'seed' ? String(inner) : inner
  }) as object
  return name.startsWith('document') ? { ...read, schema: 3 } : read
}

const names = readdirSync(new URL('v1/', FIXTURES))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.replace('.json', ''))

describe('what version 1 wrote', () => {
  it.each(names)('%s is read, with its seeds as strings and nothing else changed', (name) => {
    const stored = fixture(name)
    const before = JSON.stringify(stored)
    const read = READERS[name.split('-')[0] as keyof typeof READERS](stored)
    if (!read.ok) throw new Error(read.reason)
    expect(read.value).toMatchObject(expected(name, stored))
    // A step is pure: what is stored stays as it was.
    expect(JSON.stringify(stored)).toBe(before)
  })

  it('a document from before the other modes gets their defaults', () => {
    const read = readDocument(fixture('document-early'))
    const { references, compose, align, mode } = emptyDocument('')
    expect(read).toMatchObject({ ok: true, value: { name: '', references, compose, align, mode } })
  })
})

describe('what version 2 wrote of Place', () => {
  const read = (name: string) => {
    const done = readDocument(fixture(`document-${name}`, 'v2'))
    if (!done.ok) throw new Error(done.reason)
    return done.value
  }

  it('with light by hand keeps that light', () => {
    const { placeModel, scene } = read('hand')
    expect([placeModel, scene.source]).toEqual(['mini2', 'hand'])
    expect(scene.lights[0]).toMatchObject({ azimuthDegrees: 210, share: [0.7, 0.68, 0.6] })
  })

  it('with the first built-in model takes its light from the photo', () => {
    expect(read('mini')).toMatchObject({ placeModel: 'mini2', scene: { source: 'photo' } })
  })

  it('with DreamFuse stays as it is', () => {
    expect(read('dreamfuse')).toMatchObject({ ...(fixture('document-dreamfuse', 'v2') as object), schema: 3 })
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
    ['a newer version', { ...emptyDocument('a'), schema: 4 }, /version 4 is newer than this studio's 3/],
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
