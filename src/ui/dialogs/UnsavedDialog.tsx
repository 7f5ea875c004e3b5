import { LogOut, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'

import { Dialog } from '@/ui/controls/Dialog'
import type { DialogState } from '@/ui/stores/dialogs'

/** The open document is not on the disk: stay with it, or lose what is not saved. */
export function UnsavedDialog({ dialog }: { dialog: Extract<DialogState, { kind: 'unsaved' }> }): ReactNode {
  const { title, answer } = dialog
  return (
    <Dialog title="Your last changes are not saved" testId="unsaved-dialog" onClose={() => answer(false)}>
      <p className="hint">
        “{title}” could not be saved in this browser. Another document in its place takes its last changes
        away for good.
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
          <strong>Stay here</strong>
          <small>Make room in this browser, or download the picture; then try again.</small>
        </button>
        <button type="button" className="choice" data-testid="unsaved-leave" onClick={() => answer(true)}>
          <LogOut aria-hidden="true" />
          <strong>Leave without saving</strong>
          <small>What was saved before stays in the list of documents.</small>
        </button>
      </div>
    </Dialog>
  )
}
