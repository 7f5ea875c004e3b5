import type { PackModel } from '@/document/mode'
import { isAutomatic } from '@/document/mix/queries'
import { required } from '@/document/packs'
import type { FusionDocument } from '@/schema/document'

/** The parts of Mix (specs: vmdiff §10). Scores need the last two; without them the balance is chosen by hand. */
export const vmdiff = ({ mix, transformer }: FusionDocument): PackModel => {
  const need = isAutomatic(mix) ? 'required' : 'recommended'
  return {
    title: 'VMDiff',
    subject: 'Mix',
    base: 'flux',
    parts: [
      required('transformer'),
      required('redux'),
      required('siglip'),
      required('clip'),
      required('clipTokenizer'),
      required('vae'),
      { kind: 'dino', need, weight: 1 },
      { kind: 'scorer', need, weight: 1 },
    ],
    // The authors mix on Krea, which has dev's shapes: only its name tells it.
    main: { kind: 'transformer', hash: transformer, prefers: (name) => /krea/i.test(name) },
    nameOf: (transformerName) => `${transformerName ?? 'FLUX'} + Redux`,
  }
}
