import type { ReactNode } from 'react'
import { useStore } from 'zustand'

import { Choices } from '@/ui/place/Choices'
import { useRun, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** Three lights that the photo may have, to choose from while the result waits. */
export function VariationStrip(): ReactNode {
  const { modes } = useStudio()
  const { variations: store, choose } = modes.place
  const variations = useStore(store, (state) => state.variations)
  const chosen = useStore(store, (state) => state.chosen)
  const running = useRun((state) => state.run.kind === 'running')
  return (
    <Choices
      label={say('Three lights that the photo may have')}
      hint={say('Three lights that this photo may have. Choose one; Accept keeps it.')}
      one="Light"
      choices={variations.map(({ seed, scene, picture }) => ({
        ...{ seed, picture },
        ready: !running && scene !== null,
        chosen: seed === chosen,
      }))}
      onChoose={(index) => void choose(index)}
    />
  )
}
