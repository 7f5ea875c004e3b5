/** The engine's entry by mode: a document of what callers say, and what has to be found before its picture. */
import type { Raster } from '@/base/geometry'
import { alignDocument } from '@/engine/alignDocument'
import type { RunOptions } from '@/engine/api'
import { composeDocument } from '@/engine/composeDocument'
import type { Done, Running } from '@/engine/jobs'
import { mixDocument, withBalance } from '@/engine/mixDocument'
import type { PictureBook } from '@/engine/pictures'
import { placeDocument } from '@/engine/placeDocument'
import type { FusionDocument } from '@/schema/document'
import { ofSeed } from '@/schema/modes/place'
import type { Recipe } from '@/schema/recipe'

export const DOCUMENTS = {
  place: placeDocument,
  compose: composeDocument,
  align: alignDocument,
  mix: mixDocument,
}

/** The recipe with what only the engine can find. @throws as the engine; cancelled */
export const prepared = async (
  running: Running,
  doc: FusionDocument,
  recipe: Recipe,
  book: PictureBook,
  options: RunOptions,
): Promise<Recipe> => (recipe.mode === 'mix' ? withBalance(running, doc, recipe, book, options) : recipe)

interface Told {
  notes: readonly string[]
  others: readonly { image: Raster; recipe: Recipe; notes: readonly string[] }[]
}

/** What is told beside the picture: notes, and pictures of other seeds, each with a recipe of its own. */
export function toldIn(recipe: Recipe, report: Done['report']): Told {
  if (recipe.mode !== 'place') return { notes: [], others: [] }
  const { notes, others = [] } = report as Done<'place'>['report']
  return {
    notes,
    others: others.map(({ seed, image, notes: own }) => ({
      image,
      recipe: ofSeed(recipe, seed),
      notes: own,
    })),
  }
}
