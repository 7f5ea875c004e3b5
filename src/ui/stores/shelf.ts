import type { KnownLooks } from '@/base/pictureLooks'
import type { PhotoScene } from '@/schema/modes/place'
import type { Recipe } from '@/schema/recipe'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** One stored result as the history strip shows it. */
export interface ShelfItem {
  id: string
  /** When it came into this browser, ms since 1970: by this they are in order. */
  time: number
  /** When it was made, where that was elsewhere. */
  made?: number
  recipe: Recipe
  /** Address of a small picture. */
  thumbnail: string
  /** Of its PNG. */
  bytes: number
  /** Kept whatever the limit. */
  starred: boolean
  /** The document that it was made in, where that is known. */
  documentId?: string
}

/** When a result was made, ms since 1970. */
export const madeAt = ({ made, time }: Pick<ShelfItem, 'made' | 'time'>): number => made ?? time

/** A sample scene, as `public/samples/samples.json` lists it; addresses are resolved. */
export interface Sample {
  id: string
  title: string
  background: string
  /** Bottom to top; boxes are x, y, width, height in background px. */
  foregrounds: { name: string; picture: string; box: [number, number, number, number] }[]
  /** Camera and light as they were set by hand for it; without, the photo is asked as any other. */
  scene?: PhotoScene
}

export type SaveState = 'saved' | 'pending' | 'failed'

export interface ShelfState {
  /** Newest first. */
  results: ShelfItem[]
  /** Older results have not been read yet. */
  moreResults: boolean
  /** Results that were deleted, as long as Undo brings them back. */
  deleted: ShelfItem[]
  /** What was taken in is more than the limit of results: the gallery asks what is to go. */
  overLimit: boolean
  samples: Sample[]
  /** Addresses of small pictures by asset hash. */
  thumbnails: Record<string, string>
  looks: KnownLooks
  save: SaveState
  /** Pictures are being read. */
  importing: number
  /** Results are being taken in from files: how much is done, 0..1. */
  taking: { fraction: number; stopping: boolean } | null
}

/** Things that stand ready beside the document: results, samples, thumbnails. Written by `app`. */
export type ShelfStore = StoreApi<ShelfState>

export const createShelfStore = (): ShelfStore =>
  createStore<ShelfState>(() => ({
    results: [],
    moreResults: false,
    deleted: [],
    overLimit: false,
    samples: [],
    thumbnails: {},
    looks: {},
    save: 'saved',
    importing: 0,
    taking: null,
  }))
