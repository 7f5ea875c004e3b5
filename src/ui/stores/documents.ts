import { createStore, type StoreApi } from 'zustand/vanilla'

import type { Problem } from '@/base/errors'

/** A document as the list shows it. */
export interface ListedDocument {
  id: string
  title: string
  /** What the user called it; empty where the title was found for them. */
  name: string
  /** When it was last opened or changed, ms since 1970. */
  time: number
  /** Address of a small picture, or null. */
  cover: string | null
  /** This tab has it open, or another has. */
  open: 'here' | 'elsewhere' | null
  starred: boolean
}

/** Something that could not be read and was set aside. */
export interface AsideItem {
  id: string
  kind: 'document' | 'result'
  time: number
  problem: string
}

/** A project file that is being written or read. */
export interface ProjectTransfer {
  kind: 'saving' | 'opening'
  /** Of the document, or the file's name. */
  title: string
  /** 0..1 */
  fraction: number
  stopping: boolean
}

export interface DocumentsState {
  listing: { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; problem: Problem }
  /** Those with a star before the others, the latest first. */
  documents: ListedDocument[]
  aside: AsideItem[]
  /** The last one that was deleted, while the list is shown. */
  deleted: { id: string; title: string } | null
  transfer: ProjectTransfer | null
}

/** Every document of this browser. Written by `app`, read by the list. */
export type DocumentsStore = StoreApi<DocumentsState>

export const createDocumentsStore = (): DocumentsStore =>
  createStore<DocumentsState>(() => ({
    listing: { kind: 'loading' },
    documents: [],
    aside: [],
    deleted: null,
    transfer: null,
  }))
