import { createContext, useContext } from 'react'
import { useStore } from 'zustand'

import type { AlignRecord, Outcome } from '@/worker/protocol'
import type { Raster, Rect } from '@/base/geometry'
import type { DrawableSource } from '@/canvas/drawable'
import type { PairRule } from '@/document/alignQueries'
import type { DocumentState, DocumentStore } from '@/document/store'
import type { BackendChoice } from '@/schema/common'
import type { Mode } from '@/schema/document'
import type { LoraRole } from '@/schema/pack'
import type { PairPicture } from '@/schema/preferences'
import type { AlignRecipe } from '@/schema/recipe'
import type { AlignState, AlignStore } from '@/ui/stores/align'
import type { DialogStore, PictureRole } from '@/ui/stores/dialogs'
import type { ImportChoice, ImportSource, ModelsState, ModelsStore } from '@/ui/stores/models'
import type { PreferencesState, PreferencesStore } from '@/ui/stores/preferences'
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

/** What the browser says about our storage; null where it does not say. */
export interface StorageUse {
  usedBytes: number | null
  quotaBytes: number | null
  /** The browser has promised not to clear our data by itself. */
  persistent: boolean
}

/** Imported weights: everything that the model manager can ask for. What happens shows in the models store. */
export interface ModelsService {
  /** Finds out what files are; what they turn out to be waits in the store for the user's word. */
  inspect(files: File[]): Promise<void>
  /** Settles how a group will be imported. */
  choose(groupId: string, choice: ImportChoice): void
  /** Imports a group as it is settled. */
  importFound(groupId: string): void
  /** Forgets a group that was found. */
  dismiss(groupId: string): void
  startImport(source: ImportSource, choice: ImportChoice): void
  /** Stops an import; what it has written stays. */
  stopImport(taskId: string): void
  /** Goes on with a stopped or failed import of this session. */
  resumeImport(taskId: string): void
  dropImport(taskId: string): void
  /** Goes on with an import of an earlier session; one from files waits until they are dropped again. */
  resumeUnfinished(id: string): void
  forgetUnfinished(id: string): void
  /** Throws away what unfinished imports have left on the disk. */
  clearUnfinished(): Promise<void>
  verify(id: string): Promise<void>
  rename(id: string, name: string, role: LoraRole | null): Promise<void>
  remove(id: string): Promise<void>
  /** Copies a pack's files into a folder of the user's, or downloads them. */
  saveCopy(id: string): Promise<void>
  /** Two seconds of measuring. */
  probe(): Promise<void>
  /** Asks the browser to keep our data. */
  persist(): Promise<void>
  setMemory(gigabytes: number): void
}

/** The gallery of Align. What runs shows in the run store. */
export interface AlignService {
  store: AlignStore
  /** Samples as many new seeds as the document says. */
  sample(): Promise<void>
  /** Makes some of the gallery's pictures anew, with the prompt and the settings as they are. */
  sampleAgain(ids: string[]): Promise<void>
  choosePictures(): void
  /** The user's own pictures, inverted (beyond the paper). */
  addPictures(files: File[]): Promise<void>
  /** A target for every pair that the rule draws from the gallery. */
  makePairs(rule: PairRule): Promise<void>
  /** How a result of this session came about. */
  record(resultId: string): AlignRecord | null
}

/** A finished run of Align, as pairs for preference training are made of it. */
export interface AlignedRun {
  recipe: AlignRecipe
  record: AlignRecord
  /** The target's picture. */
  target: Raster
}

/** Pairs for preference training. What happens shows in the preferences store. */
export interface PreferencesService {
  /**
   * Hears of every finished run before its result is shown, and keeps it where the switch says so, or `always`, unless
   * it makes no pair or its winner scores no better than the base. Never throws.
   */
  onAligned(run: AlignedRun, always?: boolean): Promise<void>
  /** Keeps the newest run as a pair; `winner` where no test has said which run it is. */
  keep(winner?: 'target' | 'reference'): Promise<void>
  setAutomatic(automatic: boolean): void
  /** A pair's small picture; null where it is gone. */
  picture(id: string, which: PairPicture): Promise<Blob | null>
  choose(id: string, chosen: boolean): void
  remove(id: string): Promise<void>
  /** Writes the chosen pairs, or all, into one archive on the user's disk. Call it on a user's action. */
  exportPairs(): Promise<void>
  /** Brings the pairs of an archive back. */
  importArchive(file: File): Promise<void>
  /** Stops an export or an import; what an import has brought back stays. */
  stopTransfer(): void
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
  /** Puts a staged result back and turns to another mode. */
  setMode(mode: Mode): void
  addReferences(): void
  /** Cuts the picture of a reference out. */
  cutOutReference(id: string): Promise<void>
  /** A stored result as a reference. */
  referenceFromResult(id: string): Promise<void>
  /** What becomes of a composed picture. */
  acceptAs(use: 'background' | 'layer'): void
  /** The response maps of the staged result as one PNG. */
  exportMaps(): Promise<void>
  openModels(): void
}

/** The studio as the user interface sees it; `app` makes it. */
export interface Studio {
  document: DocumentStore
  view: ViewStore
  run: RunStore
  toasts: ToastStore
  dialogs: DialogStore
  shelf: ShelfStore
  models: ModelsStore
  drawables: DrawableSource
  /** Calls back whenever a drawable has become ready. */
  onDrawable(listener: () => void): () => void
  cutouts: CutoutService
  weights: ModelsService
  align: AlignService
  preferences: PreferencesStore
  pairs: PreferencesService
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
export const useModels = <T>(select: (state: ModelsState) => T): T => useStore(useStudio().models, select)
export const useShelf = <T>(select: (state: ShelfState) => T): T => useStore(useStudio().shelf, select)
export const usePreferences = <T>(select: (state: PreferencesState) => T): T =>
  useStore(useStudio().preferences, select)
export const useAlign = <T>(select: (state: AlignState) => T): T => useStore(useStudio().align.store, select)
