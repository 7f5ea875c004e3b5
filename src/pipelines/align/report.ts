/** What Align tells beside the picture. Types alone: the page reads them, too. */
import type { Raster } from '@/base/geometry'

/** A picture's attention to every word of its prompt, step by step (specs: D-Fusion §4). */
export interface WordMaps {
  rows: number
  columns: number
  /** How many words: those of `promptWords(prompt)`. */
  words: number
  /** Per step: shares of attention, [rows * columns, words]. */
  steps: Float32Array[]
}

/** Three of something, one per run. */
export interface PerRun<T> {
  reference: T
  base: T
  target: T
}

/** The three runs after a step, small. */
export interface AlignFrame extends PerRun<Raster> {
  /** What was fused in this step, [rows * columns] of the maps' grid, 0 or 1; null: nothing was. */
  mask: Uint8Array | null
}

/** A run as preference training needs it (specs: D-Fusion §2). */
export interface Trajectory {
  /** x_T .. x_0, [steps + 1, channels, rows, columns] */
  latents: Float32Array
  /** Mean log-density of each step; null for deterministic runs. */
  logProbability: number[] | null
}

/** How a target came about. */
export interface AlignRecord {
  reference: Raster
  base: Raster
  maps: WordMaps
  frames: AlignFrame[]
  /** Cosines of picture and prompt; null without a scorer. */
  scores: PerRun<number> | null
  /** Eq. 7; null without a scorer. */
  adopted: boolean | null
  /** Mean absolute error of what was inverted, in [0,1]; null for seeds. */
  reconstruction: { base: number | null; reference: number | null }
  /** Bytes of the reference's keys and values that one step kept. */
  keptBytes: number
  latent: { channels: number; rows: number; columns: number }
  timesteps: number[]
  trajectories: PerRun<Trajectory>
  /** [tokens, width] */
  prompt: { embedding: Float32Array; negative: Float32Array; tokens: number; width: number }
}

/** One picture of the gallery. */
export interface SampledCandidate {
  /** Place in the recipe's `starts`. */
  index: number
  image: Raster
  score: number | null
  reconstruction: number | null
  maps: WordMaps
}
