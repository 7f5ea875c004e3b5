import type { ReactNode } from 'react'

import { Dialog } from '@/ui/controls/Dialog'

/** Asks before the open document makes room for an empty one. */
export function ConfirmNewDialog({ onAnswer }: { onAnswer(yes: boolean): void }): ReactNode {
  return (
    <Dialog
      title="Start a new document?"
      onClose={() => onAnswer(false)}
      footer={
        <>
          <button type="button" className="button" onClick={() => onAnswer(false)}>
            Keep working
          </button>
          <button type="button" className="button primary" data-first-focus onClick={() => onAnswer(true)}>
            Start new
          </button>
        </>
      }
    >
      <p>
        The layers and the undo history of this document are put away. Your results stay in the strip below.
      </p>
    </Dialog>
  )
}
