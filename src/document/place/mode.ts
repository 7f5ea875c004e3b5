import type { DocumentMode } from '@/document/mode'
import { placeReasons, placeRecipeOf } from '@/document/place/queries'
import { dreamfuse } from '@/document/place/models'
import { restorePlace } from '@/document/place/restore'
import { BY_HAND, maskAssets } from '@/schema/modes/place'

export const placeMode: DocumentMode<'place'> = {
  name: 'Place',
  seeded: true,
  onCanvas: true,
  promptOf: (doc) => doc.prompt,
  setPrompt(draft, prompt) {
    draft.prompt = prompt
  },
  // Background and layers are the document's own; masks mean nothing without them.
  isEmpty: () => true,
  documentAssets: ({ scene }) => maskAssets(scene),
  modelOf: (doc) => {
    switch (doc.placeModel) {
      case 'mini':
        return { kind: 'builtIn', family: 'mini' }
      case 'hand':
        return { kind: 'none', model: BY_HAND }
      case 'dreamfuse':
        return { kind: 'packs', packs: dreamfuse(doc) }
    }
  },
  packModels: (doc) => [dreamfuse(doc)],
  reasons: placeReasons,
  warnings: () => [],
  recipe: placeRecipeOf,
  restore: restorePlace,
  recipeAssets: ({ background, foregrounds, scene }) => [
    background,
    ...foregrounds.map(({ asset }) => asset),
    ...maskAssets(scene),
  ],
  carriedAssets: ({ scene }) => maskAssets(scene),
  seedOf: ({ seed, scene }) => (scene ? null : seed),
  unseededMark: ({ scene }) => (scene ? 'light by hand' : ''),
  stemOf: ({ background }) => background.name,
  stepsOf: ({ steps, scene }) => (scene ? 0 : steps),
  sizesOf: ({ flux, background: { width, height }, foregrounds, steps, strength }) => [
    flux,
    width,
    height,
    foregrounds.length,
    steps,
    strength,
  ],
}
