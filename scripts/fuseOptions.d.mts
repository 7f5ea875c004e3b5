import type { KleinOptions } from './kleinOptions.mjs'

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** What is said of light and camera, in degrees and pixels of the background; the rest is read off the background. */
export interface Lighting {
  /** Empty: the photo's. share: of the ground's irradiance, 0..1; null: the usual one. */
  lights: { azimuth: number; elevation: number; disc: number; share: number | null }[]
  horizon: { row: number; tilt: number } | null
  fov: number | null
}

export interface FuseOptions {
  /** null: the sample scene of --demo. `lift`: above the ground, heights of the box; 0: it stands. */
  pictures: { background: string; foregrounds: { file: string; box: Box; lift: number }[] } | null
  stretch: boolean
  prompt: string
  /** In which the photo is read. */
  steps: number
  seed: string
  strength: number
  lighting: Lighting
  backend: 'auto' | 'webgpu' | 'cpu'
  arithmetic: 'exact' | 'fast'
  out: string
  /** Where the layers go too: a .psd file, or a folder that is empty or not there yet. */
  layers: { kind: 'psd' | 'folder'; path: string } | null
  /** Set with --model klein. */
  klein: KleinOptions | null
}

export const FUSE_HELP: string
export function parseFuseOptions(args: string[]): { help: true } | ({ help: false } & FuseOptions)
