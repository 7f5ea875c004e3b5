import { createStore, type StoreApi } from 'zustand/vanilla'

/** The step that is shown, from 0; null while there is no tour. */
export type TourStore = StoreApi<{ step: number | null }>

export const createTourStore = (): TourStore => createStore<{ step: number | null }>(() => ({ step: null }))
