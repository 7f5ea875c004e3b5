/** What FLUX.2 [klein] is told: it knows references by their numbers alone, so their roles become words. */
import { findPlaceholders, replacePlaceholders } from '@/base/placeholders'
import { MAX_PROMPT } from '@/schema/common'
import type { FusionDocument } from '@/schema/document'
import type { ReferenceRole } from '@/schema/modes/compose'

/** What is said of reference n, counted from 1. */
const ROLE_SENTENCES: Record<ReferenceRole, (n: number) => string> = {
  subject: (n) => `Show what image ${n} shows.`,
  identity: (n) => `Keep the face of the person in image ${n}.`,
  style: (n) => `Take the style of image ${n}, not what it shows.`,
  tryOn: (n) => `Somebody wears the clothing of image ${n}.`,
}

/** The user's own words for klein, else what the studio writes. */
export const composeInstruction = (
  doc: Pick<FusionDocument, 'kleinCompose' | 'composePrompt' | 'references'>,
): string => doc.kleinCompose.instruction ?? writtenInstruction(doc)

/** Prompt and roles as one text; a subject that the prompt names needs no further word. */
export function writtenInstruction({
  composePrompt,
  references,
}: Pick<FusionDocument, 'composePrompt' | 'references'>): string {
  const named = new Set(findPlaceholders(composePrompt).map(({ reference }) => reference))
  const prompt = replacePlaceholders(composePrompt, (reference) => `image ${reference + 1}`).trim()
  const sentences = references.flatMap(({ role }, index) =>
    role === 'subject' && named.has(index) ? [] : [ROLE_SENTENCES[role](index + 1)],
  )
  const first = prompt === '' || /[.!?]$/.test(prompt) ? prompt : `${prompt}.`
  return [first, ...sentences]
    .filter((text) => text !== '')
    .join(' ')
    .slice(0, MAX_PROMPT)
}
