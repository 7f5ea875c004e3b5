// What the studio's page loads before anything is done: a limit of the build.
import { gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

/** Of all scripts together, gzipped, bytes. */
const MOST = 300_000

/** A chunk of a build, as far as it is read. */
interface Chunk {
  code: string
  imports: string[]
}

/** Bytes, gzipped, of a chunk and all that it imports before it runs. */
export function firstLoad(entry: string, chunks: Readonly<Record<string, Chunk>>): number {
  const files = new Set([entry])
  // A set goes on to what is added meanwhile.
  for (const file of files) for (const imported of chunks[file]?.imports ?? []) files.add(imported)
  return [...files].reduce((sum, file) => sum + gzipSync(chunks[file]?.code ?? '').length, 0)
}

/** Fails the build where the studio's page would load more. */
export const limitedFirstLoad = (): Plugin => ({
  name: 'limited-first-load',
  apply: (_, { command, mode }) => command === 'build' && mode === 'production',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const chunks: Record<string, Chunk> = {}
      let entry: string | null = null
      for (const [file, one] of Object.entries(bundle)) {
        if (one.type !== 'chunk') continue
        chunks[file] = one
        if (one.isEntry && one.name === 'studio') entry = file
      }
      if (entry === null) return this.error('there is no chunk of the studio')
      const bytes = firstLoad(entry, chunks)
      const told = `the studio's page loads ${(bytes / 1000).toFixed(1)} kB of scripts at first (gzip), ${MOST / 1000} at most`
      if (bytes > MOST) this.error(told)
      this.info(told)
    },
  },
})
