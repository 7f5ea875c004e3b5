import type { Draft } from 'immer'

import { newId } from '@/base/id'
import { dropCandidate } from '@/document/align/commands'
import { sameStart } from '@/document/align/queries'
import { lorasOf } from '@/document/loras'
import type { RestoreContext } from '@/document/mode'
import type { FusionDocument } from '@/schema/document'
import { MAX_CANDIDATES, type AlignRecipe, type AlignStart } from '@/schema/modes/align'

/** The gallery stays; pictures that this browser does not have go from it. */
export function restoreAlign(
  draft: Draft<FusionDocument>,
  recipe: AlignRecipe,
  { packs, lost }: RestoreContext,
): void {
  const { align } = draft
  align.prompt = recipe.prompt
  align.words = recipe.words.map((word) => ({ ...word }))
  align.settings = structuredClone(recipe.align)
  align.model = recipe.model.parts.length > 0 ? 'sd' : 'painter'
  if (align.model === 'sd') {
    align.unet = recipe.model.hash || null
    draft.loras = lorasOf(recipe.model, packs).extra
  }
  const reference = startIn(align.candidates, recipe.reference)
  const base = startIn(align.candidates, recipe.base)
  Object.assign(align, { base, reference })
  for (const { id, start } of align.candidates)
    if (start.kind === 'picture' && lost.has(start.asset.hash)) dropCandidate(align, id)
  const excess = Math.max(0, align.candidates.length - MAX_CANDIDATES)
  // The oldest make room, never the two that the recipe is about.
  const spare = align.candidates.filter(({ id }) => id !== base && id !== reference).slice(0, excess)
  for (const { id } of spare) dropCandidate(align, id)
}

/** The candidate with a start; a new one without a picture where there is none. Its id. */
function startIn(candidates: Draft<FusionDocument>['align']['candidates'], start: AlignStart): string {
  const known = candidates.find((candidate) => sameStart(candidate.start, start))
  if (known) return known.id
  const id = newId()
  candidates.push({
    id,
    start: structuredClone(start),
    asset: null,
    made: null,
    score: null,
    reconstruction: null,
  })
  return id
}
