/** What Mix tells beside the picture, and its drafts. Types alone: the page reads them, too. */
import type { Raster } from '@/base/geometry'
import type { Judgement, MixPoint, MixRecipe } from '@/schema/modes/mix'

export interface MixReport {
  /** null: without scorers. */
  judgement: Judgement | null
  /** How many of the tokens were mixed on an arc; the others straight. */
  turned: number
  tokens: number
}

/** A draft as it is announced. */
export interface TriedMixture {
  point: MixPoint
  image: Raster
  judgement: Judgement | null
}

/** Drafts to be made. */
export interface TrialsRequest {
  /** As drafts are made: with their size and steps. */
  recipe: MixRecipe
  wanted: WantedTrials
  /** Drafts that are there already; they are not made again. */
  known: readonly { point: MixPoint; judgement: Judgement }[]
}

/** A search from the beginning, or these. */
export type WantedTrials = { kind: 'search'; rounds: number } | { kind: 'points'; points: MixPoint[] }
