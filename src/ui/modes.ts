import type { Mode } from '@/schema/modes'
import { alignMode } from '@/ui/align/mode'
import { composeMode } from '@/ui/compose/mode'
import { mixMode } from '@/ui/mix/mode'
import type { PageMode } from '@/ui/mode'
import { placeMode } from '@/ui/place/mode'

/** The page's side of every mode. */
export const PAGE_MODES: { [M in Mode]: PageMode<M> } = {
  place: placeMode,
  compose: composeMode,
  align: alignMode,
  mix: mixMode,
}

/** The mode of a document or of a recipe. */
export const pageModeOf = ({ mode }: { mode: Mode }): PageMode => PAGE_MODES[mode]
