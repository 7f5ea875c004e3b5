import * as v from 'valibot'

import { recipe1to2 } from '@/schema/migrations'
import { MODE_SCHEMAS } from '@/schema/modes'
import { versioned } from '@/schema/versioned'

/**
 * Everything that determines a result (DESIGN decision 6): what the worker receives, what the
 * PNG carries, what history stores.
 */
export const Recipe = v.variant(
  'mode',
  Object.values(MODE_SCHEMAS).map(({ recipe }) => recipe),
)
export type Recipe = v.InferOutput<typeof Recipe>

/** Reads a recipe of any version. */
export const readRecipe = versioned(Recipe, [recipe1to2])
