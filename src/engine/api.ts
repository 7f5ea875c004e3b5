/**
 * What `@inlay/engine` offers to pages (docs/embedding.md). This file imports nothing: the build makes the entry's
 * declarations of it.
 */

/** A picture: a file or its bytes, what a canvas gives, or an address that the page may fetch. */
export type PictureSource = Blob | ImageBitmap | ImageData | URL | string

/** The same, with what recipes and messages call it; else a file's own name, or the address's end. */
export type PictureInput = PictureSource | { picture: PictureSource; name: string }

/** Pixels of the background, from its upper left corner. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export type EngineMode = 'place' | 'compose' | 'align' | 'mix'

export type BuiltInModel = 'painter' | 'painter2' | 'scene' | 'geometry' | 'cutout'

export interface EngineOptions {
  /** Address of the built folder, whose `models/` and `ort/` are read; on the page's own host. */
  assets: string | URL
  /** What it runs on (default: auto, the GPU where there is one). */
  backend?: 'auto' | 'webgpu' | 'cpu'
  /** How exactly a GPU computes imported models (default: exact). */
  arithmetic?: 'exact' | 'fast'
  /** Folders of built-in models that lie elsewhere on that host. */
  models?: Partial<Record<BuiltInModel, string | URL>>
}

/** What the engine runs on. */
export interface EngineState {
  backend: 'webgpu' | 'cpu'
  arithmetic: 'exact' | 'fast'
  /** Why this backend, in words. */
  reason: string
  /** The GPU's name; null on the CPU. */
  adapter: string | null
}

export interface EngineProgress {
  /** `loading` counts bytes, `encoding` foregrounds, `step` steps of sampling; the others what they are made of. */
  stage:
    | 'loading'
    | 'encoding'
    | 'text'
    | 'pictures'
    | 'inversion'
    | 'transformer'
    | 'step'
    | 'decode'
    | 'finishing'
    | 'compositing'
  /** May lie between whole numbers. */
  done: number
  total: number
  /** Of the steps; null: not known. */
  secondsLeft: number | null
}

/** What every run takes. */
export interface RunOptions {
  /** Stops it: the call is rejected with an error of the code `cancelled`. */
  signal?: AbortSignal | undefined
  onProgress?: ((progress: EngineProgress) => void) | undefined
  /** A small picture of `rect` of the result while it is sampled; models that draw in one go have none. */
  onPreview?: ((preview: { rect: Box; image: ImageData }) => void) | undefined
  /** What imported models may take of the device (default: 8). */
  memoryGB?: number | undefined
}

/** A whole number from 0 to 18446744073709551615 (default: 1). Above 2^53 as digits or a bigint. */
export type SeedInput = string | number | bigint

/** An installed adapter by the hash of its pack, -4 to 4. */
export interface LoraInput {
  hash: string
  weight?: number
}

interface MakeOptions extends RunOptions {
  prompt?: string
  seed?: SeedInput
  loras?: readonly LoraInput[]
  /** Hash of the imported transformer or U-Net to use (default: the newest that is installed). */
  transformer?: string | null
}

export interface ForegroundInput {
  /** A cut-out with transparency. */
  picture: PictureSource
  name?: string
  /** Where its visible part goes: fitted inside with its aspect kept, standing on the lower edge. */
  box: Box
  /** Fill the box instead. */
  stretch?: boolean
  /** Clockwise. */
  rotationDegrees?: number
  flipX?: boolean
  /** How far it hangs above the ground, in heights of the box (default: 0, it stands). */
  lift?: number
  /** 0 to 1 (default: 1). */
  opacity?: number
  blend?: 'normal' | 'multiply' | 'screen' | 'overlay' | 'color' | 'luminosity'
}

/** A light as recipes have it. */
export interface LightInput {
  /** From the right over behind, 0 to 360. */
  azimuthDegrees: number
  /** 0 to 90. */
  elevationDegrees: number
  /** Its angular diameter (default: 10). */
  discDegrees?: number
  /** Of the ground's light, 0 to 1 (default: 0.6, shared by two). */
  share?: number | null
}

/** What a photo says of its light; of three channels the shares. */
export interface SceneInput {
  camera: { horizon: number; tiltDegrees: number; fovDegrees: number }
  lights: { azimuthDegrees: number; elevationDegrees: number; discDegrees: number; share: number[] }[]
  ground: { reflectance: number; roughness: number }
}

export interface PlaceOptions extends MakeOptions {
  background: PictureInput
  /** Bottom to top, at most 16. */
  foregrounds: readonly ForegroundInput[]
  /** Inlay Mini 2, which is built in (default), or an imported model. */
  model?: 'mini2' | 'klein' | 'dreamfuse'
  /** Of the imported model; Mini 2 reads the photo's light in so many (default: 4). */
  steps?: number
  /** How strongly shadow, contact, reflection and tone show; of imported models where sampling starts (default: 1). */
  strength?: number
  /** Light, horizon (a row of the background) and field of view that are set by hand; the rest is read off the photo. */
  lights?: readonly LightInput[]
  horizon?: { row: number; tiltDegrees?: number } | null
  fovDegrees?: number | null
  /** What is known of the photo, which is then not read. */
  scene?: SceneInput | null
  /** Of FLUX.2 [klein]. */
  klein?: {
    size?: 512 | 768 | 1024
    cutout?: boolean
    clean?: boolean
    blend?: boolean
    padding?: boolean
    scene?: string
    detail?: number
    /** Pictures of following seeds, 1 to 3 (default: 1). */
    variations?: number
  }
  /** Of FLUX with DreamFuse. */
  flux?: {
    size?: 512 | 768 | 1024
    guidance?: number
    textStrength?: number
    detail?: number
    turbo?: boolean
  }
}

export interface ReferenceInput {
  picture: PictureSource
  name?: string
  /** Of DreamO (default: subject). */
  role?: 'subject' | 'identity' | 'style' | 'tryOn'
  /** The face for identity, pixels of the reference (default: all of it). */
  face?: Box | null
}

export interface ComposeOptions extends MakeOptions {
  /** At most 9; the built-in model takes 3. */
  references: readonly ReferenceInput[]
  prompt: string
  /** Default: the built-in model where its weights are there, else FLUX.2 [klein], else DreamO. */
  model?: 'painter' | 'klein' | 'dreamo'
  /** Pixels, in steps of 16; the built-in model has its own size. */
  width?: number
  height?: number
  steps?: number
  guidance?: number
  /** Of DreamO, as its recipes have them. */
  firstStepGuidance?: number
  trueCfg?: number
  cfgStart?: number
  cfgEnd?: number
  negativePrompt?: string
  negativeGuidance?: number
  referenceSize?: number
  noise?: 'philox' | 'torch'
  turbo?: boolean
  version?: 'v1' | 'v1.1'
  /** What klein is told; references are called "image 1", … (default: made of prompt and roles). */
  instruction?: string | null
}

/** Where a run of Align begins: at a seed's noise, or at a picture, which is inverted. */
export type AlignStartInput = { seed: SeedInput } | { picture: PictureSource; name?: string }

export interface AlignOptions extends RunOptions {
  prompt: string
  /** Words of the prompt whose region comes from the reference; without a threshold it is found (0 to 1). */
  words: readonly (string | { word: string; threshold: number })[]
  base: AlignStartInput
  reference: AlignStartInput
  /** The built-in model (default), or Stable Diffusion 2.x from imported weights. */
  model?: 'painter' | 'sd'
  /** Pixels, in steps of 32; the built-in model has its own size. */
  width?: number
  height?: number
  steps?: number
  guidance?: number
  eta?: number
  union?: 'or' | 'xor'
  maps?: 'code' | 'paper'
  fusion?: 'keys' | 'whole' | 'outputs'
  noise?: 'philox' | 'torch'
  /** D-Fusion's block numbers, and steps from 0, both ends included. */
  layers?: { first: number; last: number }
  fused?: { first: number; last: number }
  loras?: readonly LoraInput[]
  transformer?: string | null
}

export interface ObjectInput {
  picture: PictureSource
  name?: string
  /** What it is called (default: after the picture's name). */
  label?: string
}

export interface MixOptions extends MakeOptions {
  /** Two to four. */
  objects: readonly ObjectInput[]
  /** Default: the built-in model where its weights are there, else FLUX. */
  model?: 'painter' | 'flux'
  /** How much of each object, together 1 (default: of two it is searched for, more are mixed evenly). */
  shares?: readonly number[] | null
  /** How strongly each shapes the noise, 0 to 3.5 (default: 1); only with shares. */
  strengths?: readonly number[]
  /** Pixels per side, in steps of 16; the built-in model has its own size. */
  size?: number
  steps?: number
  slerp?: 'released' | 'true' | 'whole'
  noise?: 'philox' | 'torch'
}

/** Everything that determines a picture, as its PNG carries it (docs/formats.md). */
export interface EngineRecipe {
  schema: number
  mode: EngineMode
  prompt: string
  model: { name: string; hash: string }
  [setting: string]: unknown
}

export interface MadePicture {
  /** Straight 8-bit sRGB. */
  picture: ImageData
  recipe: EngineRecipe
  /** What should be known of it, in sentences. */
  notes: readonly string[]
  /** A PNG that carries the recipe; the studio brings everything back from it. */
  toPng(): Promise<Blob>
}

export interface EngineReport {
  backend: 'webgpu' | 'cpu'
  arithmetic: 'exact' | 'fast'
  /** Per stage, and `total`. */
  seconds: Readonly<Record<string, number>>
  steps: number
  /** Weights, activations and caches, as the engine counts them. */
  residentBytes: number
  peakBytes: number
  modelHash: string
  /** It was told to stop, and this is what was finished by then. */
  wasStopped: boolean
}

export interface Made extends MadePicture {
  report: EngineReport
  /** Pictures of other seeds that were made together with it. */
  others: readonly MadePicture[]
}

/** Jobs are done one after the other. Every call may be rejected with an `InlayError`, whose `problem` says what to do. */
export interface Engine {
  readonly state: EngineState
  place(options: PlaceOptions): Promise<Made>
  compose(options: ComposeOptions): Promise<Made>
  align(options: AlignOptions): Promise<Made>
  mix(options: MixOptions): Promise<Made>
  /** Runs a recipe as it stands. @param pictures those that it names, in any order: they are known by their pixels */
  again(recipe: unknown, pictures: readonly PictureInput[], options?: RunOptions): Promise<Made>
  /** What Fuse would make of a project file of the studio's; where nothing waits, its topmost result again. */
  project(file: Blob | URL | string, options?: RunOptions): Promise<Made>
  /** Ends it and frees what it holds; calls that wait are rejected with `cancelled`. */
  dispose(): void
}

/** Starts an engine in a worker of its own. @throws InlayError where it cannot start */
export type CreateEngine = (options: EngineOptions) => Promise<Engine>
