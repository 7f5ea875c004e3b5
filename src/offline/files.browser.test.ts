import { afterEach, expect, it, vi } from 'vitest'

import { sha256 } from '@/base/sha256'
import { keptCacheOf, type BuiltFile } from '@/offline/build'
import { findKept, keepFiles, neededHere } from '@/offline/files'

const base = 'https://studio.example/some/path/'
const CONTENTS = { 'models/a': 'first', 'models/b': 'second' }
const fileOf = async (path: keyof typeof CONTENTS): Promise<BuiltFile> => {
  const bytes = new TextEncoder().encode(CONTENTS[path])
  return { path, bytes: bytes.length, sha256: await sha256(bytes) }
}
const files = () => Promise.all([fileOf('models/a'), fileOf('models/b')])

/** A server that has what `contents` says. */
function serve(contents: Record<string, string>) {
  const asked: string[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation((url) => {
    const path = String(url).slice(base.length)
    asked.push(path)
    return Promise.resolve(new Response(contents[path] ?? '', { status: path in contents ? 200 : 404 }))
  })
  return asked
}

afterEach(async () => {
  vi.restoreAllMocks()
  await caches.delete(keptCacheOf(base))
})

it('stores what is not stored yet, and tells how much has come', async () => {
  const asked = serve(CONTENTS)
  const both = await files()
  let bytes = 0
  await keepFiles(both.slice(0, 1), base)
  await keepFiles(both, base, { onBytes: (more) => (bytes += more) })
  expect(asked).toEqual(['models/a', 'models/b'])
  expect(bytes).toBe('second'.length)
  expect(await findKept(both, base)).toEqual(new Set(both))
})

it.each([
  ['another content', 'sekond', 'hash-mismatch'],
  ['one that is longer', 'second and more', 'hash-mismatch'],
  ['one that broke off', 'sec', 'hash-mismatch'],
])('%s is not stored, and what came before stays', async (_, content, code) => {
  serve({ ...CONTENTS, 'models/b': content })
  const both = await files()
  await expect(keepFiles(both, base)).rejects.toMatchObject({ problem: { code } })
  expect(await findKept(both, base)).toEqual(new Set(both.slice(0, 1)))
})

it('says when the server has no such file, and stops when told', async () => {
  serve({})
  await expect(keepFiles(await files(), base)).rejects.toMatchObject({ problem: { code: 'network' } })
  const stop = new AbortController()
  stop.abort()
  await expect(keepFiles(await files(), base, { signal: stop.signal })).rejects.toMatchObject({
    name: 'AbortError',
  })
})

it('asks for one of the two runtimes', () => {
  const of = (build: string) => ({ path: `ort/ort-wasm-simd-threaded.${build}.wasm`, bytes: 1, sha256: '' })
  expect(neededHere([of('jspi'), of('asyncify')])).toHaveLength(1)
})
