import { fail } from '@/base/errors'
import { newId } from '@/base/id'
import { oldestBeyond } from '@/base/oldestBeyond'
import type { Recipe } from '@/schema/recipe'
import { readStoredResult, type StoredResult } from '@/schema/result'
import { setAside } from '@/storage/aside'
import { openDatabase } from '@/storage/database'
import { openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { guardStorage } from '@/storage/quota'

export interface NewResult {
  /** The PNG, with its recipe inside. */
  png: Blob | Uint8Array<ArrayBuffer>
  recipe: Recipe
  /** A small picture for the history panel. */
  thumbnail: Blob
  /** The document that it was made in, where that is known. */
  documentId?: string
}

/** A result with the mark that keeps it whatever the limit. */
export interface KeptResult extends StoredResult {
  starred: boolean
}

/** Some of the history, newest first. */
export interface ResultPage {
  results: KeptResult[]
  /** `before` of the next page; null at the end. */
  next: number | null
  /** Entries that could not be read; they have been set aside, not deleted. */
  broken: number
}

/** History of results: PNGs in the private file system, an index of them in IndexedDB. */
export interface ResultStore {
  /** Throws `storage-full`, `storage-failed`. The file is whole before the index names it. */
  add(result: NewResult): Promise<StoredResult>
  /** Up to `limit` results that were made before a time, ms since 1970. */
  list(limit: number, before?: number): Promise<ResultPage>
  /** The PNG. Throws `missing-asset` where it is gone. */
  get(id: string): Promise<Blob>
  /** False where there was none. */
  remove(id: string): Promise<boolean>
  /**
   * Removes the oldest until those without a star take at most so many bytes. Those with a star stay, and so does the newest.
   * @returns the ids of those that went
   */
  trim(bytes: number): Promise<string[]>
}

/** What the PNG of a result is called in its folder. */
export const resultFile = (id: string): string => `${id}.png`

export function createResultStore(path = 'results'): ResultStore {
  const remove = async (id: string): Promise<boolean> => {
    const database = await openDatabase()
    const known = (await database.getKey('results', id)) !== undefined
    await database.delete('results', id)
    const file = await removeFile(await openFolder(path), resultFile(id))
    return known || file
  }

  return {
    add: ({ png, recipe, thumbnail, documentId }) =>
      guardStorage('The result could not be saved', async () => {
        const id = newId()
        const folder = await openFolder(path)
        await writeFile(folder, resultFile(id), png)
        const bytes = png instanceof Blob ? png.size : png.byteLength
        try {
          const transaction = (await openDatabase()).transaction('results', 'readwrite')
          const index = transaction.store.index('time')
          // Strictly later than every other: pages end between two times.
          const last = (await index.openKeyCursor(null, 'prev'))?.key ?? 0
          const time = Math.max(Date.now(), last + 1)
          const stored: StoredResult = { schema: 2, id, time, recipe, thumbnail, bytes, documentId }
          await transaction.store.add(stored)
          await transaction.done
          return stored
        } catch (error) {
          await removeFile(folder, resultFile(id))
          throw error
        }
      }),

    list: (limit, before = Infinity) =>
      guardStorage('The history could not be read', async () => {
        const entries = await entriesBefore(before, limit)
        const stars = new Set(await (await openDatabase()).getAllKeys('stars'))
        const page: ResultPage = { results: [], next: null, broken: 0 }
        for (const entry of entries) {
          const read = readStoredResult(entry)
          if (read.ok) page.results.push({ ...read.value, starred: stars.has(read.value.id) })
          else {
            page.broken++
            await setAside('result', entry.id, entry, read.reason)
          }
        }
        if (entries.length === limit) page.next = entries[limit - 1].time
        return page
      }),

    get: (id) =>
      guardStorage('The result could not be read', async () => {
        const file = await readFile(await openFolder(path), resultFile(id))
        return (
          file ??
          fail(
            'missing-asset',
            'This result is no longer stored in this browser.',
            'Fuse again from its recipe.',
            id,
          )
        )
      }),

    remove: (id) => guardStorage('The result could not be deleted', () => remove(id)),

    trim: (bytes) =>
      guardStorage('Older results could not be deleted', async () => {
        const database = await openDatabase()
        const stars = new Set(await database.getAllKeys('stars'))
        const entries = await entriesBefore(Infinity, Infinity)
        const gone: string[] = []
        for (const { id } of oldestBeyond(
          entries.map(({ id, bytes: size = 0 }) => ({ id, bytes: size, starred: stars.has(id) })),
          bytes,
        )) {
          // It may have got one while others went.
          if ((await database.getKey('stars', id)) !== undefined) continue
          await remove(id)
          gone.push(id)
        }
        return gone
      }),
  }
}

async function entriesBefore(before: number, limit: number) {
  const index = (await openDatabase()).transaction('results').store.index('time')
  const entries = []
  let cursor = await index.openCursor(IDBKeyRange.upperBound(before, true), 'prev')
  for (; cursor && entries.length < limit; cursor = await cursor.continue()) entries.push(cursor.value)
  return entries
}
