interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Light set by hand; degrees, and pixels of the background. */
export interface Lighting {
  /** Read off the background first; what else is said overrides. */
  photo: boolean
  /** Empty: the usual light. */
  lights: { azimuth: number; elevation: number; disc: number; share: number | null }[]
  horizon: { row: number; tilt: number } | null
  fov: number | null
}

export interface FuseOptions {
  /** null: the sample scene of --demo. `lift`: above the ground, heights of the box; 0: it stands. */
  pictures: { background: string; foregrounds: { file: string; box: Box; lift: number }[] } | null
  stretch: boolean
  prompt: string
  /** null: the model's default. */
  steps: number | null
  seed: string
  strength: number
  /** null: the model lights the scene. */
  lighting: Lighting | null
  backend: 'auto' | 'webgpu' | 'cpu'
  /** A model pack's folder; null: the built-in model. */
  model: string | null
  out: string
  /** Where the layers go too: a .psd file, or a folder that is empty or not there yet. */
  layers: { kind: 'psd' | 'folder'; path: string } | null
}

export const FUSE_HELP: string
export class UsageError extends Error {
  hint: string
}
export function parseFuseOptions(args: string[]): { help: true } | ({ help: false } & FuseOptions)
