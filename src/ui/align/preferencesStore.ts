import type { Problem } from '@/base/errors'
import type { PreferencePair, StoredPair } from '@/schema/preferences'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** What can be kept of the newest run of Align. */
export type PairOffer =
  | { kind: 'none' }
  /**
   * `judged`: the adoption test has said which run wins; otherwise the user does. `better`: the winner scores above the
   * base, as pairs that are kept by themselves must.
   */
  | { kind: 'ready'; judged: boolean; better: boolean }
  | { kind: 'keeping' }
  | { kind: 'kept'; id: string }
  /** It makes no pair; why, in words for the user. */
  | { kind: 'refused'; problem: Problem }
  | { kind: 'failed'; problem: Problem; winner: PreferencePair['winner'] }

/** An archive that is being written or read. */
export type PairTransfer =
  | { kind: 'none' }
  | { kind: 'exporting' | 'importing'; done: number; total: number; stopping: boolean }
  | { kind: 'failed'; problem: Problem }

export interface PreferencesState {
  listing: { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; problem: Problem }
  /** Newest first. */
  pairs: StoredPair[]
  /** Ids of the pairs that are ticked for export; empty means all. */
  chosen: ReadonlySet<string>
  /** Every run of Align is kept as a pair. */
  automatic: boolean
  offer: PairOffer
  transfer: PairTransfer
}

/** Pairs kept for preference training. Written by `app`, read by the panel. */
export type PreferencesStore = StoreApi<PreferencesState>

export const createPreferencesStore = (automatic = false): PreferencesStore =>
  createStore<PreferencesState>(() => ({
    listing: { kind: 'loading' },
    pairs: [],
    chosen: new Set(),
    automatic,
    offer: { kind: 'none' },
    transfer: { kind: 'none' },
  }))
