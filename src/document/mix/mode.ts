import { vmdiff } from '@/document/mix/models'
import { isAutomatic, mixReasons, mixRecipeOf } from '@/document/mix/queries'
import { restoreMix } from '@/document/mix/restore'
import type { DocumentMode } from '@/document/mode'

export const mixMode: DocumentMode<'mix'> = {
  name: 'Mix',
  // What was chosen by hand was chosen for its noise; a search that was cut off goes on in its own.
  seeded: ({ mix }) => isAutomatic(mix) && (mix.trials.done || mix.trials.list.length === 0),
  onCanvas: false,
  promptOf: ({ mix }) => mix.prompt,
  setPrompt({ mix }, prompt) {
    mix.prompt = prompt
  },
  isEmpty: ({ mix }) => mix.objects.length === 0,
  documentAssets: ({ mix }) => [...mix.objects, ...mix.trials.list].map(({ asset }) => asset),
  modelOf: (doc) =>
    doc.mix.model === 'painter'
      ? { kind: 'builtIn', family: 'painter2' }
      : { kind: 'packs', packs: vmdiff(doc) },
  packModels: (doc) => [vmdiff(doc)],
  reasons: mixReasons,
  warnings: () => [],
  recipe: mixRecipeOf,
  restore: restoreMix,
  recipeAssets: ({ objects }) => objects.map(({ asset }) => asset),
  seedOf: ({ seed }) => seed,
  unseededMark: () => ({ said: '' }),
  stemOf: () => 'mixed',
  stepsOf: ({ mix }) => mix.steps,
  sizesOf: ({ mix, search, objects }) => [mix, search, objects.length],
}
