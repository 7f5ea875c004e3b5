import { kleinModel } from '@/document/klein'
import type { PackModel } from '@/document/mode'
import { required, type Requirement } from '@/document/packs'
import type { FusionDocument } from '@/schema/document'

/** The parts of Place with DreamFuse (specs: DreamFuse §6, §7). */
function dreamfuseParts(turbo: boolean): Requirement[] {
  return [
    required('transformer'),
    required('dreamfuse'),
    required('clip'),
    required('vae'),
    { kind: 'clipTokenizer', need: 'perPrompt', weight: 1 },
    { kind: 't5', need: 'perPrompt', weight: 1 },
    { kind: 't5Tokenizer', need: 'perPrompt', weight: 1 },
    { kind: 'turbo', need: turbo ? 'recommended' : 'optional', weight: 1 },
  ]
}

export const klein = ({ kleinPlace }: Pick<FusionDocument, 'kleinPlace'>): PackModel =>
  kleinModel('klein', kleinPlace.transformer)

export const dreamfuse = ({ fluxPlace, transformer }: FusionDocument): PackModel => ({
  title: 'DreamFuse',
  subject: 'DreamFuse',
  base: 'flux',
  parts: dreamfuseParts(fluxPlace.turbo),
  main: { kind: 'transformer', hash: transformer },
  nameOf: (transformerName) => `${transformerName ?? 'FLUX'} + DreamFuse`,
})
