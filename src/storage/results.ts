import { fail } from '@/base/errors'
import type { Recipe } from '@/schema/recipe'
import { openDatabase, type StoredResult } from '@/storage/database'
import { openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { guardStorage } from '@/storage/quota'

export interface NewResult {
  /** The PNG, with its recipe inside. */
  png: Blob | Uint8Array<ArrayBuffer>
  recipe: Recipe
  /** A small picture for the history panel. */
  thumbnail: Blob
}

/** History of results: PNGs in the private file system, an index of them in IndexedDB. */
export interface ResultStore {
  /** Throws `storage-full`, `storage-failed`. The file is whole before the index names it. */
  add(result: NewResult): Promise<StoredResult>
  /** Newest first. */
  list(limit?: number): Promise<StoredResult[]>
  /** The PNG. Throws `missing-asset` where it is gone. */
  get(id: string): Promise<Blob>
  /** False where there was none. */
  remove(id: string): Promise<boolean>
}

const fileOf = (id: string): string => `${id}.png`

export function createResultStore(path = 'results'): ResultStore {
  return {
    add: ({ png, recipe, thumbnail }) =>
      guardStorage('The result could not be saved', async () => {
        const id = crypto.randomUUID()
        const folder = await openFolder(path)
        await writeFile(folder, fileOf(id), png)
        const bytes = png instanceof Blob ? png.size : png.byteLength
        const stored: StoredResult = { id, time: Date.now(), recipe, thumbnail, bytes }
        try {
          await (await openDatabase()).add('results', stored)
        } catch (error) {
          await removeFile(folder, fileOf(id))
          throw error
        }
        return stored
      }),

    list: (limit = 200) =>
      guardStorage('The history could not be read', async () => {
        const database = await openDatabase()
        const found: StoredResult[] = []
        let cursor = await database.transaction('results').store.index('time').openCursor(null, 'prev')
        for (; cursor && found.length < limit; cursor = await cursor.continue()) found.push(cursor.value)
        return found
      }),

    get: (id) =>
      guardStorage('The result could not be read', async () => {
        const file = await readFile(await openFolder(path), fileOf(id))
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

    remove: (id) =>
      guardStorage('The result could not be deleted', async () => {
        const database = await openDatabase()
        const known = (await database.getKey('results', id)) !== undefined
        await database.delete('results', id)
        const file = await removeFile(await openFolder(path), fileOf(id))
        return known || file
      }),
  }
}
