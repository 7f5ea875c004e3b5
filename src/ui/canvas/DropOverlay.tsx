import { useState, type ReactNode } from 'react'

import type { DropTarget } from '@/ui/mode'
import { pageModeOf } from '@/ui/modes'
import { droppedFiles } from '@/ui/weightFiles'
import { useDocument, useStudio } from '@/ui/studio'
import { sayText } from '@/words/say'

/** While files are dragged over the studio: where they are dropped says what they become. */
export function DropOverlay({ onDone }: { onDone(): void }): ReactNode {
  const { actions } = useStudio()
  const targets = useDocument((state) => pageModeOf(state.document).dropTargets)
  const [over, setOver] = useState<DropTarget['role'] | null>(null)
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
          {sayText(title)}
          <small>{sayText(about)}</small>
        </div>
      ))}
    </div>
  )
}
