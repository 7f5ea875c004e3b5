/** Ranges of bytes from wherever they lie; nothing is read before it is asked for. */

export interface ByteSource {
  name: string
  size: number
  /** Bytes [begin, end). */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
}

export const fileBytes = (file: Blob, name: string): ByteSource => ({
  name,
  size: file.size,
  read: async (begin, end) => new Uint8Array(await file.slice(begin, end).arrayBuffer()),
})

export const memoryBytes = (bytes: Uint8Array<ArrayBuffer>, name: string): ByteSource => ({
  name,
  size: bytes.byteLength,
  read: (begin, end) => Promise.resolve(bytes.slice(begin, end)),
})
