import { fail } from '@/base/errors'
import { newId } from '@/base/id'
import { oldestBeyond } from '@/base/oldestBeyond'
import type { Recipe } from '@/schema/recipe'
import { readStoredResult, type StoredResult } from '@/schema/result'
import { setAside } from '@/storage/aside'
import { openDatabase, type ResultEntry } from '@/storage/database'
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
  /** Takes it from the list; `undelete` brings it back until it is purged. False where there was none. */
  delete(id: string): Promise<boolean>
  /** Throws `missing-asset` where it is gone. */
  undelete(id: string): Promise<void>
  /** Removes for good what is deleted. False where it is not, or not any more. */
  purge(id: string): Promise<boolean>
  /** Removes it for good at once. False where there was none. */
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

  /** Changes an entry, or with null takes it out; false where there is none that `isMeant`. */
  const change = async (
    id: string,
    by: (entry: ResultEntry) => ResultEntry | null,
    isMeant = (_: ResultEntry): boolean => true,
  ): Promise<boolean> => {
    const transaction = (await openDatabase()).transaction('results', 'readwrite')
    const entry = await transaction.store.get(id)
    const meant = entry !== undefined && isMeant(entry)
    const next = meant ? by(entry) : null
    if (next) await transaction.store.put(next)
    else if (meant) await transaction.store.delete(id)
    await transaction.done
    return meant
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
        return file ?? gone(id)
      }),

    delete: (id) =>
      guardStorage('The result could not be deleted', () =>
        change(id, (entry) => ({ ...entry, deletedAt: Date.now() })),
      ),

    undelete: (id) =>
      guardStorage('The result could not be brought back', async () => {
        if (!(await change(id, ({ deletedAt: _, ...entry }) => entry))) gone(id)
      }),

    purge: (id) =>
      guardStorage('The result could not be deleted', async () => {
        const purged = await change(id, () => null, isDeleted)
        if (purged) await removeFile(await openFolder(path), resultFile(id))
        return purged
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

const isDeleted = ({ deletedAt }: ResultEntry): boolean => deletedAt !== undefined

function gone(id: string): never {
  fail('missing-asset', 'This result is no longer stored in this browser.', 'Fuse again from its recipe.', id)
}

/** Of those that are not deleted. */
async function entriesBefore(before: number, limit: number): Promise<ResultEntry[]> {
  const index = (await openDatabase()).transaction('results').store.index('time')
  const entries: ResultEntry[] = []
  let cursor = await index.openCursor(IDBKeyRange.upperBound(before, true), 'prev')
  for (; cursor && entries.length < limit; cursor = await cursor.continue())
    if (!isDeleted(cursor.value)) entries.push(cursor.value)
  return entries
}
