import { fail } from '@/base/errors'
import {
  PAIR_PICTURES,
  readStoredPair,
  type PairPicture,
  type PreferencePair,
  type StoredPair,
} from '@/schema/preferences'
import { openFolder, readFile, writeFile } from '@/storage/files'
import { withLock, withLockIfFree } from '@/storage/locks'
import { guardStorage, isNotFound } from '@/storage/quota'

export interface NewPair {
  pair: PreferencePair
  /** Its safetensors file. */
  tensors: Uint8Array<ArrayBuffer>
  pictures: Record<PairPicture, Blob>
}

/** Preference pairs in the origin's private file system, a folder each. */
export interface PairStore {
  /**
   * The pair is whole on the disk before it is listed; one of the same id stays as it is.
   * Throws `storage-full`, `storage-failed`; then nothing of it is left.
   */
  add(pair: NewPair): Promise<StoredPair>
  /** Newest first; `damaged` counts those whose description cannot be read. They stay where they are. */
  list(): Promise<{ pairs: StoredPair[]; damaged: number }>
  has(id: string): Promise<boolean>
  /** One of its files. Throws `missing-asset` where it is gone. */
  file(id: string, which: 'tensors' | PairPicture): Promise<File>
  /** False where there was none. */
  remove(id: string): Promise<boolean>
}

const ABOUT = 'pair.json'
const fileName = (which: 'tensors' | PairPicture): string =>
  which === 'tensors' ? 'tensors.safetensors' : `${which}.png`

/** Pairs are written one at a time, whichever tab writes: a folder without description is one that was cut off. */
const LOCK = 'inlay-pairs'

export function createPairStore(path = 'pairs'): PairStore {
  const removeFolder = async (id: string): Promise<boolean> => {
    try {
      await (await openFolder(path)).removeEntry(id, { recursive: true })
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  }

  /** What a closed tab has left half written takes space for nothing. */
  const sweep = async (ids: readonly string[]): Promise<void> => {
    await withLockIfFree(LOCK, async (free) => {
      if (!free) return
      for (const id of ids)
        if (!(await readFile(await openFolder(`${path}/${id}`), ABOUT))) await removeFolder(id)
    })
  }

  return {
    add: ({ pair, tensors, pictures }) =>
      guardStorage('The pair could not be kept', () =>
        withLock(LOCK, async () => {
          const bytes = PAIR_PICTURES.reduce((sum, which) => sum + pictures[which].size, tensors.byteLength)
          const stored: StoredPair = { schema: 2, pair, bytes }
          const folder = await openFolder(`${path}/${pair.id}`)
          const known = parse((await (await readFile(folder, ABOUT))?.text()) ?? '')
          if (known) return known
          try {
            await writeFile(folder, fileName('tensors'), tensors)
            for (const which of PAIR_PICTURES) await writeFile(folder, fileName(which), pictures[which])
            await writeFile(folder, ABOUT, new TextEncoder().encode(JSON.stringify(stored)))
          } catch (error) {
            await removeFolder(pair.id).catch(() => false)
            throw error
          }
          return stored
        }),
      ),

    list: () =>
      guardStorage('The kept pairs could not be read', async () => {
        const pairs: StoredPair[] = []
        const unfinished: string[] = []
        let damaged = 0
        for await (const [id, handle] of (await openFolder(path)).entries()) {
          if (handle.kind !== 'directory') continue
          const about = await readFile(handle as FileSystemDirectoryHandle, ABOUT)
          if (!about) {
            unfinished.push(id)
            continue
          }
          const found = parse(await about.text())
          if (found?.pair.id === id) pairs.push(found)
          else damaged++
        }
        if (unfinished.length > 0) await sweep(unfinished)
        return { pairs: pairs.sort((a, b) => b.pair.time - a.pair.time), damaged }
      }),

    has: (id) =>
      guardStorage('The kept pairs could not be read', async () => {
        try {
          const folder = await (await openFolder(path)).getDirectoryHandle(id)
          return (await readFile(folder, ABOUT)) !== null
        } catch (error) {
          if (isNotFound(error)) return false
          throw error
        }
      }),

    file: (id, which) =>
      guardStorage('The pair could not be read', async () => {
        const folder = await (await openFolder(path)).getDirectoryHandle(id).catch((error: unknown) => {
          if (isNotFound(error)) return null
          throw error
        })
        const file = folder && (await readFile(folder, fileName(which)))
        return (
          file ??
          fail(
            'missing-asset',
            'This pair is no longer whole in this browser.',
            'Remove it from the list and keep it again.',
            `${id}, ${fileName(which)}`,
          )
        )
      }),

    remove: (id) => guardStorage('The pair could not be removed', () => removeFolder(id)),
  }
}

function parse(text: string): StoredPair | null {
  try {
    const found = readStoredPair(JSON.parse(text))
    return found.ok ? found.value : null
  } catch {
    return null
  }
}
