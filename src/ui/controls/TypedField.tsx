import { useEffect, useState, type InputHTMLAttributes, type ReactNode } from 'react'

import { ownKeys } from '@/ui/keys'

type InputProps = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'inputMode' | 'disabled' | 'maxLength' | 'role' | 'aria-valuenow' | 'aria-valuemin' | 'aria-valuemax'
>

interface TypedFieldProps extends InputProps {
  /** Shown inside the field, one or two letters. */
  mark?: string
  /** For screen readers and the tooltip. */
  label: string
  /** The value as it is shown. */
  value: string
  testId?: string
  /**
   * Takes what was typed; `shown` is what stands in the field then, and `note` says what differs from what was typed.
   */
  take(text: string): { shown: string; note: string | null }
  /** What the arrow keys make of the text: so many steps up, ten at a time with Shift. */
  stepped?(text: string, steps: number): string
}

/** A value that takes effect on Enter, blur or an arrow key. Nothing typed is changed without a word. */
export function TypedField(props: TypedFieldProps): ReactNode {
  const { mark, label, value, testId, take, stepped, ...input } = props
  const [draft, setDraft] = useState(value)
  const [note, setNote] = useState<string | null>(null)
  useEffect(() => setDraft(value), [value])

  const commit = (text: string) => {
    if (text === value) return
    const taken = take(text)
    setDraft(taken.shown)
    setNote(taken.note)
  }
  const step = (steps: number) => stepped !== undefined && commit(stepped(draft, steps))

  return (
    <div className="number">
      {mark && <span aria-hidden="true">{mark}</span>}
      <input
        {...input}
        className="field"
        style={mark ? undefined : { paddingLeft: 9 }}
        aria-label={label}
        title={label}
        value={draft}
        data-testid={testId}
        onChange={(event) => {
          setDraft(event.target.value)
          setNote(null)
        }}
        onFocus={() => setNote(null)}
        onBlur={(event) => commit(event.target.value)}
        onKeyDown={ownKeys({
          Enter: () => commit(draft),
          // With nothing to take back, Escape is the studio's.
          Escape: () => draft !== value && setDraft(value),
          ArrowUp: () => step(1),
          ArrowDown: () => step(-1),
          'shift+ArrowUp': () => step(10),
          'shift+ArrowDown': () => step(-10),
        })}
      />
      {note && (
        <small className="field-note" role="status">
          {note}
        </small>
      )}
    </div>
  )
}
