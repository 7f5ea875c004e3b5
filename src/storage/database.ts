import { openDB, unwrap, wrap, type DBSchema, type IDBPDatabase } from 'idb'

export interface StoredDocument {
  id: string
  /** Milliseconds since 1970. */
  savedAt: number
  /** As it was saved, whatever the version; read with `readDocument`. */
  document: unknown
  /** When the user deleted it, ms since 1970; for a while it can be brought back. */
  deletedAt?: number
}

/** The small picture of a document in the list. */
export interface StoredCover {
  /** The document's. */
  id: string
  picture: Blob
}

/** The mark of a document that stands before the others in the list, or of a result that is kept whatever the limit. */
export interface StoredStar {
  /** The document's or the result's. */
  id: string
}

/** A run or an import that is going on; one whose tab is gone was interrupted. */
export interface Interruption {
  id: string
  documentId: string
  kind: 'fuse' | 'queue' | 'sample' | 'pairs' | 'try' | 'import' | 'models'
  /** Milliseconds since 1970. */
  time: number
}

/** An index entry as it lies there, whatever the version; read with `readStoredResult`. */
export interface ResultEntry {
  id: string
  time: number
  /** Of its PNG; every version so far says it. */
  bytes?: number
  /** When the user deleted it, ms since 1970; for a while it can be brought back. */
  deletedAt?: number
}

/** Something that could not be read, kept for the day when someone can. */
export interface AsideEntry {
  /** Of what it was, and when it was set aside: the same document may break twice. */
  id: string
  kind: 'document' | 'result'
  /** The id that it had. */
  of: string
  /** Milliseconds since 1970. */
  time: number
  problem: string
  value: unknown
}

export interface InlayDatabase extends DBSchema {
  documents: { key: string; value: StoredDocument; indexes: { savedAt: number } }
  results: { key: string; value: ResultEntry; indexes: { time: number } }
  aside: { key: string; value: AsideEntry }
  covers: { key: string; value: StoredCover }
  stars: { key: string; value: StoredStar }
  interruptions: { key: string; value: Interruption }
}

const closedListeners = new Set<() => void>()

/** Hears that the browser has closed the studio's database by itself, as it does where it deletes what an origin has stored. */
export const onDatabaseClosed = (listener: () => void): void => void closedListeners.add(listener)

const connections = new Map<string, Promise<IDBPDatabase<InlayDatabase>>>()

/** The studio's database; one connection per name. Opens it again after the browser has closed it. */
export function openDatabase(name = 'inlay'): Promise<IDBPDatabase<InlayDatabase>> {
  const known = connections.get(name)
  if (known) return known
  const forget = (): void => {
    connections.delete(name)
  }
  const opened = openDB<InlayDatabase>(name, 3, {
    upgrade(database, from, _to, transaction) {
      if (from < 1) {
        database.createObjectStore('documents', { keyPath: 'id' }).createIndex('savedAt', 'savedAt')
        database.createObjectStore('results', { keyPath: 'id' }).createIndex('time', 'time')
      }
      if (from < 2)
        for (const store of ['aside', 'covers', 'interruptions'] as const)
          database.createObjectStore(store, { keyPath: 'id' })
      database.createObjectStore('stars', { keyPath: 'id' })
      if (from === 1) void moveBroken(unwrap(database), unwrap(transaction))
    },
    // A newer version in another tab, or a test that deletes the database, must not wait for us.
    blocking(_current, _blocked, event) {
      forget()
      ;(event.target as IDBDatabase).close()
    },
    terminated() {
      forget()
      for (const listener of closedListeners) listener()
    },
  })
  connections.set(name, opened)
  opened.catch(forget)
  return opened
}

/** Version 1 set documents alone aside, in a store of their own. */
async function moveBroken(database: IDBDatabase, transaction: IDBTransaction): Promise<void> {
  interface OldBroken extends StoredDocument {
    problem: string
  }
  const old = (await wrap(transaction.objectStore('broken').getAll())) as OldBroken[]
  const aside = transaction.objectStore('aside')
  for (const { id, savedAt: time, document: value, problem } of old)
    aside.put({ id, kind: 'document', of: id.split('@')[0], time, problem, value } satisfies AsideEntry)
  database.deleteObjectStore('broken')
}
