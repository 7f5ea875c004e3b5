import { useMemo } from 'react'

import { candidateIn } from '@/document/align/queries'
import { stagedIn, type StagedResult } from '@/ui/stores/run'
import { useDocument, useRun } from '@/ui/studio'
import type { WordMaps } from '@/worker/protocol'
import { useAlign } from '@/ui/align/useAlign'

/** The aligned picture that waits to be accepted, if that is what waits. */
export const useAlignStaged = (): StagedResult<'align'> | null => useRun((state) => stagedIn(state, 'align'))

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
    if (staged?.report && staged.recipe.prompt.trim() === prompt) return staged.report.maps
    const reference = candidateIn(part, part.reference)
    return reference?.made?.prompt.trim() === prompt ? (maps[reference.id] ?? null) : null
  }, [staged, part, maps])
}
