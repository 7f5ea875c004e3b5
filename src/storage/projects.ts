/** A project on its way into storage: all of it, or nothing. */
import { fail } from '@/base/errors'
import type { FusionDocument } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'
import type { StoredResult } from '@/schema/result'
import type { AssetStore } from '@/storage/assets'
import { openDatabase } from '@/storage/database'
import { openFolder, removeFile, writeFile } from '@/storage/files'
import { guardStorage } from '@/storage/quota'
import { resultFile } from '@/storage/results'
import { namedAssets } from '@/storage/sweep'

type Bytes = Uint8Array<ArrayBuffer>

/** What is stored; pictures are read one after the other. */
export interface IncomingProject {
  /** Under an id of its own, which nothing stored has. */
  document: FusionDocument
  pictures: readonly { hash: string; read(): Promise<Bytes> }[]
  /** Newest first. */
  results: readonly { id: string; recipe: Recipe; read(): Promise<{ png: Bytes; thumbnail: Blob }> }[]
}

const FOLDER = 'results'

/**
 * Stores a project: its pictures, then its results, then in one transaction what names them. Until that one is through
 * nothing of it can be seen; what fails or is stopped before is taken away again, and of a browser that dies in the middle
 * the sweep finds it. Results that are here already (the same id) stay as they are.
 * @param onProgress 0..1
 * @returns the results that are new here, newest first: they count as made now, so that they are found
 * @throws storage-full, storage-failed, cancelled; what a `read` throws
 */
export async function storeProject(
  assets: AssetStore,
  project: IncomingProject,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<StoredResult[]> {
  const pictures: string[] = []
  const files: string[] = []
  const total = project.pictures.length + project.results.length
  let done = 0
  const next = () => {
    onProgress(done++ / Math.max(1, total))
    if (signal.aborted) fail('cancelled', 'Opening the project was stopped.', 'Nothing of it was stored.')
  }
  const guarded = <T>(run: () => Promise<T>) => guardStorage('The project could not be stored', run)
  try {
    for (const { hash, read } of project.pictures) {
      next()
      if (await assets.adopt(hash, await read())) pictures.push(hash)
    }
    const entries: Omit<StoredResult, 'time'>[] = []
    for (const { id, recipe, read } of project.results) {
      next()
      const { png, thumbnail } = await read()
      await guarded(async () => {
        if ((await (await openDatabase()).getKey('results', id)) !== undefined) return
        files.push(id)
        await writeFile(await openFolder(FOLDER), resultFile(id), png)
        entries.push({ schema: 2, id, recipe, thumbnail, bytes: png.length, documentId: project.document.id })
      })
    }
    next()
    return await guarded(() => name(project.document, entries))
  } catch (error) {
    await takeAway(assets, pictures, files).catch(() => undefined)
    throw error
  }
}

/** Writes what names the files, the latest of all that is stored. */
async function name(
  document: FusionDocument,
  entries: Omit<StoredResult, 'time'>[],
): Promise<StoredResult[]> {
  const transaction = (await openDatabase()).transaction(['documents', 'results'], 'readwrite', {
    durability: 'strict',
  })
  const documents = transaction.objectStore('documents')
  const results = transaction.objectStore('results')
  const lastSaved = (await documents.index('savedAt').openKeyCursor(null, 'prev'))?.key ?? 0
  const lastMade = (await results.index('time').openKeyCursor(null, 'prev'))?.key ?? 0
  const now = Math.max(Date.now(), lastMade + 1)
  const stored = entries.map((entry, i) => ({ ...entry, time: now + entries.length - 1 - i }))
  const entry = { id: document.id, savedAt: Math.max(Date.now(), lastSaved + 1), document }
  const writes = [
    async () => void (await documents.add(entry)),
    ...stored.map((one) => async () => void (await results.add(one))),
  ]
  try {
    await Promise.all([...writes.map((write) => write()), transaction.done])
  } catch (error) {
    // One that could not even be asked for leaves the others to be committed.
    try {
      transaction.abort()
    } catch {
      // It has ended by itself.
    }
    throw error
  }
  return stored
}

/** Deletes what was written, but for pictures that something else names by now. */
async function takeAway(assets: AssetStore, pictures: string[], files: string[]): Promise<void> {
  const folder = await openFolder(FOLDER)
  for (const id of files) await removeFile(folder, resultFile(id))
  const named = await namedAssets()
  for (const hash of pictures) if (!named.has(hash)) await assets.remove(hash)
}
