import { createStore, type StoreApi } from 'zustand/vanilla'

interface MixState {
  /** The object whose place is being drawn; null: nothing is drawn. */
  drawing: number | null
}

/** How Mix is worked with. */
export type MixStore = StoreApi<MixState>

export const createMixStore = (): MixStore => createStore<MixState>(() => ({ drawing: null }))
