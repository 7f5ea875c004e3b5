import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

import type { Recipe } from '@/schema/recipe'

export interface StoredDocument {
  id: string
  /** Milliseconds since 1970. */
  savedAt: number
  /** As it was saved; validated when it is read. */
  document: unknown
}

/** A document that could not be read, kept for the day when someone can. */
export interface BrokenDocument extends StoredDocument {
  problem: string
}

export interface StoredResult {
  id: string
  /** Milliseconds since 1970. */
  time: number
  recipe: Recipe
  thumbnail: Blob
  /** Of the PNG. */
  bytes: number
}

export interface InlayDatabase extends DBSchema {
  documents: { key: string; value: StoredDocument; indexes: { savedAt: number } }
  broken: { key: string; value: BrokenDocument }
  results: { key: string; value: StoredResult; indexes: { time: number } }
}

const connections = new Map<string, Promise<IDBPDatabase<InlayDatabase>>>()

/** The studio's database; one connection per name. Opens it again after the browser has closed it. */
export function openDatabase(name = 'inlay'): Promise<IDBPDatabase<InlayDatabase>> {
  const known = connections.get(name)
  if (known) return known
  const forget = (): void => {
    connections.delete(name)
  }
  const opened = openDB<InlayDatabase>(name, 1, {
    upgrade(database) {
      database.createObjectStore('documents', { keyPath: 'id' }).createIndex('savedAt', 'savedAt')
      database.createObjectStore('broken', { keyPath: 'id' })
      database.createObjectStore('results', { keyPath: 'id' }).createIndex('time', 'time')
    },
    // A newer version in another tab, or a test that deletes the database, must not wait for us.
    blocking(_current, _blocked, event) {
      forget()
      ;(event.target as IDBDatabase).close()
    },
    terminated: forget,
  })
  connections.set(name, opened)
  opened.catch(forget)
  return opened
}
