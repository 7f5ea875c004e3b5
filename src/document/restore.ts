import { modeOf } from '@/document/modes'
import type { KnownPack } from '@/document/packs'
import type { DocumentStore } from '@/document/store'
import type { Recipe } from '@/schema/recipe'

/** What cannot be brought back of a recipe, whatever is installed: a sentence for the user, or null. */
export const lostOf = (recipe: Recipe): string | null => modeOf(recipe).lostOf?.(recipe) ?? null

/**
 * Brings back what a recipe describes: its pictures, prompt and settings, in one undoable step. `packs` tell what the
 * LoRAs that it names are for; of pictures whose hash is `lost` the rest is restored without them.
 */
export function applyRecipe(
  store: DocumentStore,
  recipe: Recipe,
  packs: readonly KnownPack[] = [],
  lost: ReadonlySet<string> = new Set(),
): void {
  store.actions.apply('Restore recipe', (draft) => {
    draft.mode = recipe.mode
    modeOf(recipe).restore(draft, recipe, { packs, lost })
  })
  store.actions.select(null)
}
