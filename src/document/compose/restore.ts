import type { Draft } from 'immer'

import { newId } from '@/base/id'
import { renumberPlaceholders } from '@/base/placeholders'
import { composeInstruction } from '@/document/compose/instruction'
import { lorasOf } from '@/document/loras'
import type { RestoreContext } from '@/document/mode'
import type { FusionDocument } from '@/schema/document'
import { isBuiltInModel } from '@/schema/modelRef'
import { MOST_PAINTER_GUIDANCE, type ComposeRecipe, type ComposeReference } from '@/schema/modes/compose'

/** Without lost references; placeholders in the prompt go on naming the same pictures. */
export function restoreCompose(
  draft: Draft<FusionDocument>,
  recipe: ComposeRecipe,
  { packs, lost }: RestoreContext,
): void {
  const { roles, extra } = lorasOf(recipe.model, packs)
  const v1 = roles.has('dreamo-quality-pos') || roles.has('dreamo-quality-neg')
  const isLost = ({ asset }: ComposeReference): boolean => lost.has(asset.hash)
  const gone = recipe.references.flatMap((reference, n) => (isLost(reference) ? [n] : []))
  draft.references = recipe.references
    .filter((reference) => !isLost(reference))
    .map((reference) => ({
      id: newId(),
      asset: { ...reference.asset },
      role: reference.role,
      face: reference.face ? { ...reference.face } : null,
    }))
  draft.composePrompt = renumberPlaceholders(recipe.prompt, (n) =>
    gone.includes(n) ? null : n - gone.filter((one) => one < n).length,
  )
  Object.assign(draft.settings, { seed: recipe.seed, randomSeed: false })
  const { klein, compose } = recipe
  if (!klein && isBuiltInModel(recipe.model)) {
    const { steps, guidance } = compose
    draft.composeModel = 'painter'
    draft.painterCompose = { steps, guidance: Math.min(MOST_PAINTER_GUIDANCE, guidance) }
    return
  }
  draft.composeModel = klein ? 'klein' : 'dreamo'
  if (klein) {
    const { width, height, referenceSize, steps, guidance } = compose
    Object.assign(draft.compose, { width, height, referenceSize })
    const transformer = recipe.model.hash || null
    Object.assign(draft.kleinCompose, { steps, guidance, instruction: null, transformer })
    // What the studio would write anew is left to it.
    if (composeInstruction(draft) !== klein.instruction && gone.length === 0)
      draft.kleinCompose.instruction = klein.instruction
  } else draft.compose = { ...compose }
  if (!klein) draft.preset = { version: v1 ? 'v1' : 'v1.1', turbo: roles.has('turbo') }
  draft.loras = extra
  if (!klein) draft.transformer = recipe.model.hash || null
}
