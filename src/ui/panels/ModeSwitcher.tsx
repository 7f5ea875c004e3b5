import type { ReactNode } from 'react'

import { DOCUMENT_MODES } from '@/document/modes'
import { MODES } from '@/schema/modes'
import { Section } from '@/ui/controls/Section'
import { PAGE_MODES } from '@/ui/modes'
import { isHeld } from '@/ui/stores/run'
import { useDocument, useRun, useStudio } from '@/ui/studio'
import { say, sayText } from '@/words/say'

/** The modes. */
export function ModeSwitcher(): ReactNode {
  const { actions } = useStudio()
  const mode = useDocument((state) => state.document.mode)
  const held = useRun(isHeld)
  return (
    <Section title={say('Mode')}>
      <div className="modes" role="group" aria-label={say('Mode')}>
        {MODES.map((one) => {
          const { icon: Icon, about } = PAGE_MODES[one]
          return (
            <button
              key={one}
              type="button"
              className="mode"
              aria-pressed={mode === one}
              disabled={held && mode !== one}
              data-testid={`mode-${one}`}
              onClick={() => actions.setMode(one)}
            >
              <Icon aria-hidden="true" />
              <strong>{DOCUMENT_MODES[one].name}</strong>
              <small>{sayText(about)}</small>
            </button>
          )
        })}
      </div>
    </Section>
  )
}
