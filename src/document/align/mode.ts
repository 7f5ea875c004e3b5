import { stableDiffusion } from '@/document/align/models'
import {
  alignAssets,
  alignReasons,
  alignRecipeOf,
  alignWarnings,
  candidateAssets,
  pairRecipeOf,
  startName,
} from '@/document/align/queries'
import { followWords } from '@/document/align/words'
import type { DocumentMode } from '@/document/mode'
import { restoreAlign } from '@/document/align/restore'
import { ALIGN_PAINTER } from '@/schema/modes/align'

export const alignMode: DocumentMode<'align'> = {
  name: 'Align',
  // Its runs start where base and reference do; the document's seed is the first to sample.
  seeded: () => false,
  onCanvas: false,
  promptOf: ({ align }) => align.prompt,
  setPrompt({ align }, prompt) {
    align.words = followWords(align.words, align.prompt, prompt)
    align.prompt = prompt
  },
  isEmpty: ({ align }) => align.candidates.length === 0,
  documentAssets: ({ align }) => candidateAssets(align),
  modelOf: (doc) =>
    doc.align.model === 'painter'
      ? { kind: 'builtIn', family: ALIGN_PAINTER }
      : { kind: 'packs', packs: stableDiffusion(doc) },
  packModels: (doc) => [stableDiffusion(doc)],
  reasons: ({ align }) => alignReasons(align),
  warnings: ({ align }) => alignWarnings(align),
  recipe: ({ align }, model) => alignRecipeOf(align, model),
  // Pictures are sampled before base and reference are chosen; both starts say nothing of the prompt.
  promptRecipe: ({ align, settings: { seed } }, model) =>
    pairRecipeOf(align, model, { kind: 'seed', seed }, { kind: 'seed', seed }),
  restore: restoreAlign,
  recipeAssets: alignAssets,
  seedOf: ({ base }) => (base.kind === 'seed' ? base.seed : null),
  unseededMark: ({ base }) => ({ name: startName(base) }),
  stemOf: () => 'aligned',
  stepsOf: ({ align }) => align.steps,
  // A picture is inverted before, which takes time.
  sizesOf: ({ align, base, reference }) => [align, base.kind, reference.kind],
}
