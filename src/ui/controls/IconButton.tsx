import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface IconButtonProps {
  icon: LucideIcon
  /** What it does, for the tooltip and for screen readers. */
  label: string
  /** Shown in the tooltip. */
  shortcut?: string
  pressed?: boolean
  disabled?: boolean
  small?: boolean
  testId?: string
  onClick(): void
}

/** A button that shows only an icon. */
export function IconButton(props: IconButtonProps): ReactNode {
  const { icon: Icon, label, shortcut, pressed, disabled, small, testId, onClick } = props
  return (
    <button
      type="button"
      className={small ? 'icon-button small' : 'icon-button'}
      aria-label={label}
      title={shortcut ? `${label} (${shortcut})` : label}
      aria-pressed={pressed}
      disabled={disabled}
      data-testid={testId}
      onClick={onClick}
    >
      <Icon aria-hidden="true" />
    </button>
  )
}
