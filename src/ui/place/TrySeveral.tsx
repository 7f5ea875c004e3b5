import { Images } from 'lucide-react'
import type { ReactNode } from 'react'

import { replaceable } from '@/document/place/several'
import { readiness } from '@/document/queries'
import { useDocument, useModels, useRun, useShelf, useStudio } from '@/ui/studio'
import { say } from '@/words/say'

/** The same placement with several pictures: one result each, side by side at the end. */
export function TrySeveral(): ReactNode {
  const { modes } = useStudio()
  const name = useDocument(({ document, selection }) => replaceable(document, selection)?.name ?? null)
  const hasBackground = useDocument((state) => state.document.background !== null)
  const engine = useRun((state) => state.engine)
  const doc = useDocument((state) => state.document)
  const installed = useModels((state) => state.installed)
  const importing = useShelf((state) => state.importing > 0)
  if (name === null || !hasBackground) return null
  const ready = engine.kind === 'ready' && readiness(doc, installed, engine.info.lacking).ready
  const disabled = !ready || importing
  return (
    <details className="fuse-more" data-testid="try-several">
      <summary>
        <Images aria-hidden="true" /> {say('Try several pictures')}
      </summary>
      <p className="hint">
        {say(
          'One result with each picture, placed as here. They wait in the queue; nothing is changed here.',
        )}
      </p>
      <div className="fuse-more-buttons">
        <button
          type="button"
          className="button"
          data-testid="try-backgrounds"
          disabled={disabled}
          onClick={() => modes.place.trySeveral('background')}
        >
          {say('Backgrounds …')}
        </button>
        <button
          type="button"
          className="button"
          data-testid="try-foregrounds"
          disabled={disabled}
          title={say('In place of “{name}”', { name })}
          onClick={() => modes.place.trySeveral('foreground')}
        >
          {say('Foregrounds …')}
        </button>
      </div>
    </details>
  )
}
