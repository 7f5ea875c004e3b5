import { useMemo } from 'react'

import { candidateIn } from '@/document/alignQueries'
import type { StagedResult } from '@/ui/stores/run'
import { useAlign, useDocument, useRun } from '@/ui/studio'
import type { WordMaps } from '@/worker/protocol'

/** The aligned picture that waits to be accepted, if that is what waits. */
export const useAlignStaged = (): StagedResult | null =>
  useRun((state) => (state.staged?.recipe.mode === 'align' ? state.staged : null))

/**
 * The reference's attention to the words of the prompt as it stands: of the run on show, else of the gallery. Null
 * where it has not been seen with these words.
 */
export function useReferenceMaps(): WordMaps | null {
  const staged = useAlignStaged()
  const part = useDocument((state) => state.document.align)
  const maps = useAlign((state) => state.maps)
  return useMemo(() => {
    const prompt = part.prompt.trim()
    if (staged?.align && staged.recipe.prompt.trim() === prompt) return staged.align.maps
    const reference = candidateIn(part, part.reference)
    return reference?.made?.prompt.trim() === prompt ? (maps[reference.id] ?? null) : null
  }, [staged, part, maps])
}
