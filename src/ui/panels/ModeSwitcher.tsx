import { Blend, Layers2, Shapes, Stamp, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import type { Mode } from '@/schema/document'
import { Section } from '@/ui/controls/Section'
import { useDocument, useRun, useStudio } from '@/ui/studio'

interface ModeEntry {
  icon: LucideIcon
  name: string
  about: string
}

const LIVE: (ModeEntry & { mode: Mode })[] = [
  { mode: 'place', icon: Stamp, name: 'Place', about: 'A cut-out onto a picture' },
  { mode: 'compose', icon: Shapes, name: 'Compose', about: 'A new picture from references' },
  { mode: 'align', icon: Layers2, name: 'Align', about: 'Two pictures, one prompt' },
]

const COMING: ModeEntry[] = [{ icon: Blend, name: 'Mix', about: 'Two objects become one' }]

/** The four modes, three of which are there. */
export function ModeSwitcher(): ReactNode {
  const { actions } = useStudio()
  const mode = useDocument((state) => state.document.mode)
  const running = useRun((state) => state.run.kind === 'running')
  return (
    <Section title="Mode">
      <div className="modes" role="group" aria-label="Mode">
        {LIVE.map((entry) => (
          <button
            key={entry.mode}
            type="button"
            className="mode"
            aria-pressed={mode === entry.mode}
            disabled={running && mode !== entry.mode}
            data-testid={`mode-${entry.mode}`}
            onClick={() => actions.setMode(entry.mode)}
          >
            <entry.icon aria-hidden="true" />
            <strong>{entry.name}</strong>
            <small>{entry.about}</small>
          </button>
        ))}
        {COMING.map(({ icon: Icon, name, about }) => (
          <button
            key={name}
            type="button"
            className="mode coming"
            aria-pressed="false"
            aria-disabled="true"
            title={`${name}: ${about}. Not there yet.`}
          >
            <Icon aria-hidden="true" />
            <strong>
              {name} <em>coming</em>
            </strong>
            <small>{about}</small>
          </button>
        ))}
      </div>
    </Section>
  )
}
