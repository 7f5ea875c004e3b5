import { resultMark } from '@/document/queries'
import type { Recipe } from '@/schema/recipe'
import { sayText } from '@/words/say'

/** What tells a result from others, in the page's language; a picture's name as it is. */
export function markWords(recipe: Recipe): string {
  const mark = resultMark(recipe)
  return 'name' in mark ? mark.name : sayText(mark.said)
}
