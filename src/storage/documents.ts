import type { Problem } from '@/base/errors'
import { newId } from '@/base/id'
import { emptyDocument, readDocument, type FusionDocument } from '@/schema/document'
import { setAside } from '@/storage/aside'
import { openDatabase, type StoredDocument } from '@/storage/database'
import { isHeld, withLockIfFree } from '@/storage/locks'
import { guardStorage } from '@/storage/quota'
import { setStar } from '@/storage/stars'

/** What is deleted is kept for this long, ms: a document can be brought back, a result whose page was left before it went. */
const GRACE_MS = 3_600_000

const lockOf = (id: string): string => `inlay-document:${id}`

/** The latest time that this page has seen or given. */
let latest = 0

/** Now, but strictly later than every other, also when the clock was set back. */
const tick = (): number => (latest = Math.max(Date.now(), latest + 1))

/**
 * Saves a document under its id, now being the latest. All of it is handed over in one go and on the disk once the
 * promise ends: a page that is closed a moment later loses nothing. Throws `storage-full`, `storage-failed`.
 */
export async function saveDocument(document: FusionDocument): Promise<void> {
  await guardStorage('The document could not be saved', async () => {
    const database = await openDatabase()
    const transaction = database.transaction('documents', 'readwrite', { durability: 'strict' })
    const put = transaction.store.put({ id: document.id, savedAt: tick(), document })
    transaction.commit()
    await Promise.all([put, transaction.done])
  })
}

/** Called for each document that could not be read; it has been set aside, not deleted. */
type OnBroken = (problem: Problem) => void

async function readOrSetAside(stored: StoredDocument, onBroken?: OnBroken): Promise<FusionDocument | null> {
  const read = readDocument(stored.document)
  if (read.ok) return read.value
  await setAside('document', stored.id, stored.document, read.reason)
  onBroken?.({
    code: 'bad-document',
    message: 'A document could not be read.',
    hint: 'It was set aside, not deleted: the list of documents has it, for you to download.',
    detail: read.reason,
  })
  return null
}

async function allStored(): Promise<StoredDocument[]> {
  const all = await (await openDatabase()).getAllFromIndex('documents', 'savedAt')
  latest = Math.max(latest, all.at(-1)?.savedAt ?? 0)
  return all.filter(({ deletedAt }) => deletedAt === undefined).reverse()
}

export interface SavedDocument {
  document: FusionDocument
  /** Milliseconds since 1970. */
  savedAt: number
  openElsewhere: boolean
  /** A small picture of it, if it has one. */
  cover: Blob | null
  starred: boolean
}

/** Every document, those with a star before the others, the latest first; `own` is the one that this tab has open. */
export async function listDocuments(own: string, onBroken?: OnBroken): Promise<SavedDocument[]> {
  return guardStorage('The list of documents could not be read', async () => {
    const database = await openDatabase()
    const stars = new Set(await database.getAllKeys('stars'))
    const saved: SavedDocument[] = []
    for (const stored of await allStored()) {
      const document = await readOrSetAside(stored, onBroken)
      if (!document) continue
      const openElsewhere = document.id !== own && (await isHeld(lockOf(document.id)))
      const cover = (await database.get('covers', document.id))?.picture ?? null
      const starred = stars.has(stored.id)
      saved.push({ document, savedAt: stored.savedAt, openElsewhere, cover, starred })
    }
    return saved.sort((a, b) => Number(b.starred) - Number(a.starred))
  })
}

/** One document by its id; null where there is none, or none that can be read. */
export async function loadDocument(id: string, onBroken?: OnBroken): Promise<FusionDocument | null> {
  return guardStorage('The document could not be opened', async () => {
    const stored = await (await openDatabase()).get('documents', id)
    return stored && stored.deletedAt === undefined ? readOrSetAside(stored, onBroken) : null
  })
}

/** The document that was saved last, or null; those that cannot be read are passed over. */
export async function loadLatest(onBroken?: OnBroken): Promise<FusionDocument | null> {
  return guardStorage('The last document could not be opened', async () => {
    for (const stored of await allStored()) {
      const document = await readOrSetAside(stored, onBroken)
      if (document) return document
    }
    return null
  })
}

async function change(id: string, by: (stored: StoredDocument) => StoredDocument): Promise<void> {
  await guardStorage('The document could not be changed', async () => {
    const transaction = (await openDatabase()).transaction('documents', 'readwrite')
    const stored = await transaction.store.get(id)
    if (stored) await transaction.store.put(by(stored))
    await transaction.done
  })
}

/** Takes a document from the list; for an hour `undeleteDocument` brings it back. */
export const deleteDocument = (id: string): Promise<void> =>
  change(id, (stored) => ({ ...stored, deletedAt: Date.now() }))

export const undeleteDocument = (id: string): Promise<void> =>
  change(id, ({ deletedAt: _, ...stored }) => stored)

/** Gives a document a star or takes it away, whoever has it open. */
export const starDocument = (id: string, starred: boolean): Promise<void> => setStar(id, starred)

/**
 * Forgets for good documents and results that were deleted a while ago, covers without a document, and stars without a
 * document or a result. The files of such results are then named by nothing: the sweep finds them.
 */
export async function purgeDocuments(now = Date.now()): Promise<void> {
  await guardStorage('What was deleted could not be cleared', async () => {
    const database = await openDatabase()
    const transaction = database.transaction(['documents', 'results', 'covers', 'stars'], 'readwrite')
    const documents = transaction.objectStore('documents')
    const results = transaction.objectStore('results')
    const isOver = ({ deletedAt }: { deletedAt?: number }) =>
      deletedAt !== undefined && now - deletedAt > GRACE_MS
    for (const one of await documents.getAll()) if (isOver(one)) await documents.delete(one.id)
    for (const one of await results.getAll()) if (isOver(one)) await results.delete(one.id)
    const kept = await documents.getAllKeys()
    const starred = [...kept, ...(await results.getAllKeys())]
    for (const [store, ids] of [
      [transaction.objectStore('covers'), new Set(kept)],
      [transaction.objectStore('stars'), new Set(starred)],
    ] as const)
      for (const id of await store.getAllKeys()) if (!ids.has(id)) await store.delete(id)
    await transaction.done
  })
}

/** Saves a document that is a copy of another, with that one's cover. */
export async function duplicateDocument(copy: FusionDocument, of: string): Promise<void> {
  await saveDocument(copy)
  const cover = await (await openDatabase()).get('covers', of)
  if (cover) await saveCover(copy.id, cover.picture)
}

/** Keeps the small picture that the list shows. */
export async function saveCover(id: string, picture: Blob): Promise<void> {
  await guardStorage('The document’s picture could not be saved', async () => {
    await (await openDatabase()).put('covers', { id, picture })
  })
}

/** Gives a lock back; ends once others can take it. */
export type Release = () => Promise<void>

export interface OpenedDocument {
  document: FusionDocument
  /** The document that would have been opened, had another tab not got it; then this tab has an empty one. */
  elsewhere: FusionDocument | null
  /** True where the document was restored from storage. */
  restored: boolean
  /** Lets other tabs open it. The browser does this too when the tab closes. */
  release: Release
}

/**
 * Opens a document for this tab alone: the one that the tab had before it was reloaded (`own`), else the latest. A
 * lock keeps two tabs from overwriting each other; a second tab gets an empty document of its own.
 */
export async function openLatest(own: string | null = null, onBroken?: OnBroken): Promise<OpenedDocument> {
  const wanted = [own === null ? null : await loadDocument(own, onBroken), await loadLatest(onBroken)]
  for (const document of wanted) {
    const release = document && (await claim(document.id))
    if (release) return { document, elsewhere: null, restored: true, release }
  }
  const document = emptyDocument(newId())
  const release = (await claim(document.id)) ?? (() => Promise.resolve())
  return { document, elsewhere: wanted[1], restored: false, release }
}

/** Takes the lock of a document; null where another tab holds it. */
export async function claim(id: string): Promise<Release | null> {
  return new Promise((resolve, reject) => {
    const held = withLockIfFree(lockOf(id), (free) => {
      if (free)
        return new Promise<void>((release) =>
          resolve(() => {
            release()
            return held
          }),
        )
      resolve(null)
      return Promise.resolve()
    })
    held.catch(reject)
  })
}
