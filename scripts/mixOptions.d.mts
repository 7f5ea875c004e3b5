export interface MixOptions {
  /** label null: after the file's name. */
  objects: { file: string; label: string | null }[]
  /** The files of the folder, and of each in it. */
  models: string[][]
  precision: 'q4' | 'q8' | 'f16'
  /** null: it is searched for. */
  alpha: number | null
  prompt: string
  size: number
  steps: number
  seed: string
  backend: 'auto' | 'webgpu' | 'cpu'
  arithmetic: 'exact' | 'fast'
  out: string
}

export const MIX_HELP: string
export function wantsMix(args: string[]): boolean
export function parseMixOptions(args: string[]): { help: true } | ({ help: false } & MixOptions)
