import type { DocumentMode } from '@/document/mode'
import { placeReasons, placeRecipeOf } from '@/document/place/queries'
import { dreamfuse, klein } from '@/document/place/models'
import { restorePlace } from '@/document/place/restore'
import { placeWarnings } from '@/document/place/warnings'
import { isOfMini1, maskAssets, MINI_2, recipeMasks } from '@/schema/modes/place'
import { awayAssets } from '@/schema/modes/placeKlein'

export const placeMode: DocumentMode<'place'> = {
  name: 'Place',
  // What Mini 2 will make is seen before: another seed would be another light than the one that is looked at.
  seeded: ({ placeModel }) => placeModel !== 'mini2',
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
      case 'mini2':
        return { kind: 'none', model: MINI_2 }
      case 'klein':
        return { kind: 'packs', packs: klein(doc) }
      case 'dreamfuse':
        return { kind: 'packs', packs: dreamfuse(doc) }
    }
  },
  packModels: (doc) => [klein(doc), dreamfuse(doc)],
  reasons: placeReasons,
  warnings: placeWarnings,
  recipe: placeRecipeOf,
  restore: restorePlace,
  lostOf: (recipe) =>
    isOfMini1(recipe)
      ? 'Inlay Mini, which made it, is no longer there: Inlay Mini 2 draws it in its own way.'
      : null,
  recipeAssets: ({ background, foregrounds, scene, klein: settings }) => [
    background,
    ...foregrounds.map(({ asset }) => asset),
    ...recipeMasks({ scene, foregrounds }),
    ...awayAssets(settings),
  ],
  carriedAssets: ({ scene, foregrounds, klein: settings }) => [
    ...recipeMasks({ scene, foregrounds }),
    ...awayAssets(settings),
  ],
  seedOf: ({ seed, scene }) => (scene?.source === 'hand' ? null : seed),
  unseededMark: () => ({ said: 'light by hand' }),
  stemOf: ({ background }) => background.name,
  stepsOf: ({ steps, scene }) => (scene ? 0 : steps),
  sizesOf: ({ flux, klein: settings, background: { width, height }, foregrounds, steps, strength }) => [
    flux,
    width,
    height,
    foregrounds.length,
    steps,
    strength,
    // klein sees a part of the photo that goes by the boxes.
    settings && { ...settings, scene: '', detail: 0, others: settings.others.length },
    settings && foregrounds.map(({ box, rotationDegrees }) => [box, rotationDegrees]),
  ],
}
