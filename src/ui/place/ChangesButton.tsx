import { Diff } from 'lucide-react'
import type { ReactNode } from 'react'

import { stagedIn } from '@/ui/stores/run'
import { isBrushingChanges } from '@/ui/stores/view'
import { useRun, useStudio, useView } from '@/ui/studio'
import { useTitled } from '@/ui/useTitled'
import { say } from '@/words/say'

/** Shows what klein changed, with a brush that takes it back. */
export function ChangesButton(): ReactNode {
  const { modes } = useStudio()
  const titled = useTitled()
  const made = useRun((state) => stagedIn(state, 'place')?.recipe.klein !== undefined)
  const shown = useView(isBrushingChanges)
  if (!made) return null
  return (
    <button
      type="button"
      className="button"
      data-testid="result-changes"
      aria-pressed={shown}
      title={titled(say('What changed; brush it away'), 'changes')}
      aria-label={say('What changed')}
      onClick={modes.place.toggleChanges}
    >
      <Diff aria-hidden="true" /> <span>{say('What changed')}</span>
    </button>
  )
}
