/** What the command line asks of the headless page; everything here crosses as JSON. */
import type { Problem } from '@/base/errors'
import type { Rect } from '@/base/geometry'
import type { Arithmetic, BackendChoice } from '@/schema/common'
import type { Precision } from '@/families/family'
import type { FuseStats, InstalledModel } from '@/worker/protocol'
import type { PhotoScene } from '@/schema/modes/place'
import type { KleinPlaceSettings } from '@/schema/modes/placeKlein'

/** A picture that the command line serves under /files/. */
export interface PictureSource {
  url: string
  /** File name, for messages and for the recipe. */
  name: string
}

/** What is said of light and camera, in degrees and pixels of the background; the rest is read off the background. */
export interface Lighting {
  /** Empty: the photo's. share: of the ground's irradiance, 0..1; null: the usual one. */
  lights: { azimuth: number; elevation: number; disc: number; share: number | null }[]
  horizon: { row: number; tilt: number } | null
  fov: number | null
}

export interface FuseRequest {
  background: PictureSource
  /** Bottom to top; boxes in background pixels, `lift` in heights of the box above the ground. */
  foregrounds: { picture: PictureSource; box: Rect; stretch: boolean; lift: number }[]
  /** What is known of the background's light and camera: then it is not read off it. */
  known: PhotoScene | null
  prompt: string
  /** Decimal digits, below 2^64. */
  seed: string
  /** In which the photo is read. */
  steps: number
  strength: number
  lighting: Lighting
  /** Also gives the layers, as `layers.psd` or `layers.zip`. */
  layers: LayerFormat | null
  backend: BackendChoice
  arithmetic: Arithmetic
}

/** A project file whose picture is made again. */
export interface ProjectRequest {
  url: string
  backend: BackendChoice
  arithmetic: Arithmetic
}

/** A mixture; the models' files are in the page's file input. */
export interface MixRequest {
  /** `label` null: after the file's name. */
  objects: { picture: PictureSource; label: string | null }[]
  /** How many of the files lie together, one group after the other. */
  models: number[]
  /** Of the second of two; null: it is searched for. */
  alpha: number | null
  prompt: string
  /** Decimal digits, below 2^64. */
  seed: string
  size: number
  steps: number
  /** Of what is converted, where it is offered. */
  precision: Precision
  backend: BackendChoice
  arithmetic: Arithmetic
}

/** How layers leave the page. */
export type LayerFormat = 'psd' | 'zip'

/** The picture and its layers leave the page as downloads. */
export type FuseAnswer =
  | { ok: true; stats: FuseStats; width: number; height: number; notes: string[] }
  | { ok: false; problem: Problem }

/** One setting of Place on klein. */
export interface KleinRun {
  /** What its pictures are called. */
  name: string
  /** Of klein itself; null: the newest pack. */
  precision: Precision | null
  prompt: string
  seed: string
  steps: number
  strength: number
  klein: KleinPlaceSettings
}

/** The weights' files lie in the page's file input. */
export interface KleinRequest extends Pick<
  FuseRequest,
  'background' | 'foregrounds' | 'backend' | 'arithmetic'
> {
  /** Precisions that files are imported at; the text encoder takes the first. */
  precisions: Precision[]
  /** Adapters by the names of their files. */
  loras: { file: string; weight: number }[]
  memoryGB: number
  runs: KleinRun[]
}

export interface KleinPicture {
  run: string
  /** What its download is called. */
  file: string
  seed: string
  width: number
  height: number
  /** Of the whole run. */
  stats: FuseStats
  notes: string[]
}

export type KleinAnswer = { ok: true; pictures: KleinPicture[] } | { ok: false; problem: Problem }

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
