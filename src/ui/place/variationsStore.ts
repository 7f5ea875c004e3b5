import { createStore, type StoreApi } from 'zustand/vanilla'

import type { PhotoScene } from '@/schema/modes/place'

/** One of the lights that a photo may have, as a seed reads it. */
export interface Variation {
  seed: string
  /** null: it is being read. */
  scene: PhotoScene | null
  /** Address of a small picture in this light; null: it is being drawn, or could not be. */
  picture: string | null
}

export interface VariationsState {
  /** Empty: there is nothing to choose from. */
  variations: readonly Variation[]
  /** Seed of the one that is on the canvas, or on its way there. */
  chosen: string
}

/** The lights to choose from after Fuse; nothing of it is part of the document. Written by `app`. */
export type VariationsStore = StoreApi<VariationsState>

export const createVariationsStore = (): VariationsStore =>
  createStore<VariationsState>(() => ({ variations: [], chosen: '' }))
