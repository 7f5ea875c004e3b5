import { LogOut, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { Dialog } from '@/ui/controls/Dialog'
import type { DialogState } from '@/ui/stores/dialogs'
import { say } from '@/words/say'

/** The open document is not on the disk: stay with it, or lose what is not saved. */
export function UnsavedDialog({ dialog }: { dialog: Extract<DialogState, { kind: 'unsaved' }> }): ReactNode {
  const { title, answer } = dialog
  return (
    <Dialog
      title={say('Your last changes are not saved')}
      testId="unsaved-dialog"
      onClose={() => answer(false)}
    >
      <p className="hint">
        {say(
          '“{title}” could not be saved in this browser. Another document in its place takes its last changes away for good.',
          { title },
        )}
      </p>
      <div className="choices">
        <button
          type="button"
          className="choice"
          data-testid="unsaved-stay"
          data-first-focus
          onClick={() => answer(false)}
        >
          <Undo2 aria-hidden="true" />
          <strong>{say('Stay here')}</strong>
          <small>{say('Make room in this browser, or download the picture; then try again.')}</small>
        </button>
        <button type="button" className="choice" data-testid="unsaved-leave" onClick={() => answer(true)}>
          <LogOut aria-hidden="true" />
          <strong>{say('Leave without saving')}</strong>
          <small>{say('What was saved before stays in the list of documents.')}</small>
        </button>
      </div>
    </Dialog>
  )
}
