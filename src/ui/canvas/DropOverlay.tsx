import { Image, Stamp, type LucideIcon } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import type { PictureRole } from '@/ui/stores/dialogs'
import { useStudio } from '@/ui/studio'

const TARGETS: { role: PictureRole; icon: LucideIcon; title: string; about: string }[] = [
  { role: 'foreground', icon: Stamp, title: 'As foreground', about: 'A cut-out placed on the picture' },
  { role: 'background', icon: Image, title: 'As background', about: 'Replaces the picture below everything' },
]

/** While files are dragged over the studio: where they are dropped says what they become. */
export function DropOverlay({ onDone }: { onDone(): void }): ReactNode {
  const { actions } = useStudio()
  const [over, setOver] = useState<PictureRole | null>(null)
  return (
    <div className="drop-choice">
      {TARGETS.map(({ role, icon: Icon, title, about }) => (
        <div
          key={role}
          className={over === role ? 'drop-target over' : 'drop-target'}
          data-testid={`drop-${role}`}
          onDragEnter={() => setOver(role)}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault()
            event.stopPropagation()
            onDone()
            void actions.importFiles([...event.dataTransfer.files], role)
          }}
        >
          <Icon aria-hidden="true" />
          {title}
          <small>{about}</small>
        </div>
      ))}
    </div>
  )
}
