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

/** Asks for bytes [begin, end) of an address; nothing but the address itself leaves the origin. */
export const requestRange = (
  url: string,
  begin: number,
  end: number | null,
  signal?: AbortSignal,
): Promise<Response> =>
  fetch(url, {
    headers: { Range: `bytes=${begin}-${end === null ? '' : end - 1}` },
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal,
  })

/**
 * A file at an address whose server answers to Range. `size` from an earlier answer.
 * @throws network when the server does not answer with just the bytes asked for.
 */
export const remoteBytes = (url: string, size: number, name: string): ByteSource => ({
  name,
  size,
  read: async (begin, end, signal) => {
    if (begin >= end) return new Uint8Array(0)
    let found: string
    try {
      const response = await requestRange(url, begin, end, signal)
      if (response.status === 206) {
        const bytes = new Uint8Array(await response.arrayBuffer())
        if (bytes.length === end - begin) return bytes
        found = `${bytes.length} bytes`
      } else found = `status ${response.status}`
    } catch (error) {
      signal?.throwIfAborted()
      found = String(error)
    }
    return fail(
      'network',
      `The file "${name}" cannot be read from its address.`,
      'Check the address and the connection, then try again; what is already here stays.',
      `asked for bytes ${begin}-${end}, got ${found}`,
    )
  },
})
