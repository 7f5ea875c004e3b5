import { kleinModel } from '@/document/klein'
import type { PackModel } from '@/document/mode'
import { required, type Requirement } from '@/document/packs'
import type { PartKind } from '@/families/registry'
import type { FusionDocument } from '@/schema/document'

/** The parts of Compose with DreamO (specs: DreamO §6). */
function dreamoParts({ version, turbo }: FusionDocument['preset']): Requirement[] {
  const preset: [PartKind, number][] =
    version === 'v1'
      ? [
          ['dreamo-quality-pos', 0.15],
          ['dreamo-quality-neg', -0.8],
        ]
      : [
          ['dreamo-sft', 1],
          ['dreamo-dpo', 1.25],
        ]
  return [
    required('transformer'),
    required('dreamo'),
    required('t5'),
    required('t5Tokenizer'),
    required('clip'),
    required('clipTokenizer'),
    required('vae'),
    { kind: 'dreamo-cfg-distill', need: 'recommended', weight: 1 },
    ...preset.map(([kind, weight]) => ({ kind, need: 'recommended' as const, weight })),
    { kind: 'turbo', need: turbo ? 'recommended' : 'optional', weight: 1 },
  ]
}

export const klein = ({ kleinCompose }: FusionDocument): PackModel =>
  kleinModel('Compose on klein', kleinCompose.transformer)

export const dreamo = ({ preset, transformer }: FusionDocument): PackModel => ({
  title: `DreamO ${preset.version}`,
  subject: 'Compose',
  base: 'flux',
  parts: dreamoParts(preset),
  main: { kind: 'transformer', hash: transformer },
  nameOf: (transformerName) => `${transformerName ?? 'FLUX'} + DreamO`,
})
