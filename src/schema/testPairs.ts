/** Preference pairs for tests. */
import { defaultAlignSettings } from '@/schema/modes/align'
import type { PreferencePair } from '@/schema/preferences'

/** A small pair of four steps; `n` makes its id, seeds and scores. */
export const testPair = (n: number, changes: Partial<PreferencePair> = {}): PreferencePair => ({
  id: `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
  time: 1000 + n,
  recipe: {
    schema: 2,
    mode: 'align',
    model: { name: 'Test', hash: 'ab'.repeat(32), parts: [] },
    prompt: 'a red ball',
    words: [{ index: 2, threshold: 0.1 }],
    base: { kind: 'seed', seed: String(n) },
    reference: { kind: 'seed', seed: String(n + 1) },
    align: { ...defaultAlignSettings(), steps: 4 },
  },
  scores: { reference: 0.5, base: 0.25, target: 0.5 + n / 64 },
  adopted: true,
  winner: 'target',
  latent: { channels: 4, rows: 4, columns: 4 },
  timesteps: [751, 501, 251, 1],
  prompt: { tokens: 3, width: 8 },
  grid: { rows: 2, columns: 2 },
  mapWords: null,
  ...changes,
})
