/** What callers leave out is the document's default; what they give is checked with the document. */
import { fail } from '@/base/errors'
import type { LoraInput, SeedInput } from '@/engine/api'
import { readDocument, type FusionDocument } from '@/schema/document'

/** As recipes have seeds; what is none stays what it is, for the schema to refuse. */
export function seedText(seed: SeedInput = 1): string {
  const text = String(seed)
  return /^\d+$/.test(text) ? String(BigInt(text)) : text
}

/** The settings with those that are given, in place. */
export function setGiven<T extends object>(settings: T, given: { [K in keyof T]?: T[K] | undefined }): void {
  for (const [key, value] of Object.entries(given))
    if (value !== undefined) Object.assign(settings, { [key]: value })
}

export const lorasOf = (loras: readonly LoraInput[] = []): FusionDocument['loras'] =>
  loras.map(({ hash, weight = 1 }) => ({ hash, name: hash.slice(0, 8), weight }))

/** The document, once all of its settings are known to be in their ranges. @throws bad-recipe, whose detail names the setting */
export function inRange(doc: FusionDocument): FusionDocument {
  const read = readDocument(doc)
  if (read.ok) return read.value
  return fail('bad-recipe', 'These settings cannot be run.', 'Check what is given.', read.reason)
}
