import { Blend, Layers2, Shapes, Stamp, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

import { Section } from '@/ui/controls/Section'

interface Mode {
  id: string
  icon: LucideIcon
  name: string
  about: string
}

const COMING: Mode[] = [
  { id: 'compose', icon: Shapes, name: 'Compose', about: 'A new picture from references' },
  { id: 'align', icon: Layers2, name: 'Align', about: 'Two seeds, one prompt' },
  { id: 'mix', icon: Blend, name: 'Mix', about: 'Two objects become one' },
]

/** The four modes; only Place can run with the model that ships. */
export function ModeSwitcher(): ReactNode {
  return (
    <Section title="Mode">
      <div className="modes" role="group" aria-label="Mode">
        <button type="button" className="mode" aria-pressed="true">
          <Stamp aria-hidden="true" />
          <strong>Place</strong>
          <small>A cut-out onto a picture</small>
        </button>
        {COMING.map(({ id, icon: Icon, name, about }) => (
          <button
            key={id}
            type="button"
            className="mode coming"
            aria-pressed="false"
            aria-disabled="true"
            title={`${name}: ${about}. Needs the authors' weights, coming.`}
          >
            <Icon aria-hidden="true" />
            <strong>
              {name} <em>coming</em>
            </strong>
            <small>Needs the authors’ weights</small>
          </button>
        ))}
      </div>
    </Section>
  )
}
