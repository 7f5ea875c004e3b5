import { useEffect, useState, type ReactNode } from 'react'

interface NumberFieldProps {
  /** Shown inside the field, one or two letters. */
  mark?: string
  /** For screen readers and the tooltip. */
  label: string
  value: number
  min?: number
  max?: number
  step?: number
  disabled?: boolean
  testId?: string
  onCommit(value: number): void
}

/** A number that takes effect on Enter, blur or the arrow keys; what makes no number is put back. */
export function NumberField(props: NumberFieldProps): ReactNode {
  const { mark, label, value, min, max, step = 1, disabled, testId, onCommit } = props
  const [draft, setDraft] = useState(String(value))
  useEffect(() => setDraft(String(value)), [value])

  const commit = (text: string) => {
    const number = Number(text)
    if (text.trim() === '' || !Number.isFinite(number)) {
      setDraft(String(value))
      return
    }
    const kept = Math.min(max ?? Infinity, Math.max(min ?? -Infinity, number))
    setDraft(String(kept))
    if (kept !== value) onCommit(kept)
  }

  return (
    <div className="number">
      {mark && <span aria-hidden="true">{mark}</span>}
      <input
        className="field"
        style={mark ? undefined : { paddingLeft: 9 }}
        type="number"
        aria-label={label}
        title={label}
        min={min}
        max={max}
        step={step}
        value={draft}
        disabled={disabled}
        data-testid={testId}
        onChange={(event) => {
          setDraft(event.target.value)
          // The arrows of the field itself arrive without typing; take them at once.
          if (!(event.nativeEvent instanceof InputEvent) || event.nativeEvent.inputType === '')
            commit(event.target.value)
        }}
        onBlur={(event) => commit(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.value)
          if (event.key === 'Escape') setDraft(String(value))
        }}
      />
    </div>
  )
}
