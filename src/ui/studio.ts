import { createContext, useContext } from 'react'
import { useStore } from 'zustand'

import type { Outcome } from '@/worker/protocol'
import type { Raster, Rect } from '@/base/geometry'
import type { DrawableSource } from '@/canvas/drawable'
import type { DocumentState, DocumentStore } from '@/document/store'
import type { BackendChoice } from '@/schema/common'
import type { DialogStore, PictureRole } from '@/ui/stores/dialogs'
import type { RunState, RunStore } from '@/ui/stores/run'
import type { Sample, ShelfState, ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ViewState, ViewStore } from '@/ui/stores/view'

/** How a cut-out is made; boxes in px of the asset. */
export type CutoutMethod = { kind: 'corner'; tolerance: number; feather: number } | { kind: 'box'; box: Rect }

/** Cut-outs as the dialog needs them: a quick look first, the full picture once chosen. */
export interface CutoutService {
  /** The picture made small enough to work on quickly, and its scale (preview px per asset px). */
  open(hash: string): Promise<Outcome<{ image: Raster; scale: number }>>
  /** Cuts the small picture; `onProgress` 0..1. Aborting gives a `cancelled` problem. */
  preview(
    hash: string,
    method: CutoutMethod,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Outcome<Raster>>
  /** Cuts the full picture and keeps it as a new asset; its hash. */
  apply(
    hash: string,
    method: CutoutMethod,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Outcome<string>>
}

/** Everything the panels can ask for that is more than a change of the document or the view. */
export interface StudioActions {
  openBackground(): void
  addForegrounds(): void
  importFiles(files: File[], role: PictureRole | 'auto'): Promise<void>
  loadSample(sample: Sample): Promise<void>
  newDocument(): void
  cutOut(layerId: string): Promise<void>
  fuse(): Promise<void>
  stop(): void
  accept(): void
  discard(): void
  anotherSeed(): Promise<void>
  /** The staged result, or else the picture as it stands, as PNG. */
  download(): Promise<void>
  stageResult(id: string): Promise<void>
  downloadResult(id: string): Promise<void>
  restoreResult(id: string): Promise<void>
  deleteResult(id: string): Promise<void>
  setBackend(backend: BackendChoice): void
  restartEngine(): void
  rollSeed(): void
}

/** The studio as the user interface sees it; `app` makes it. */
export interface Studio {
  document: DocumentStore
  view: ViewStore
  run: RunStore
  toasts: ToastStore
  dialogs: DialogStore
  shelf: ShelfStore
  drawables: DrawableSource
  /** Calls back whenever a drawable has become ready. */
  onDrawable(listener: () => void): () => void
  cutouts: CutoutService
  /** Set by the canvas while it is shown. */
  canvas: { cancelGesture(): boolean }
  actions: StudioActions
}

const StudioContext = createContext<Studio | null>(null)
export const StudioProvider = StudioContext.Provider

export function useStudio(): Studio {
  const studio = useContext(StudioContext)
  if (!studio) throw new Error('useStudio outside of StudioProvider')
  return studio
}

export const useDocument = <T>(select: (state: DocumentState) => T): T =>
  useStore(useStudio().document, select)
export const useView = <T>(select: (state: ViewState) => T): T => useStore(useStudio().view, select)
export const useRun = <T>(select: (state: RunState) => T): T => useStore(useStudio().run, select)
export const useShelf = <T>(select: (state: ShelfState) => T): T => useStore(useStudio().shelf, select)
