import * as v from 'valibot'

import { problemOf, type Problem } from '@/base/errors'
import { emptyDocument, FusionDocument } from '@/schema/document'
import { openDatabase, type StoredDocument } from '@/storage/database'
import { guardStorage } from '@/storage/quota'

/** Documents kept beside the current one; older ones are forgotten. */
const KEPT = 20

export interface LoadOptions {
  /** Called for each document that could not be read; it has been set aside, not deleted. */
  onBroken?: (problem: Problem) => void
  /** Documents to pass over, because another tab has them open. */
  skip?: (id: string) => boolean
}

/** Saves a document under its id, now being the latest. Throws `storage-full`, `storage-failed`. */
export async function saveDocument(document: FusionDocument): Promise<void> {
  await guardStorage('The document could not be saved', async () => {
    const database = await openDatabase()
    const transaction = database.transaction('documents', 'readwrite')
    const index = transaction.store.index('savedAt')
    // Strictly later than every other, also when the clock was set back.
    const last = (await index.openCursor(null, 'prev'))?.value.savedAt ?? 0
    await transaction.store.put({ id: document.id, savedAt: Math.max(Date.now(), last + 1), document })
    const keys = await index.getAllKeys()
    for (const key of keys.slice(0, Math.max(0, keys.length - KEPT))) await transaction.store.delete(key)
    await transaction.done
  })
}

/**
 * The document that was saved last, or null. One that cannot be read is moved aside and reported through `onBroken`,
 * and the one before it is tried.
 */
export async function loadLatest(options: LoadOptions = {}): Promise<FusionDocument | null> {
  return guardStorage('The last document could not be opened', async () => {
    const database = await openDatabase()
    const all = await database.getAllFromIndex('documents', 'savedAt')
    for (const stored of all.reverse()) {
      if (options.skip?.(stored.id)) continue
      const result = v.safeParse(FusionDocument, stored.document)
      if (result.success) return result.output
      const issue = result.issues[0]
      const reason = `${v.getDotPath(issue) ?? 'document'}: ${issue.message}`
      await setAside(stored, reason)
      options.onBroken?.({
        code: 'bad-document',
        message: 'Your last document could not be read.',
        hint: 'It was set aside and not deleted; please report the detail below.',
        detail: reason,
      })
    }
    return null
  })
}

async function setAside(stored: StoredDocument, problem: string): Promise<void> {
  const database = await openDatabase()
  const transaction = database.transaction(['documents', 'broken'], 'readwrite')
  await transaction.objectStore('broken').put({ ...stored, id: `${stored.id}@${stored.savedAt}`, problem })
  await transaction.objectStore('documents').delete(stored.id)
  await transaction.done
}

/** Hashes of the pictures that any stored document (broken ones too) still names. */
export async function storedAssetHashes(): Promise<Set<string>> {
  return guardStorage('The documents could not be read', async () => {
    const database = await openDatabase()
    const all = [...(await database.getAll('documents')), ...(await database.getAll('broken'))]
    const text = JSON.stringify(all.map(({ document }) => document))
    return new Set(text.match(/\b[0-9a-f]{64}\b/g) ?? [])
  })
}

export interface OpenedDocument {
  document: FusionDocument
  /** The latest document is open in another tab, so that this tab got an empty one of its own. */
  openElsewhere: boolean
  /** True where the document was restored from storage. */
  restored: boolean
  /** Lets other tabs open it. The browser does this too when the tab closes. */
  release(): void
}

/**
 * Opens the latest document for this tab alone: a Web Lock keeps two tabs from overwriting each other. A second tab
 * gets an empty document of its own. Works without Web Locks too, then without that protection.
 */
export async function openLatest(options: Omit<LoadOptions, 'skip'> = {}): Promise<OpenedDocument> {
  const latest = await loadLatest(options)
  if (latest) {
    const release = await claim(latest.id)
    if (release) return { document: latest, openElsewhere: false, restored: true, release }
  }
  const document = emptyDocument(crypto.randomUUID())
  const release = (await claim(document.id)) ?? (() => undefined)
  return { document, openElsewhere: latest !== null, restored: false, release }
}

/** Takes the lock of a document; null where another tab holds it. */
export async function claim(id: string): Promise<(() => void) | null> {
  if (!('locks' in navigator)) return () => undefined
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(`inlay-document:${id}`, { ifAvailable: true }, (lock) => {
        if (!lock) {
          resolve(null)
          return undefined
        }
        return new Promise<void>((release) => resolve(release))
      })
      .catch(reject)
  })
}

/** What autosave needs of the document store. */
export interface DocumentSource {
  getState(): { document: FusionDocument }
  subscribe(listener: () => void): () => void
}

export type SaveStatus = { kind: 'saved' } | { kind: 'pending' } | { kind: 'failed'; problem: Problem }

export interface AutosaveOptions {
  /** Milliseconds of quiet before a save. Default 600. A steady stream of changes is saved every ten times that. */
  delayMs?: number
  onStatus?: (status: SaveStatus) => void
}

export interface Autosave {
  /** Saves now what is not saved yet. Never throws: a failure is a status, and the next change tries again. */
  flush(): Promise<void>
  /** Stops watching; saves nothing more. */
  stop(): void
}

/** Saves the document some time after it changes. */
export function createAutosave(store: DocumentSource, options: AutosaveOptions = {}): Autosave {
  const delay = options.delayMs ?? 600
  let saved = store.getState().document
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitingSince = 0
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const save = async (): Promise<void> => {
    const { document } = store.getState()
    if (stopped || document === saved) return
    try {
      await saveDocument(document)
      saved = document
      if (store.getState().document === document) options.onStatus?.({ kind: 'saved' })
    } catch (error) {
      options.onStatus?.({ kind: 'failed', problem: problemOf(error) })
    }
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    running = running.then(save)
    return running
  }
  const unsubscribe = store.subscribe(() => {
    if (store.getState().document === saved) return
    options.onStatus?.({ kind: 'pending' })
    if (timer === undefined) waitingSince = Date.now()
    else if (Date.now() - waitingSince > delay * 10) return
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), delay)
  })
  return {
    flush,
    stop: () => {
      stopped = true
      clearTimeout(timer)
      unsubscribe()
    },
  }
}
