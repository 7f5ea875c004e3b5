/** What every run tells while it goes on, and what is known of it before. Types alone: the page reads them, too. */
import type { Raster, Rect } from '@/base/geometry'

/** A small picture of a rectangle of the result while sampling goes on. */
export interface Preview {
  /** Pixels of the picture that comes. */
  rect: Rect
  image: Raster
}

/** What a stage before or after sampling is about; words for it are the page's. `finishing`: what is given of a run that was stopped. */
export type Stage = 'text' | 'pictures' | 'inversion' | 'transformer' | 'decode' | 'finishing'

/** Progress of a run. @template S what the mode shows with a step, beside the preview */
export type Progress<S = null> =
  | { kind: 'encoding'; foreground: number; foregrounds: number }
  /** `done` may lie between whole numbers. */
  | { kind: 'stage'; stage: Stage; done: number; total: number }
  /** Steps finished and to do, over all parts of the run. */
  | { kind: 'step'; step: number; steps: number; preview: Preview | null; detail: S | null }
  | { kind: 'compositing' }

/** How a set of packs would run on this device. */
export interface MemoryPlan {
  verdict: 'resident' | 'stream' | 'too-large'
  /** Bytes on the device: weights that stay, weights that pass through, activations at the peak. */
  residentBytes: number
  streamedBytes: number
  activationBytes: number
  /** What the plan assumed to be free. */
  budgetBytes: number
  /** One sentence for the user: what will happen and why, and what would change it. */
  reason: string
  /** From Fuse to picture, loading left out; null where the device was not measured or nothing fits. */
  seconds: number | null
}

/** How long a picture takes on a measured device. */
export interface TypicalPicture {
  /** For the user: the mode, sizes, steps. */
  label: string
  seconds: number
}
