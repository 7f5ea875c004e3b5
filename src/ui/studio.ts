import { createContext, useContext } from 'react'
import { useStore } from 'zustand'

import type { Outcome } from '@/worker/protocol'
import type { Mask, Raster, Rect } from '@/base/geometry'
import type { LossyFormat } from '@/base/pictureFormats'
import type { DrawableSource } from '@/canvas/drawable'
import type { DocumentState, DocumentStore } from '@/document/store'
import type { Arithmetic, BackendChoice } from '@/schema/common'
import type { Mode } from '@/schema/modes'
import type { LoraRole } from '@/schema/pack'
import type { ModeServices } from '@/ui/modeServices'
import type { DialogStore, PictureRole } from '@/ui/stores/dialogs'
import type { OfflineStore } from '@/ui/stores/offline'
import type { DocumentsStore } from '@/ui/stores/documents'
import type { ImportChoice, ImportSource, ModelsState, ModelsStore } from '@/ui/stores/models'
import type { PromptsStore } from '@/ui/stores/prompts'
import type { QueueStore } from '@/ui/stores/queue'
import type { RunState, RunStore } from '@/ui/stores/run'
import type { Settings, SettingsStore } from '@/ui/stores/settings'
import type { Sample, ShelfState, ShelfStore } from '@/ui/stores/shelf'
import type { ToastStore } from '@/ui/stores/toasts'
import type { TourStore } from '@/ui/stores/tour'
import type { ViewState, ViewStore } from '@/ui/stores/view'

/** What was painted over the whole picture to correct a cut-out; the later stroke wins. */
export interface CutoutStroke {
  stroke: Mask
  /** Else what it covers is removed. */
  keep: boolean
}

/**
 * How a cut-out is made; boxes in px of the asset. `object`: how surely each place is the main object's, over the whole
 * picture. `clean`: without the specks that are left beside the object.
 */
export type CutoutMethod = { clean: boolean } & (
  | { kind: 'object'; object: Mask; strokes: readonly CutoutStroke[] }
  | { kind: 'corner'; tolerance: number; feather: number }
  | { kind: 'box'; box: Rect }
)

/** Cut-outs as the dialog needs them: a quick look first, the full picture once chosen. */
export interface CutoutService {
  /** The picture made small enough to work on quickly, and its scale (preview px per asset px). */
  open(hash: string): Promise<Outcome<{ image: Raster; scale: number }>>
  /**
   * Has the engine find the main object, once per picture and network. Aborting gives `cancelled`.
   * @param cutter the pack that looks for it; null: the built-in network
   */
  find(hash: string, cutter: string | null, signal: AbortSignal): Promise<Outcome<Mask>>
  /** Cuts the small picture, and where specks are left in it; `onProgress` 0..1. Aborting gives `cancelled`. */
  preview(
    hash: string,
    method: CutoutMethod,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Outcome<{ image: Raster; dust: Rect[] }>>
  /** Cuts the full picture and keeps it as a new asset; its hash. */
  apply(
    hash: string,
    method: CutoutMethod,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<Outcome<string>>
}

/** Imported weights: everything that the model manager can ask for. What happens shows in the models store. */
export interface ModelsService {
  /** Finds out what files are; what they turn out to be waits in the store for the user's word. */
  inspect(files: File[]): Promise<void>
  /** The same in the middle of cutting out: networks that cut out are imported at once, all else is told. */
  takeCutters(files: File[]): Promise<void>
  /** Chooses who finds main objects; null: the built-in network. */
  setCutter(id: string | null): void
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
  /** Reads which texts are kept. */
  loadTexts(): Promise<void>
  /** Has one of klein's encoders, by its hash, read the built-in instructions, so that it can be removed. */
  keepInstructions(encoder: string): Promise<void>
  stopKeeping(): void
  exportTexts(): Promise<void>
  importTexts(file: File): Promise<void>
  /** Two seconds of measuring. */
  probe(): Promise<void>
  /** Asks the browser to keep our data. */
  persist(): Promise<void>
  setMemory(gigabytes: number): void
}

/** The studio without a network. What there is shows in its store. */
export interface OfflineService {
  store: OfflineStore
  /** Stores the built-in models, the runtime and the samples. */
  keep(): Promise<void>
  /** Stops that; what has come stays. */
  stop(): void
  remove(): Promise<void>
}

/** What Fuse makes, one after the other. What runs and waits shows in its store. */
export interface QueueService {
  store: QueueStore
  /** Lets one that waits run so many places later. */
  move(id: string, by: number): void
  /** Takes one out that waits. */
  remove(id: string): void
  clear(): void
  /** What runs ends, nothing new begins. */
  pause(): void
  goOn(): void
}

/** Every result of this browser; the shelf lists them. */
export interface GalleryService {
  /** Lists all that have not been read yet. */
  loadAll(): Promise<void>
  /** Brings back those that the shelf has as deleted. */
  undelete(): Promise<void>
  /** Sets how many bytes are kept, or null for all; what is more goes at once, and that is told. */
  setLimit(bytes: number | null): Promise<void>
  /** One with a star is kept whatever the limit. */
  star(id: string, starred: boolean): Promise<void>
  /** A result's picture in its full size; null where it cannot be read, and that has been told. */
  picture(id: string): Promise<Blob | null>
  /** Takes in PNGs that carry their recipes. What cannot be taken is told. */
  take(files: File[]): Promise<void>
  /** Stops that; what has come stays. */
  stopTaking(): void
}

/** Every document of this browser. What there is shows in its store; what goes wrong is told. */
export interface DocumentsService {
  store: DocumentsStore
  /** Reads the list anew. */
  refresh(): Promise<void>
  /** Turns to another document; the open one is kept. */
  open(id: string): Promise<void>
  /** Turns to a new document; an empty one is new enough. @param mode what it is for; Place where none is given */
  startNew(mode?: Mode): Promise<void>
  /** An empty name lets the title be found again. */
  rename(id: string, name: string): Promise<void>
  duplicate(id: string): Promise<void>
  /** One with a star stands before the others. */
  star(id: string, starred: boolean): Promise<void>
  /** Takes it from the list; `undelete` brings the last one back. */
  remove(id: string): Promise<void>
  undelete(): Promise<void>
  /** What could not be read, as a file. */
  downloadAside(id: string): Promise<void>
  removeAside(id: string): Promise<void>
}

/** Documents with their pictures and results as files of the user's. How far one is shows in the documents store. */
export interface ProjectsService {
  /** Saves a document as project file, the open one where none is named. Call it on a user's action. */
  save(id?: string): Promise<void>
  /** Opens project files as new documents; the last one is then shown. */
  open(files: File[]): Promise<void>
  stop(): void
}

/** Everything the panels can ask for that is more than a change of the document or the view. */
export interface StudioActions {
  openBackground(): void
  addForegrounds(): void
  /** Lets choose pictures of the kind that the mode works on. */
  choosePictures(): void
  /** Shows or hides what the mode can lay over its pictures. */
  toggleOverlay(): void
  /** Takes back how the mode is looked at, where that is not as it begins. */
  stepBack(): void
  importFiles(files: File[], role: PictureRole | 'auto'): Promise<void>
  loadSample(sample: Sample): Promise<void>
  cutOut(layerId: string): Promise<void>
  /** Takes the specks beside a foreground's object away. */
  removeDust(layerId: string): Promise<void>
  fuse(): Promise<void>
  stop(): void
  accept(): void
  discard(): void
  /** The staged result once more, from another seed or whatever else the mode varies. */
  another(): Promise<void>
  /** The staged result, or else the picture as it stands, as PNG. */
  download(): Promise<void>
  /** The same in another format, without its recipe; false: there is none, it was stopped, or it was told what went wrong. @param quality 0..1 */
  exportAs(format: LossyFormat, quality: number, signal: AbortSignal): Promise<boolean>
  /** Bytes of decoded pictures: ready to be drawn, and at hand in the pixel worker. */
  pictureMemory(): Promise<{ drawn: number; worker: number }>
  /** Whether the background has 16 bits a channel, which a PNG may keep. */
  canExportDeep(): Promise<boolean>
  /** The picture as PNG of 16 bits a channel, with its recipe; false as for `exportAs`. */
  exportDeep(signal: AbortSignal): Promise<boolean>
  /** The same as a Photoshop document with its layers, where the mode has some. */
  downloadLayers(): Promise<void>
  stageResult(id: string): Promise<void>
  downloadResult(id: string): Promise<void>
  restoreResult(id: string): Promise<void>
  /** A toast offers to bring it back. */
  deleteResult(id: string): Promise<void>
  /** Deletes it for good, at once. */
  removeResult(id: string): Promise<void>
  /** Lists the next older results. */
  moreResults(): Promise<void>
  setBackend(backend: BackendChoice): void
  setArithmetic(arithmetic: Arithmetic): void
  restartEngine(): void
  rollSeed(): void
  /** Puts a staged result back and turns to another mode. */
  setMode(mode: Mode): void
  /** What becomes of a picture that was made beside the document. */
  acceptAs(use: 'background' | 'layer'): void
  openModels(): void
  openDocuments(): void
  openSettings(): void
  openGallery(): void
  /** Shows the studio's main controls one by one. */
  startTour(): Promise<void>
  /** Lets choose project files. */
  openProjects(): void
}

/** What the browser keeps from this page. */
export interface Limits {
  /** Plain http from another machine: no GPU, no threads, no locks between tabs. */
  insecure: boolean
  /** Secure, but served without the headers that threads need (COOP, COEP). */
  singleThreaded: boolean
  /** Nothing can be stored. */
  forgetful: boolean
}

/** The studio as the user interface sees it; `app` makes it. */
export interface Studio {
  limits: Limits
  document: DocumentStore
  view: ViewStore
  run: RunStore
  toasts: ToastStore
  dialogs: DialogStore
  settings: SettingsStore
  prompts: PromptsStore
  tour: TourStore
  shelf: ShelfStore
  models: ModelsStore
  queue: QueueService
  drawables: DrawableSource
  /** Calls back whenever a drawable has become ready. */
  onDrawable(listener: () => void): () => void
  cutouts: CutoutService
  weights: ModelsService
  documents: DocumentsService
  projects: ProjectsService
  gallery: GalleryService
  offline: OfflineService
  /** What each mode has for its own panels. */
  modes: ModeServices
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
export const useSettings = <T>(select: (state: Settings) => T): T => useStore(useStudio().settings, select)
