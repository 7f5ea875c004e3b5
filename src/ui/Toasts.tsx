import { CircleAlert, CircleCheck, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'

import { IconButton } from '@/ui/controls/IconButton'
import { TransferNote } from '@/ui/TransferNote'
import { useStudio } from '@/ui/studio'
import { say, sayText } from '@/words/say'

/** Notes that pass and problems that stay until they are closed. */
export function Toasts(): ReactNode {
  const { toasts: store, dialogs } = useStudio()
  const toasts = useStore(store, (state) => state.toasts)
  // The list of documents shows it itself.
  const listed = useStore(dialogs, ({ dialog }) => dialog?.kind === 'documents')
  return (
    <section className="toasts" aria-label={say('Notifications')}>
      {!listed && <TransferNote />}
      {toasts.map(({ id, kind, message, hint, detail, action }) => (
        <div
          key={id}
          className={kind === 'problem' ? 'toast problem' : 'toast'}
          role={kind === 'problem' ? 'alert' : 'status'}
          data-testid="toast"
        >
          {kind === 'problem' ? <CircleAlert aria-hidden="true" /> : <CircleCheck aria-hidden="true" />}
          <div className="toast-body">
            <strong>{kind === 'problem' ? sayText(message) : message}</strong>
            {hint && <p>{kind === 'problem' ? sayText(hint) : hint}</p>}
            {detail && (
              <details>
                <summary>{say('Details')}</summary>
                <pre tabIndex={0}>{detail}</pre>
              </details>
            )}
            {action && (
              <div className="toast-actions">
                <button
                  type="button"
                  className="button"
                  onClick={() => {
                    store.actions.dismiss(id)
                    action.run()
                  }}
                >
                  {action.label}
                </button>
              </div>
            )}
          </div>
          <IconButton small icon={X} label={say('Close')} onClick={() => store.actions.dismiss(id)} />
        </div>
      ))}
    </section>
  )
}
