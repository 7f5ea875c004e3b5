import * as v from 'valibot'

import { Recipe } from '@/schema/recipe'
import { result1to2 } from '@/schema/migrations'
import { versioned } from '@/schema/versioned'

/** A result of the history as the index keeps it; its PNG lies beside it. */
export const StoredResult = v.object({
  schema: v.literal(2),
  id: v.string(),
  /** When it came into this browser, ms since 1970: by this they are in order, no two alike. */
  time: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** When it was made, ms since 1970, where that was elsewhere: this is shown. */
  made: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  recipe: Recipe,
  /** The document that it was made in; results from before projects do not say. */
  documentId: v.optional(v.string()),
  /** A small picture for the history panel. */
  thumbnail: v.blob(),
  /** Of the PNG. */
  bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
export type StoredResult = v.InferOutput<typeof StoredResult>

/** Reads an entry of any version. */
export const readStoredResult = versioned(StoredResult, [result1to2])
