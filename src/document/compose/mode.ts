import { dreamo, klein } from '@/document/compose/models'
import { composeReasons, composeRecipeOf, composeWarnings } from '@/document/compose/queries'
import type { DocumentMode, ModeModel } from '@/document/mode'
import { restoreCompose } from '@/document/compose/restore'
import type { FusionDocument } from '@/schema/document'

function composeModelOf(doc: FusionDocument): ModeModel {
  switch (doc.composeModel) {
    case 'dreamo':
      return { kind: 'packs', packs: dreamo(doc) }
    case 'klein':
      return { kind: 'packs', packs: klein(doc) }
    case 'painter':
      return { kind: 'builtIn', family: 'painter2' }
  }
}

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
  modelOf: composeModelOf,
  packModels: (doc) => [dreamo(doc), klein(doc)],
  reasons: composeReasons,
  warnings: composeWarnings,
  recipe: composeRecipeOf,
  restore: restoreCompose,
  recipeAssets: ({ references }) => references.map(({ asset }) => asset),
  seedOf: ({ seed }) => seed,
  unseededMark: () => ({ said: '' }),
  stemOf: () => 'composed',
  stepsOf: ({ compose }) => compose.steps,
  sizesOf: ({ compose, references, klein: { instruction } = { instruction: null } }) => [
    compose,
    references.map(({ asset }) => [asset.width, asset.height]),
    instruction,
  ],
}
