/** The build's files in the browser's caches, by their contents: what is damaged or of another build is never stored. */
import { fail } from '@/base/errors'
import { sha256 } from '@/base/sha256'
import { isQuotaError } from '@/storage/quota'

import { keptCacheOf, type BuiltFile } from '@/offline/build'

export interface Fetching {
  signal?: AbortSignal
  /** Called with the length of every piece that has come. */
  onBytes?: (bytes: number) => void
}

const AGAIN = 'Check the connection, then try again: what has come stays.'

/** The runtime comes in two builds, of which a browser needs one (`backend/ort`). */
const OTHER_RUNTIME = 'Suspending' in WebAssembly ? /^ort\/.*\.asyncify\./ : /^ort\/.*\.jspi\./

/** The files that this browser needs of those that can be kept. */
export const neededHere = (files: readonly BuiltFile[]): BuiltFile[] =>
  files.filter(({ path }) => !OTHER_RUNTIME.test(path))

/** Reads a file of the build from its server. @throws network, hash-mismatch */
export async function readBuilt(file: BuiltFile, base: string, fetching: Fetching = {}): Promise<Response> {
  const { signal, onBytes } = fetching
  const url = new URL(file.path, base)
  try {
    const response = await fetch(url, { cache: 'no-cache', signal })
    if (!response.ok || !response.body) throw new Error(`status ${response.status}`)
    const bytes = new Uint8Array(file.bytes)
    let have = 0
    const reader = response.body.getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      // Longer than it should be: the sum of what fits will not be the file's either.
      bytes.set(part.value.subarray(0, Math.max(0, file.bytes - have)), Math.min(have, file.bytes))
      have += part.value.length
      onBytes?.(part.value.length)
    }
    if (have !== file.bytes || (await sha256(bytes)) !== file.sha256)
      fail(
        'hash-mismatch',
        'A file of the studio is another than this version has.',
        'Reload the page, then try again.',
        `${file.path}: ${have} of ${file.bytes} bytes`,
      )
    const type = response.headers.get('content-type')
    return new Response(bytes, { headers: { ...(type ? { 'Content-Type': type } : {}) } })
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof TypeError || (error instanceof Error && error.message.startsWith('status ')))
      return fail(
        'network',
        'A file of the studio could not be read.',
        AGAIN,
        `${file.path}: ${String(error)}`,
      )
    throw error
  }
}

/** A kept file lies under its contents, so that builds share what they have in common. */
export const keyOf = (file: BuiltFile, base: string): string =>
  new URL(`${file.path}?sha256=${file.sha256}`, base).href

/** Which of the files are stored already. */
export async function findKept(files: readonly BuiltFile[], base: string): Promise<Set<BuiltFile>> {
  if (!(await caches.has(keptCacheOf(base)))) return new Set()
  const cache = await caches.open(keptCacheOf(base))
  const stored = new Set((await cache.keys()).map(({ url }) => url))
  return new Set(files.filter((file) => stored.has(keyOf(file, base))))
}

/** Stores the files that are not stored yet, one after the other. @throws network, hash-mismatch, storage-full; what `signal` was aborted with */
export async function keepFiles(
  files: readonly BuiltFile[],
  base: string,
  fetching: Fetching = {},
): Promise<void> {
  const there = await findKept(files, base)
  const cache = await caches.open(keptCacheOf(base))
  for (const file of files) {
    if (there.has(file)) continue
    fetching.signal?.throwIfAborted()
    const response = await readBuilt(file, base, fetching)
    try {
      await cache.put(keyOf(file, base), response)
    } catch (error) {
      if (!isQuotaError(error)) throw error
      fail(
        'storage-full',
        "The browser's storage is full.",
        'Delete models or results that you no longer need, then try again: what has come stays.',
        String(error),
      )
    }
  }
}
