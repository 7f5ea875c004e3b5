import { createAlignMode } from '@/app/align/mode'
import { createComposeMode } from '@/app/compose/mode'
import { createMixMode } from '@/app/mix/mode'
import type { AppMode, MadeMode } from '@/app/mode'
import { createPlaceMode } from '@/app/place/mode'
import type { AppServices } from '@/app/services'
import { MODES, type Mode } from '@/schema/modes'
import type { ModeServices } from '@/ui/modeServices'

/** Makes the app's side of every mode. */
const CREATE: { [M in Mode]: (services: AppServices) => MadeMode<M> } = {
  place: createPlaceMode,
  compose: createComposeMode,
  align: createAlignMode,
  mix: createMixMode,
}

export interface Modes {
  /** The mode of a document or of a recipe. */
  of(one: { mode: Mode }): AppMode
  readonly every: readonly AppMode[]
  readonly services: ModeServices
}

export function createModes(services: AppServices): Modes {
  const ofEach = <T>(make: (mode: Mode) => T) => Object.fromEntries(MODES.map((mode) => [mode, make(mode)]))
  const made = ofEach((mode) => CREATE[mode](services)) as { [M in Mode]: MadeMode<M> }
  return {
    of: ({ mode }) => made[mode].mode,
    every: MODES.map((mode) => made[mode].mode),
    services: ofEach((mode) => made[mode].service) as unknown as ModeServices,
  }
}
