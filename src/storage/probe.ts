import { openFolder, readFile, removeFile, writeFile } from '@/storage/files'

const BYTES = 64 * 2 ** 20
const NAME = 'probe.bin'

/**
 * GB/s at which this origin's private files are read back, as streamed weights would be; null where nothing can be
 * written. The file was just written and may still be in the system's memory: an upper bound.
 */
export async function probeDisk(): Promise<number | null> {
  try {
    const folder = await openFolder('probe')
    // Bytes that no file system can shorten.
    const bytes = new Uint8Array(BYTES)
    for (let at = 0; at < BYTES; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
    await writeFile(folder, NAME, bytes)
    try {
      const file = await readFile(folder, NAME)
      const since = performance.now()
      const read = await file?.arrayBuffer()
      const seconds = (performance.now() - since) / 1000
      return read && seconds > 0 ? read.byteLength / 1e9 / seconds : null
    } finally {
      await removeFile(folder, NAME)
    }
  } catch {
    return null
  }
}
