/** Unfinished downloads: `downloads/<id>/` holds what came, in segments, and what is known of the file. */
import * as v from 'valibot'

import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { isNotFound } from '@/storage/quota'
import { fileBytes, joinedBytes, type ByteSource } from '@/weights/formats/bytes'
import { withModelLock } from '@/weights/packs/modelFolder'

const ROOT = 'downloads'
const NOTES = 'download.json'
const SEGMENT = /^\d{6}$/

/** What the server said of the file when its download began; null where it did not say. */
export const Notes = v.object({
  url: v.string(),
  size: v.nullable(v.number()),
  etag: v.nullable(v.string()),
  lastModified: v.nullable(v.string()),
})
export type Notes = v.InferOutput<typeof Notes>

/** One download on disk. Segments rather than one file: a closed tab then costs the last segment only. */
export class DownloadFolder {
  private readonly folder: FileSystemDirectoryHandle
  private readonly id: string

  private constructor(folder: FileSystemDirectoryHandle, id: string) {
    this.folder = folder
    this.id = id
  }

  static async open(id: string): Promise<DownloadFolder> {
    return new DownloadFolder(await openFolder(`${ROOT}/${id}`), id)
  }

  async notes(): Promise<Notes | null> {
    try {
      return v.parse(Notes, JSON.parse((await (await readFile(this.folder, NOTES))?.text()) ?? 'null'))
    } catch {
      return null
    }
  }

  async begin(notes: Notes): Promise<void> {
    for (const name of await this.segments()) await removeFile(this.folder, name)
    await this.note(notes)
  }

  async note(notes: Notes): Promise<void> {
    await writeFile(this.folder, NOTES, new TextEncoder().encode(JSON.stringify(notes)))
  }

  async append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const last = (await this.segments()).at(-1)
    const name = String(last === undefined ? 0 : Number(last) + 1).padStart(6, '0')
    await writeFile(this.folder, name, bytes)
  }

  /** All that has come so far. */
  async bytes(name: string): Promise<ByteSource> {
    const parts = (await this.segments()).map(async (segment) =>
      fileBytes((await readFile(this.folder, segment))!, segment),
    )
    return joinedBytes(await Promise.all(parts), name)
  }

  async discard(): Promise<void> {
    await (await openFolder(ROOT)).removeEntry(this.id, { recursive: true }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error
    })
  }

  private async segments(): Promise<string[]> {
    return (await listFiles(this.folder)).filter((name) => SEGMENT.test(name))
  }
}

export const lockOf = (id: string): string => `download-${id}`

/** Throws away all downloads that nobody is working on. Bytes freed. */
export async function discardDownloads(): Promise<number> {
  let freed = 0
  for await (const id of (await openFolder(ROOT)).keys())
    try {
      freed += await withModelLock(lockOf(id), async () => {
        const download = await DownloadFolder.open(id)
        const { size } = await download.bytes(id)
        await download.discard()
        return size
      })
    } catch {
      // Somebody is at work on it.
    }
  return freed
}
