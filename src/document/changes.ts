/** What changes of settings are called in history. */
import type { AlignSettings } from '@/schema/modes/align'
import type { ComposeSettings, KleinCompose } from '@/schema/modes/compose'
import type { MixSettings } from '@/schema/modes/mix'
import type { FluxPlace } from '@/schema/modes/place'
import type { KleinPlace } from '@/schema/modes/placeKlein'
import type { FusionDocument } from '@/schema/document'

type SettingsOfModes =
  AlignSettings | ComposeSettings | KleinCompose | MixSettings | Omit<FluxPlace, 'turbo'> | KleinPlace
type KeyOf<T> = T extends unknown ? keyof T : never
type Setting = KeyOf<SettingsOfModes> | keyof FusionDocument['settings']

const NAMES = {
  adoption: 'limit for adopting',
  backend: 'backend',
  blend: 'hold on the surroundings',
  cfgEnd: 'end of true guidance',
  cfgStart: 'start of true guidance',
  clean: 'photo as reference',
  cutout: 'cut-out as reference',
  detail: 'detail lock',
  eta: 'new noise',
  firstStepGuidance: 'first step’s guidance',
  fused: 'fused steps',
  fusion: 'what the mask chooses',
  guessUnder: 'guessing of steps',
  guidance: 'guidance',
  height: 'height',
  instruction: 'instruction',
  layers: 'fused layers',
  maps: 'source of maps',
  negativeGuidance: 'negative guidance',
  negativePrompt: 'negative prompt',
  noise: 'noise',
  padding: 'reading of padding',
  places: 'places',
  randomSeed: 'seed',
  referenceSize: 'reference size',
  refreshEvery: 'when pictures are looked at anew',
  scene: 'words of the scene',
  seed: 'seed',
  size: 'size',
  slerp: 'mixing of tokens',
  steps: 'steps',
  strength: 'strength',
  textStrength: 'text strength',
  transformer: 'transformer',
  trueCfg: 'true guidance',
  union: 'how words join',
  variations: 'number of pictures',
  width: 'width',
} as const satisfies Record<Setting, string>

/** "Change text strength": a change by the first of its settings. */
export function changeOf(change: Partial<Record<Setting, unknown>>): string {
  const [setting] = Object.keys(change) as Setting[]
  return `Change ${NAMES[setting]}`
}
