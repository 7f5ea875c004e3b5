export interface ProjectOptions {
  /** A .inlay file. */
  project: string
  out: string
  backend: 'auto' | 'webgpu' | 'cpu'
  arithmetic: 'exact' | 'fast'
}

export const PROJECT_HELP: string
export function wantsProject(args: string[]): boolean
export function parseProjectOptions(args: string[]): { help: true } | ({ help: false } & ProjectOptions)
