import { createStore, type StoreApi } from 'zustand/vanilla'

import type { Problem } from '@/base/errors'

/** What there is without a network. Sizes in bytes. */
export interface OfflineState {
  /**
   * `none`: the browser stores no studio here (plain http, the development server, private windows).
   * `preparing`: what the studio needs to open is being stored. `ready`: it opens without a network.
   */
  studio: 'none' | 'preparing' | 'ready'
  /** Of the built-in models, the runtime and the samples. */
  keptBytes: number
  totalBytes: number
  keeping: boolean
  /** The page came without what threads need, and comes with it when it is loaded again. */
  reloadHelps: boolean
  problem: Problem | null
}

/** Written by `app`, read by the panels. */
export type OfflineStore = StoreApi<OfflineState>

export const createOfflineStore = (): OfflineStore =>
  createStore<OfflineState>(() => ({
    studio: 'none',
    keptBytes: 0,
    totalBytes: 0,
    keeping: false,
    reloadHelps: false,
    problem: null,
  }))
