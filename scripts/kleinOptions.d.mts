export interface KleinOptions {
  /** Files and folders to import first. */
  weights: string[]
  /** Adapters, imported as well. */
  loras: { file: string; weight: number }[]
  /** Where they are kept, and the page's port, which goes with that. */
  kept: { profile: string; port: number }
  /** Of klein itself; null: the newest that is kept. */
  precision: 'q4' | 'q8' | 'f16' | null
  variations: number
  memoryGB: number
  /** As a recipe has them. */
  settings: {
    size: 512 | 768 | 1024
    cutout: boolean
    clean: boolean
    blend: boolean
    padding: boolean
    scene: string
    detail: number
  }
}

interface Values {
  weights?: string[]
  lora?: string[]
  cache?: string
  model?: string
  strength?: string
  precision?: string
  variations?: string
  scene?: string
  size?: string
  without?: string
  detail?: string
  memory?: string
}

export const KLEIN_HELP: string
export const KLEIN_OPTIONS: Record<
  'cache' | 'precision' | 'variations' | 'scene' | 'size' | 'without' | 'detail' | 'memory',
  { readonly type: 'string' }
> &
  Record<'weights' | 'lora', { readonly type: 'string'; readonly multiple: true }>
export function kleinOptions(values: Values, hasPictures: boolean): KleinOptions | null
