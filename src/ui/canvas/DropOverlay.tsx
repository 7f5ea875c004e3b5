import { Image, ImagePlus, Stamp, type LucideIcon } from 'lucide-react'
import { useState, type ReactNode } from 'react'

import type { Mode } from '@/schema/document'
import type { PictureRole } from '@/ui/stores/dialogs'
import { droppedFiles } from '@/ui/weightFiles'
import { useDocument, useStudio } from '@/ui/studio'

type Target = PictureRole | 'auto'

const PLACE: { role: Target; icon: LucideIcon; title: string; about: string }[] = [
  { role: 'foreground', icon: Stamp, title: 'As foreground', about: 'A cut-out placed on the picture' },
  { role: 'background', icon: Image, title: 'As background', about: 'Replaces the picture below everything' },
]

const TARGETS: Record<Mode, typeof PLACE> = {
  place: PLACE,
  compose: [{ role: 'auto', icon: ImagePlus, title: 'As references', about: 'Of the new picture' }],
  align: [{ role: 'auto', icon: ImagePlus, title: 'As base or reference', about: 'Followed back to noise' }],
}

/** While files are dragged over the studio: where they are dropped says what they become. */
export function DropOverlay({ onDone }: { onDone(): void }): ReactNode {
  const { actions } = useStudio()
  const targets = useDocument((state) => TARGETS[state.document.mode])
  const [over, setOver] = useState<Target | null>(null)
  return (
    <div className={targets.length === 1 ? 'drop-choice one' : 'drop-choice'}>
      {targets.map(({ role, icon: Icon, title, about }) => (
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
            void droppedFiles(event.dataTransfer).then((files) => actions.importFiles(files, role))
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
