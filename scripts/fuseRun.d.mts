/** One run, as the options of a mode describe it. */
export interface Job {
  mode: 'place' | 'compose' | 'align' | 'mix' | 'project'
  /** The engine's own; pictures in them are files. */
  options: Record<string, unknown>
  engine: { backend: string; arithmetic: string }
  painter2: string | null
  packs: object | null
  weights: string[]
  precisions: string[]
  kept: { profile: string; port: number } | null
  layers: { kind: 'psd' | 'folder'; path: string } | null
  out: string
}
