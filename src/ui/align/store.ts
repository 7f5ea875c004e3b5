import type { AlignRole } from '@/document/align/commands'
import type { WordMaps } from '@/worker/protocol'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** One of the three pictures that Align shows. */
export type AlignView = AlignRole | 'target'

export interface AlignState {
  /** Words' attention of the gallery's pictures by candidate; kept as long as the page. */
  maps: Record<string, WordMaps>
  /** The role that a click on a picture of the gallery gives. */
  nextRole: AlignRole
  /** The step that is looked at, from 0; null: the finished pictures. */
  step: number | null
  /** The one picture that is shown large; null: side by side. */
  large: AlignView | null
  /** Whether the words' region lies over the pictures. */
  mask: boolean
  /** Shows pixels as squares. */
  crisp: boolean
}

/** What somebody looks at in Align; nothing of it is part of the document. Maps are written by `app`. */
export type AlignStore = StoreApi<AlignState>

export const createAlignStore = (): AlignStore =>
  createStore<AlignState>(() => ({
    maps: {},
    nextRole: 'reference',
    step: null,
    large: null,
    mask: true,
    crisp: false,
  }))
