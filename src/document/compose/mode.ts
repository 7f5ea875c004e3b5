import { dreamo, klein } from '@/document/compose/models'
import { composeReasons, composeRecipeOf, composeWarnings } from '@/document/compose/queries'
import type { DocumentMode } from '@/document/mode'
import { restoreCompose } from '@/document/compose/restore'

const MODELS = { dreamo, klein }

export const composeMode: DocumentMode<'compose'> = {
  name: 'Compose',
  seeded: () => true,
  onCanvas: false,
  promptOf: (doc) => doc.composePrompt,
  setPrompt(draft, prompt) {
    draft.composePrompt = prompt
  },
  isEmpty: ({ references }) => references.length === 0,
  documentAssets: ({ references }) => references.map(({ asset }) => asset),
  modelOf: (doc) => ({ kind: 'packs', packs: MODELS[doc.composeModel](doc) }),
  packModels: (doc) => [dreamo(doc), klein(doc)],
  reasons: composeReasons,
  warnings: composeWarnings,
  recipe: composeRecipeOf,
  restore: restoreCompose,
  recipeAssets: ({ references }) => references.map(({ asset }) => asset),
  seedOf: ({ seed }) => seed,
  unseededMark: () => '',
  stemOf: () => 'composed',
  stepsOf: ({ compose }) => compose.steps,
  sizesOf: ({ compose, references, klein: { instruction } = { instruction: null } }) => [
    compose,
    references.map(({ asset }) => [asset.width, asset.height]),
    instruction,
  ],
}
