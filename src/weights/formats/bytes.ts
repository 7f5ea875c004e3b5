/** Ranges of bytes from wherever they lie; nothing is read before it is asked for. */
import { fail } from '@/base/errors'

export interface ByteSource {
  name: string
  size: number
  /** Bytes [begin, end), in memory of their own. */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}

/** A file on disk. @throws bad-weights when it has gone or changed since it was chosen. */
export const fileBytes = (file: Blob, name: string): ByteSource => ({
  name,
  size: file.size,
  read: async (begin, end, signal) => {
    signal?.throwIfAborted()
    try {
      return new Uint8Array(await file.slice(begin, end).arrayBuffer())
    } catch (error) {
      return fail(
        'bad-weights',
        `The file "${name}" cannot be read.`,
        'It may have been moved or changed since you chose it: choose it again.',
        String(error),
      )
    }
  },
})

export const memoryBytes = (bytes: Uint8Array<ArrayBuffer>, name: string): ByteSource => ({
  name,
  size: bytes.byteLength,
  read: (begin, end) => Promise.resolve(bytes.slice(begin, end)),
})

/** Several sources one after the other, e.g. the segments of a download. */
export function joinedBytes(parts: readonly ByteSource[], name: string): ByteSource {
  const starts: number[] = []
  let size = 0
  for (const part of parts) {
    starts.push(size)
    size += part.size
  }
  return {
    name,
    size,
    read: async (begin, end, signal) => {
      const bytes = new Uint8Array(Math.max(0, end - begin))
      for (const [i, part] of parts.entries()) {
        const from = Math.max(begin, starts[i])
        const to = Math.min(end, starts[i] + part.size)
        if (from < to) bytes.set(await part.read(from - starts[i], to - starts[i], signal), from - begin)
      }
      return bytes
    },
  }
}
