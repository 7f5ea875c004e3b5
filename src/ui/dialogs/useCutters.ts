import { useCallback, useMemo, useState } from 'react'

import type { Problem } from '@/base/errors'
import { cuttersOf } from '@/ui/stores/models'
import { useModels, useStudio } from '@/ui/studio'
import type { InstalledModel } from '@/worker/protocol'

export interface Cutters {
  packs: readonly InstalledModel[]
  /** Who looks for the main object; null: the built-in network. */
  cutter: string | null
  /** Why the chosen pack does not, here and now. */
  refusal: { name: string; problem: Problem } | null
  choose(id: string | null): void
  /** A pack has failed: until it is chosen anew the built-in network takes its place. */
  refuse(id: string, problem: Problem): void
}

/** Who finds main objects: what the user chose, as far as it can. */
export function useCutters(): Cutters {
  const { weights } = useStudio()
  const installed = useModels((state) => state.installed)
  const chosen = useModels((state) => state.cutter)
  const [failed, setFailed] = useState<{ id: string; problem: Problem } | null>(null)
  const packs = useMemo(() => cuttersOf({ installed }), [installed])
  const pack = packs.find(({ id }) => id === chosen)
  const isFailed = pack !== undefined && failed?.id === pack.id
  const refuse = useCallback((id: string, problem: Problem) => setFailed({ id, problem }), [])
  return {
    packs,
    cutter: pack && !isFailed ? pack.id : null,
    refusal: isFailed ? { name: pack.name, problem: failed.problem } : null,
    choose(id) {
      setFailed(null)
      weights.setCutter(id)
    },
    refuse,
  }
}
