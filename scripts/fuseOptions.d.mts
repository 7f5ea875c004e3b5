interface Box {
  x: number
  y: number
  width: number
  height: number
}

export interface FuseOptions {
  /** null: the sample scene of --demo. */
  pictures: { background: string; foregrounds: { file: string; box: Box }[] } | null
  stretch: boolean
  prompt: string
  /** null: the model's default. */
  steps: number | null
  seed: number
  strength: number
  backend: 'auto' | 'webgpu' | 'cpu'
  /** A model pack's folder; null: the built-in model. */
  model: string | null
  out: string
}

export const FUSE_HELP: string
export class UsageError extends Error {
  hint: string
}
export function parseFuseOptions(args: string[]): { help: true } | ({ help: false } & FuseOptions)
