import { Square } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'

import { ProgressBar } from '@/ui/controls/ProgressBar'
import { useStudio } from '@/ui/studio'
import { say } from '@/words/say'

const WORDS = { saving: 'Saving “{title}”', opening: 'Opening “{title}”' } as const

/** How far a project file is, and how to stop it; nothing while there is none. */
export function TransferNote(): ReactNode {
  const { documents, projects } = useStudio()
  const transfer = useStore(documents.store, (state) => state.transfer)
  if (!transfer) return null
  const words = say(WORDS[transfer.kind], { title: transfer.title })
  return (
    <div className="transfer-note" role="status" data-testid="transfer">
      <strong>{words}</strong>
      <button
        type="button"
        className="button slim danger"
        disabled={transfer.stopping}
        onClick={() => projects.stop()}
      >
        <Square aria-hidden="true" /> {transfer.stopping ? say('Stopping …') : say('Stop')}
      </button>
      <ProgressBar label={words} done={transfer.fraction} total={1} />
    </div>
  )
}
