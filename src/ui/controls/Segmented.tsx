import { useId, type ReactNode } from 'react'

interface SegmentedProps<T extends string | number> {
  label: string
  value: T | null
  choices: readonly { value: T; label: string; disabled?: boolean; title?: string }[]
  hint?: ReactNode
  disabled?: boolean
  testId?: string
  onChange(value: T): void
}

/** A few choices of which one holds, side by side. */
export function Segmented<T extends string | number>(props: SegmentedProps<T>): ReactNode {
  const { label, value, choices, hint, disabled, testId, onChange } = props
  const id = useId()
  return (
    <div className="control">
      <div className="label">
        <span id={id}>{label}</span>
      </div>
      <div className="segmented" role="radiogroup" aria-labelledby={id} data-testid={testId}>
        {choices.map((choice) => (
          <label key={choice.value} title={choice.title} className={choice.disabled ? 'off' : undefined}>
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={value === choice.value}
              disabled={disabled || choice.disabled}
              onChange={() => onChange(choice.value)}
            />
            {choice.label}
          </label>
        ))}
      </div>
      {hint && <p className="hint under">{hint}</p>}
    </div>
  )
}
