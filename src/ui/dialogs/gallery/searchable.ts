import { recipeAssets } from '@/document/queries'
import type { ShelfItem } from '@/ui/stores/shelf'
import { say } from '@/words/say'

/** The words that a result is found by: its prompt, its model, its seed, and the names of its pictures. */
export const searchable = ({ recipe }: Pick<ShelfItem, 'recipe'>): string =>
  [
    recipe.prompt,
    recipe.model.name,
    'seed' in recipe ? say('seed {seed}', { seed: String(recipe.seed) }) : '',
    ...recipeAssets(recipe).map(({ name }) => name),
  ].join(' ')
