import type { Size } from '@/base/geometry'
import { findPlaceholders } from '@/base/placeholders'
import { composeInstruction } from '@/document/compose/instruction'
import { listWords } from '@/document/wording'
import { KLEIN_REFERENCES, KLEIN_TOKENS, TOKEN_SIDE } from '@/families/flux2/pictures'
import type { FusionDocument } from '@/schema/document'
import type { ModelRef } from '@/schema/modelRef'
import {
  defaultCompose,
  MAX_REFERENCES,
  PAINTER_REFERENCES,
  type ComposeModel,
  type ComposeRecipe,
} from '@/schema/modes/compose'
import { PAINTER_SIDE } from '@/schema/pack'

/** What DreamO wants to read first when a reference gives the style (specs: DreamO §5). */
export const STYLE_PREFIX = 'generate a same style image.'

/** Placeholders in a prompt that no reference stands behind, in order. */
export function unknownPlaceholders(doc: FusionDocument): string[] {
  const stray = findPlaceholders(doc.composePrompt).filter(({ reference }) => !doc.references[reference])
  return [...new Set(stray.map(({ text }) => text))]
}

export function composeWarnings(doc: FusionDocument): string[] {
  const warnings: string[] = []
  const stray = unknownPlaceholders(doc)
  if (stray.length > 0) warnings.push(`The prompt names ${listWords(stray)}, but there is no such reference.`)
  if (
    doc.composeModel === 'dreamo' &&
    doc.references.length > 1 &&
    doc.references.some(({ role }) => role === 'style')
  )
    warnings.push('DreamO learned style from a single reference; beside others it may be lost.')
  if (
    doc.composeModel === 'klein' &&
    (doc.compose.width * doc.compose.height) / TOKEN_SIDE ** 2 > KLEIN_TOKENS
  )
    warnings.push('Above about 1.1 megapixels FLUX.2 [klein] samples in another way: try 1024 x 1024 first.')
  return warnings
}

/** How many references each model takes. */
export const MOST_REFERENCES: Record<ComposeModel, number> = {
  dreamo: MAX_REFERENCES,
  klein: KLEIN_REFERENCES,
  painter: PAINTER_REFERENCES,
}

/** Why Compose cannot fuse, and what to do about it. */
export function composeReasons({ references, composePrompt, composeModel }: FusionDocument): string[] {
  const reasons: string[] = []
  const most = MOST_REFERENCES[composeModel]
  const beyond = references.length - most
  if (beyond > 0 && composeModel !== 'dreamo') {
    const subject = composeModel === 'klein' ? 'FLUX.2 [klein]' : 'The built-in model'
    reasons.push(`${subject} takes up to ${most} references: remove ${beyond}.`)
  }
  if (references.length === 0) reasons.push('Add a reference picture.')
  if (composePrompt.trim() === '') reasons.push('Describe the new picture in the prompt.')
  return reasons
}

export function composeRecipeOf(doc: FusionDocument, model: ModelRef): ComposeRecipe {
  return {
    schema: 2,
    mode: 'compose',
    model,
    references: doc.references.map(({ asset, role, face }) => ({
      asset: { ...asset },
      // The built-in model knows no roles.
      ...(doc.composeModel === 'painter'
        ? { role: 'subject' as const, face: null }
        : { role, face: role === 'identity' && face ? { ...face } : null }),
    })),
    prompt: doc.composePrompt,
    seed: doc.settings.seed,
    ...settingsOn(doc),
  }
}

const PAINTED = { width: PAINTER_SIDE, height: PAINTER_SIDE }
/** The size of the new picture; always the same object for the same settings. */
export const pictureSize = ({ composeModel, compose }: FusionDocument): Size =>
  composeModel === 'painter' ? PAINTED : compose

function settingsOn(doc: FusionDocument): Pick<ComposeRecipe, 'compose' | 'klein'> {
  switch (doc.composeModel) {
    case 'dreamo':
      return { compose: { ...doc.compose } }
    case 'klein':
      return onKlein(doc)
    case 'painter':
      return { compose: { ...defaultCompose(), ...doc.painterCompose, ...PAINTED } }
  }
}

/** Steps and guidance are klein's own; of DreamO's the picture's size and that of references count. */
function onKlein(doc: FusionDocument): Pick<ComposeRecipe, 'compose' | 'klein'> {
  const { steps, guidance } = doc.kleinCompose
  const { width, height, referenceSize } = doc.compose
  return {
    compose: { ...defaultCompose(), width, height, referenceSize, steps, guidance },
    klein: { instruction: composeInstruction(doc) },
  }
}
