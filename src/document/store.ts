import type { Draft } from 'immer'
import { createStore, type StoreApi } from 'zustand/vanilla'

import { hashesIn } from '@/base/hashes'
import { History, type HistoryOptions } from '@/document/history'
import type { FusionDocument } from '@/schema/document'

export interface DocumentState {
  document: FusionDocument
  /** Id of the selected layer. */
  selection: string | null
  canUndo: boolean
  canRedo: boolean
  /** What undo and redo would do, for tooltips: "Move dog". */
  undoLabel: string | null
  redoLabel: string | null
  /** A gesture is open: something is being dragged. */
  inGesture: boolean
  /** Grows with every new step, undo and redo; stays while a step goes on. */
  revision: number
}

/** Changes to the document; every one goes through here. Commands with a meaning are in `commands.ts`. */
export interface DocumentActions {
  /**
   * One undoable step (or a part of the open gesture). Steps that share a merge key in quick succession are one;
   * `mergeWithin` says how quick, ms.
   */
  apply(
    label: string,
    recipe: (draft: Draft<FusionDocument>) => void,
    mergeKey?: string,
    mergeWithin?: number,
  ): void
  /** A change that is no step, for what can be worked out again from the rest. */
  amend(recipe: (draft: Draft<FusionDocument>) => void): void
  /** Opens a gesture: all changes until `commit` are one step; `cancel` takes them back. */
  begin(label: string): void
  commit(): void
  cancel(): void
  undo(): void
  redo(): void
  select(layerId: string | null): void
  /** Another document: history and selection start over. */
  replace(document: FusionDocument): void
}

export interface DocumentStore extends StoreApi<DocumentState> {
  readonly actions: DocumentActions
  /** Hashes of all pictures that the document names, or that undo and redo can bring back. */
  liveAssets(): string[]
}

/** The document with its history, as a vanilla zustand store. Only `actions` may change it. */
export function createDocumentStore(initial: FusionDocument, options: HistoryOptions = {}): DocumentStore {
  const history = new History<FusionDocument>(initial, options)
  const view = (selection: string | null): DocumentState => ({
    document: history.current,
    selection: history.current.layers.some(({ id }) => id === selection) ? selection : null,
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    undoLabel: history.undoLabel,
    redoLabel: history.redoLabel,
    inGesture: history.inGesture,
    revision: history.revision,
  })
  const store = createStore<DocumentState>(() => view(null))
  const refresh = (): void => store.setState(view(store.getState().selection))
  const after =
    <A extends unknown[]>(run: (...args: A) => void) =>
    (...args: A): void => {
      run(...args)
      refresh()
    }
  const actions: DocumentActions = {
    apply: after((label, recipe, mergeKey, mergeWithin) =>
      history.apply(label, recipe, mergeKey ?? null, mergeWithin),
    ),
    amend: after((recipe) => history.amend(recipe)),
    begin: after((label) => history.begin(label)),
    commit: after(() => history.commit()),
    cancel: after(() => history.cancel()),
    undo: after(() => history.undo()),
    redo: after(() => history.redo()),
    replace: after((document) => history.reset(document)),
    select: (layerId) => store.setState(view(layerId)),
  }
  const liveAssets = () => [...new Set(hashesIn(history.text))]
  return Object.assign(store, { actions, liveAssets })
}
