import type { Recipe } from '@/schema/recipe'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** What a dropped picture is to become. */
export type PictureRole = 'background' | 'foreground'

export type DialogState =
  | { kind: 'settings' }
  | {
      kind: 'recipe'
      name: string
      recipe: Recipe
      /** Names of pictures that this browser does not have. */
      missing: string[]
      answer(choice: 'restore' | 'picture' | null): void
    }
  /** Cut out the picture of an asset; answers with the new asset's hash, 'keep', or null to cancel. */
  | { kind: 'cutout'; hash: string; name: string; answer(choice: CutoutAnswer): void }
  /** The open document could not be saved: whether another takes its place all the same. */
  | { kind: 'unsaved'; title: string; answer(leave: boolean): void }
  | { kind: 'documents' }
  /** `beside`: ids of results to be looked at side by side. */
  | { kind: 'gallery'; beside?: readonly string[] }
  /** The picture in a format of the user's choice. */
  | { kind: 'export' }
  | { kind: 'models' }
  /** A reference seen large; the face is drawn here. */
  | { kind: 'reference'; id: string }

export type CutoutAnswer = { kind: 'cut'; hash: string } | { kind: 'keep' } | { kind: 'cancel' }

/** The one dialog that is open, if any. Dialogs answer through the callback in their state. */
export type DialogStore = StoreApi<{ dialog: DialogState | null }>

export const createDialogStore = (): DialogStore =>
  createStore<{ dialog: DialogState | null }>(() => ({ dialog: null }))
