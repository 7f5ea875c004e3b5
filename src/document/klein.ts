import type { PackModel } from '@/document/mode'
import { required } from '@/document/packs'

/** FLUX.2 [klein], as every mode on it is made of it (specs: FLUX.2 §6). @param hash the transformer's; null: the newest */
export const kleinModel = (subject: string, hash: string | null): PackModel => ({
  title: 'FLUX.2 [klein]',
  subject,
  base: 'flux2',
  parts: [
    required('klein'),
    required('kleinVae'),
    { kind: 'qwen3', need: 'perPrompt', weight: 1 },
    { kind: 'qwenTokenizer', need: 'perPrompt', weight: 1 },
  ],
  main: { kind: 'klein', hash },
  nameOf: (transformer) => transformer ?? 'FLUX.2 [klein]',
})
