import { afterEach, describe, expect, it, vi } from 'vitest'

import { newId } from '@/base/id'

/** NIST's example "abc", and no bytes at all. */
const KNOWN: [string, string][] = [
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
]

/** As on a page over plain http. */
const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) }

describe.each([
  ['a secure page', crypto],
  ['a page over plain http', insecure],
])('on %s', (_, given) => {
  afterEach(() => vi.unstubAllGlobals())

  it('sha256 gives the published digests', async () => {
    vi.stubGlobal('crypto', given)
    vi.resetModules()
    const { sha256 } = await import('@/base/sha256')
    for (const [text, digest] of KNOWN) expect(await sha256(new TextEncoder().encode(text))).toBe(digest)
  })

  it('ids are UUIDs of version 4, each another', () => {
    vi.stubGlobal('crypto', given)
    const ids = Array.from({ length: 1000 }, newId)
    expect(new Set(ids).size).toBe(1000)
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
