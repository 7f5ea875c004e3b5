import type { ReactNode } from 'react'

import { DOCUMENT_MODES } from '@/document/modes'
import { MODES, type Mode } from '@/schema/modes'
import { PAGE_MODES } from '@/ui/modes'
import { isHeld } from '@/ui/stores/run'
import { useRun, useStudio } from '@/ui/studio'
import { say, sayText } from '@/words/say'

interface NewCardsProps {
  /** The mode that need not be offered. */
  without?: Mode
  /** A new document is about to be shown. */
  onBegin?(): void
}

/** A new document of each mode. */
export function NewCards({ without, onBegin }: NewCardsProps): ReactNode {
  const { documents } = useStudio()
  const held = useRun(isHeld)
  return (
    <ul className="new-cards">
      {MODES.filter((mode) => mode !== without).map((mode) => {
        const { icon: Icon, ...words } = PAGE_MODES[mode]
        const { name } = DOCUMENT_MODES[mode]
        const about = sayText(words.about)
        return (
          <li key={mode}>
            <button
              type="button"
              className="new-card"
              aria-label={say('New: {name}, {about}', { name, about })}
              disabled={held}
              data-testid={`new-${mode}`}
              onClick={() => {
                onBegin?.()
                void documents.startNew(mode)
              }}
            >
              <Icon aria-hidden="true" />
              <strong>{name}</strong>
              <small>{about}</small>
            </button>
          </li>
        )
      })}
    </ul>
  )
}
