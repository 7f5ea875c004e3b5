import type { Problem } from '@/base/errors'
import type { LoraRole } from '@/schema/pack'
import type { Precision } from '@/families/family'
import type { NetworkFamily } from '@/families/registry'
import type { ImportEvent, Inspection, InstalledModel, KeptText, Probe } from '@/worker/protocol'
import { createStore, type StoreApi } from 'zustand/vanilla'

/** What the browser says about our storage; null where it does not say. */
export interface StorageUse {
  usedBytes: number | null
  quotaBytes: number | null
  /** The browser has promised not to clear our data by itself. */
  persistent: boolean
}

/** Files that belong together and wait for the user's word, or what is wrong with them. */
export interface FoundGroup {
  id: string
  files: File[]
  /** What it is, with what will be done with it unless the user says otherwise. */
  found: { ok: true; value: Inspection; choice: ImportChoice } | { ok: false; problem: Problem }
}

/** What the user settles before an import begins. */
export interface ImportChoice {
  name: string
  precision: Precision
  role: LoraRole | null
  /** Which network of the files is meant, where they hold several. */
  part?: NetworkFamily | null
  /** Which answer to the inspection's question is given, by number. */
  answer?: number | null
}

export type ImportSource =
  | { kind: 'files'; files: File[]; inspection: Inspection }
  | { kind: 'address'; url: string; sha256: string | null }

export type ImportStage = Extract<ImportEvent, { kind: 'progress' }>['stage']

/** An import that runs, waits, or has ended otherwise than well. */
export interface ImportTask {
  id: string
  source: ImportSource
  choice: ImportChoice
  state:
    | {
        kind: 'running'
        stage: ImportStage | null
        doneBytes: number
        totalBytes: number
        secondsLeft: number | null
        stopping: boolean
      }
    | { kind: 'stopped'; doneBytes: number; totalBytes: number }
    | { kind: 'failed'; problem: Problem }
}

/** An import that the last session left half done; the worker goes on where it stopped. */
export interface Unfinished {
  id: string
  /** Address to ask again, or null: the files have to be dropped again. */
  url: string | null
  sha256: string | null
  files: string[]
  choice: ImportChoice
  doneBytes: number
  totalBytes: number
}

export type Listing = { kind: 'loading' } | { kind: 'ready' } | { kind: 'failed'; problem: Problem }
export type Probing =
  | { kind: 'none' }
  | { kind: 'running' }
  | { kind: 'done'; probe: Probe }
  | { kind: 'failed'; problem: Problem }

/** What an installed pack is doing. */
export type ModelWork =
  | { kind: 'verifying'; doneBytes: number; totalBytes: number }
  | { kind: 'verified' }
  | { kind: 'copying'; doneBytes: number; totalBytes: number }
  | { kind: 'failed'; problem: Problem }

export interface ModelsState {
  listing: Listing
  installed: InstalledModel[]
  /** Headers of dropped files are being read. */
  inspecting: boolean
  found: FoundGroup[]
  tasks: ImportTask[]
  unfinished: Unfinished[]
  work: Record<string, ModelWork>
  storage: StorageUse
  probing: Probing
  /** GB of the device's memory that a FLUX run may take. */
  memoryGB: number
  /** The pack that finds main objects to cut out; null: the built-in network. */
  cutter: string | null
  /** Texts whose encoder is needed no longer. */
  texts: readonly KeptText[]
  /** Texts that are being encoded to be kept; null: none. */
  keeping: { id: string; encoder: string; done: number; total: number } | null
}

export const MEMORY_GB = { least: 4, most: 24, default: 8 } as const

/** Imported weights and what is being done with them. Written by `app`, read by the panels. */
export type ModelsStore = StoreApi<ModelsState>

export const createModelsStore = (
  memoryGB: number = MEMORY_GB.default,
  unfinished: Unfinished[] = [],
  cutter: string | null = null,
): ModelsStore =>
  createStore<ModelsState>(() => ({
    listing: { kind: 'loading' },
    installed: [],
    inspecting: false,
    found: [],
    tasks: [],
    unfinished,
    work: {},
    storage: { usedBytes: null, quotaBytes: null, persistent: false },
    probing: { kind: 'none' },
    memoryGB,
    cutter,
    texts: [],
    keeping: null,
  }))

/** The packs that can find main objects. */
export const cuttersOf = ({ installed }: Pick<ModelsState, 'installed'>): InstalledModel[] =>
  installed.filter(({ family, problem }) => family === 'matting' && problem === null)
