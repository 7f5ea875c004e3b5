import { alignMode } from '@/document/align/mode'
import type { DocumentMode } from '@/document/mode'
import { composeMode } from '@/document/compose/mode'
import { mixMode } from '@/document/mix/mode'
import { placeMode } from '@/document/place/mode'
import type { Mode } from '@/schema/modes'

/** The document's side of every mode. */
export const DOCUMENT_MODES: { [M in Mode]: DocumentMode<M> } = {
  place: placeMode,
  compose: composeMode,
  align: alignMode,
  mix: mixMode,
}

/** The mode of a document or of a recipe. */
export const modeOf = ({ mode }: { mode: Mode }): DocumentMode => DOCUMENT_MODES[mode]

export const everyMode: readonly DocumentMode[] = Object.values(DOCUMENT_MODES)
