/** What the command line asks of the headless page; everything here crosses as JSON. */
import type { Problem } from '@/base/errors'
import type {
  AlignOptions,
  ComposeOptions,
  EngineOptions,
  EngineReport,
  MixOptions,
  PlaceOptions,
} from '@/engine/api'
import type { Precision } from '@/families/family'
import type { FamilyId } from '@/families/registry'
import type { Arithmetic, BackendChoice } from '@/schema/common'
import type { InstalledModel } from '@/worker/protocol'

/** Which of the installed models a run takes. */
export interface PackChoice {
  /** Of the transformer or U-Net; null: the newest. */
  precision: Precision | null
  /** Adapters by the names of their files, and whom they are for. */
  loras: { file: string; weight: number }[]
  base: FamilyId
}

/** What every run of the command line says. */
interface Asked {
  engine: Omit<EngineOptions, 'assets'>
  packs: PackChoice | null
}

/** A picture by the engine's own options; pictures are addresses of what the command line serves. */
export type FuseRequest = Asked &
  (
    | { mode: 'place'; options: PlaceOptions; layers: LayerFormat | null }
    | { mode: 'compose'; options: ComposeOptions }
    | { mode: 'align'; options: AlignOptions }
    | { mode: 'mix'; options: MixOptions }
    /** A project file whose picture is made again. */
    | { mode: 'project'; options: { project: { picture: string }; memoryGB: number } }
  )

/** How layers leave the page. */
export type LayerFormat = 'psd' | 'zip'

export interface FusedPicture {
  /** What its download is called. */
  file: string
  notes: readonly string[]
}

/** Pictures and layers leave the page as downloads. */
export type FuseAnswer =
  | { ok: true; stats: EngineReport; width: number; height: number; pictures: FusedPicture[] }
  | { ok: false; problem: Problem }

/** The files lie in the page's file input, those of one folder at a time. */
export interface ImportFilesRequest {
  /** At which a transformer is imported; all else takes the first. */
  precisions: Precision[]
  /** Whom adapters are for that do not say it; null: they must. */
  base: FamilyId | null
}

export type ImportFilesAnswer = { ok: true } | { ok: false; problem: Problem }

export interface ConformanceRequest {
  /** Address of the folder of cases. */
  baseUrl: string
  /** Names of its sub-folders. */
  folders: string[]
  /** Cases asked for by name; empty: all that there are. */
  cases: string[]
  taps: boolean
  backends: ('webgpu' | 'cpu')[]
  /** Of the GPU. */
  arithmetic: Arithmetic
}

export interface BenchRequest {
  /** Benches asked for by name; empty: all. */
  names: string[]
}

export interface GpuRequest {
  /** Every dimension an eighth. */
  rehearse: boolean
}

export interface Tally {
  passed: number
  failed: number
}

export type ScaleRequest =
  | { kind: 'import'; precision: Precision }
  /** A whole FLUX.2 [klein] 4B of noise, made while it is imported. */
  | { kind: 'synthesise'; precision: Precision }
  | ({ kind: 'forward' } & ScaleForward)

/** One evaluation of an installed pack of FLUX.1 or FLUX.2 on waves. */
export interface ScaleForward {
  id: string
  residency: 'resident' | 'stream'
  backend: BackendChoice
  textTokens: number
  /** Rows and columns of the picture's token grid. */
  side: number
}

export type ScaleResult =
  | ({ kind: 'import' | 'synthesise' } & InstalledModel)
  | {
      kind: 'forward'
      residency: 'resident' | 'stream'
      backend: 'webgpu' | 'cpu'
      /** sha256 of the output's bytes. */
      hash: string
      finite: boolean
      rms: number
      first: number[]
      loadSeconds: number
      modulationSeconds: number
      forwardSeconds: number
      /** From asking a second evaluation to stop, half-way, until it had. */
      stopSeconds: number
      /** As the backend accounts for it. */
      peakBytes: number
      /** On the device after everything was freed. */
      leftBytes: number
      planned: { weights: number; block: number; activations: number; teraflop: number }
    }
