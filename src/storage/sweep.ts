/** Takes from the disk what nothing names any more. */
import { hashesIn } from '@/base/hashes'
import type { AssetStore } from '@/storage/assets'
import { openDatabase } from '@/storage/database'
import { purgeDocuments } from '@/storage/documents'
import { filesIn, isHalfWritten, openFolder, readFile, removeFile } from '@/storage/files'
import { countHolders, share, withLock, withLockIfFree } from '@/storage/locks'
import { guardStorage } from '@/storage/quota'

/** A file that nothing names is spared while it is younger than this, ms: it may be about to be named. */
const YOUNG_MS = 60_000

/** Hashes of the pictures that anything stored names: documents, deleted ones too; results; pairs; what is set aside. */
export async function namedAssets(): Promise<Set<string>> {
  const database = await openDatabase()
  const stored = [
    ...(await database.getAll('documents')),
    ...(await database.getAll('results')),
    ...(await database.getAll('aside')),
  ]
  const named = new Set(hashesIn(JSON.stringify(stored)))
  for await (const [, handle] of (await openFolder('pairs')).entries()) {
    if (handle.kind !== 'directory') continue
    const about = await readFile(handle as FileSystemDirectoryHandle, 'pair.json')
    for (const hash of hashesIn((await about?.text()) ?? '')) named.add(hash)
  }
  return named
}

/** Deletes files of a folder that are old enough and not `kept`; half-written ones too. */
async function clear(path: string, kept: (name: string) => boolean, now: number): Promise<void> {
  const folder = await openFolder(path)
  for (const { name, file } of await filesIn(folder))
    if (!kept(name) && now - file.lastModified > YOUNG_MS) await removeFile(folder, name)
}

/**
 * Mark and sweep over everything that is stored. `live` are pictures that only this page can name: those that undo may
 * bring back, and the one on show. To be called through a `Sweeper`, or where there is no other page.
 */
export async function sweep(assets: AssetStore, live: readonly string[], now = Date.now()): Promise<void> {
  await guardStorage('What is no longer needed could not be cleared', async () => {
    await purgeDocuments(now)
    await assets.collect(new Set([...(await namedAssets()), ...live]))
    const database = await openDatabase()
    const results = new Set([
      ...(await database.getAllKeys('results')),
      ...(await database.getAll('aside')).map(({ of }) => of),
    ])
    await clear('results', (name) => results.has(name.replace(/\.png$/, '')), now)
    await clear('assets', (name) => !isHalfWritten(name), now)
    const documents = new Set(await database.getAllKeys('documents'))
    for (const { id, documentId } of await database.getAll('interruptions'))
      if (!documents.has(documentId)) await database.delete('interruptions', id)
  })
}

const TABS = 'inlay-tabs'
const SWEEP = 'inlay-sweep'

/**
 * Says that this page is open, until it closes. While another sweeps it has to wait, so nothing of it may be stored
 * before the promise ends.
 */
export async function enter(): Promise<void> {
  await withLock(SWEEP, () => share(TABS))
}

export interface Sweeper {
  /** Sweeps where this is the only page of the studio: another one's undo history cannot be seen from here. */
  sweep(live: readonly string[]): Promise<void>
  /** Runs something that stores, or asks what is stored: a sweep that has begun must not take it away again. */
  after<T>(work: () => Promise<T>): Promise<T>
}

export function createSweeper(assets: AssetStore): Sweeper {
  let sweeping: Promise<void> = Promise.resolve()
  return {
    sweep(live) {
      const run = withLockIfFree(SWEEP, async (free) => {
        if (free && (await countHolders(TABS)) === 1) await sweep(assets, live)
      })
      sweeping = run.catch(() => undefined)
      return run
    },
    async after(work) {
      await sweeping
      return work()
    },
  }
}
