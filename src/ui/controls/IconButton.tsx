import type { LucideIcon } from 'lucide-react'
import type { MouseEvent, ReactNode } from 'react'

import type { ShortcutId } from '@/ui/keymap'
import { useTitled } from '@/ui/useTitled'
import { say } from '@/words/say'

interface IconButtonProps {
  icon: LucideIcon
  /** What it does, for the tooltip and for screen readers. */
  label: string
  /** Its keys are shown in the tooltip. */
  shortcut?: ShortcutId
  /** What else the tooltip tells. */
  note?: string
  pressed?: boolean
  disabled?: boolean
  small?: boolean
  testId?: string
  onClick(event: MouseEvent): void
}

/** A button that shows only an icon. */
export function IconButton(props: IconButtonProps): ReactNode {
  const { icon: Icon, label, shortcut, note, pressed, disabled, small, testId, onClick } = props
  const titled = useTitled()
  const title = shortcut ? titled(label, shortcut) : label
  return (
    <button
      type="button"
      className={small ? 'icon-button small' : 'icon-button'}
      aria-label={label}
      title={note ? say('{label}. {note}', { label: title, note }) : title}
      aria-pressed={pressed}
      disabled={disabled}
      data-testid={testId}
      onClick={onClick}
    >
      <Icon aria-hidden="true" />
    </button>
  )
}
