import * as v from 'valibot'

import { AlignRecipe, alignPart } from '@/schema/modes/align'
import { ComposeRecipe, composePart } from '@/schema/modes/compose'
import { MixRecipe, mixPart } from '@/schema/modes/mix'
import { PlaceRecipe, placePart } from '@/schema/modes/place'

/** What is stored of each mode: its recipe and its part of the document. In the order in which the studio lists them. */
export const MODE_SCHEMAS = {
  place: { recipe: PlaceRecipe, part: placePart },
  compose: { recipe: ComposeRecipe, part: composePart },
  align: { recipe: AlignRecipe, part: alignPart },
  mix: { recipe: MixRecipe, part: mixPart },
}

export type Mode = keyof typeof MODE_SCHEMAS
export const MODES = Object.keys(MODE_SCHEMAS) as Mode[]
export const Mode = v.picklist(MODES)

/** The recipe of a mode. */
export type RecipeOf<M extends Mode> = v.InferOutput<(typeof MODE_SCHEMAS)[M]['recipe']>

/** The parts of all modes as one object's entries; every entry has a default, so that documents from before it open. */
export const modeParts = {
  ...MODE_SCHEMAS.place.part,
  ...MODE_SCHEMAS.compose.part,
  ...MODE_SCHEMAS.align.part,
  ...MODE_SCHEMAS.mix.part,
}
