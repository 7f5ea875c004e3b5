import { DOCUMENT_MODES } from '@/document/modes'
import type { Recipe } from '@/schema/recipe'
import { markWords } from '@/ui/markWords'
import { sayTogether } from '@/words/say'

/** What a result is called, for want of a name of its own: "Place, seed 7". */
export const resultName = (recipe: Recipe): string =>
  sayTogether([DOCUMENT_MODES[recipe.mode].name, markWords(recipe)])
