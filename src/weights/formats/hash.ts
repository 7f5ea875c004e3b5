/** sha256 in hex, piece by piece where the whole does not fit into memory. */
import { createSHA256 } from 'hash-wasm'

import { macrotask } from '@/base/macrotask'
import type { ByteSource } from '@/weights/formats/bytes'

const PIECE = 8 * 2 ** 20

/** Of a whole source, in pieces; `onBytes` hears how many more have been read. */
export async function sha256Of(
  source: ByteSource,
  onBytes?: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const hash = await createSHA256()
  for (let at = 0; at < source.size; at += PIECE) {
    signal?.throwIfAborted()
    const bytes = await source.read(at, Math.min(source.size, at + PIECE), signal)
    hash.update(bytes)
    onBytes?.(bytes.length)
    await macrotask()
  }
  return hash.digest('hex')
}

/** Samples of a file's content, so that two models of the same shapes differ. */
const SAMPLES = 16
const SAMPLE_BYTES = 65536

/**
 * A name for a file's content that costs a megabyte of reading: sha256 over its size, its beginning (which holds the
 * header) and samples spread over the rest. Checkpoints of one architecture have equal headers and sizes.
 */
export async function fingerprint(source: ByteSource): Promise<string> {
  const hash = await createSHA256()
  hash.update(`${source.size}:`)
  const last = Math.max(0, source.size - SAMPLE_BYTES)
  for (let i = 0; i <= SAMPLES; i++) {
    const begin = Math.floor((last * i) / SAMPLES)
    hash.update(await source.read(begin, Math.min(source.size, begin + SAMPLE_BYTES)))
  }
  return hash.digest('hex')
}
