import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'

import { IconButton } from '@/ui/controls/IconButton'
import { say } from '@/words/say'

interface DialogProps {
  title: string
  wide?: boolean
  /** As large as the window allows, for dialogs that are a place of their own. */
  size?: 'large'
  testId?: string
  footer?: ReactNode
  children: ReactNode
  /** Escape, the cross, or a click outside. */
  onClose(): void
}

/**
 * A modal dialog; the platform keeps the focus inside and gives it back. An element marked
 * `data-first-focus` gets the focus instead of the cross.
 */
export function Dialog({ title, wide, size, testId, footer, children, onClose }: DialogProps): ReactNode {
  const ref = useRef<HTMLDialogElement>(null)
  const composing = useRef(false)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) {
      dialog.showModal()
      dialog.querySelector<HTMLElement>('[data-first-focus]')?.focus()
    }
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      className={['dialog', wide && 'wide', size].filter(Boolean).join(' ')}
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault()
        if (!composing.current) onClose()
      }}
      // Escape while an input method composes takes back a word, not the dialog.
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={() => setTimeout(() => (composing.current = false))}
      onPointerDown={(event) => {
        if (event.target === ref.current) onClose()
      }}
    >
      <div className="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon={X} label={say('Close')} onClick={onClose} />
      </div>
      <div className="dialog-body">{children}</div>
      {footer && <div className="dialog-foot">{footer}</div>}
    </dialog>
  )
}
