/** What light does to what is placed, effect by effect; each can be masked. The second light's shadow is one of its own. */
export const EFFECTS = [
  'shadow',
  'shadow2',
  'contact',
  'reflection',
  'relight',
  'tone',
  'edge',
  'grain',
  'grass',
] as const
export type EffectName = (typeof EFFECTS)[number]
