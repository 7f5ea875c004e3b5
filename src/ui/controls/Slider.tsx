import { useId, type CSSProperties, type ReactNode } from 'react'

import { plainNumber } from '@/ui/numbers'
import { say } from '@/words/say'

export interface SliderProps {
  label: string
  value: number
  min: number
  max: number
  step: number
  /** The value in words. */
  format?: (value: number) => string
  hint?: string
  disabled?: boolean
  testId?: string
  /** Beside the value: what else can be done with what is set here. */
  aside?: ReactNode
  onChange(value: number): void
}

/** A share in words. */
export const percent = (value: number): string => say('{count} %', { count: Math.round(value * 100) })

/** A labelled range with its value. */
export function Slider(props: SliderProps): ReactNode {
  const {
    label,
    value,
    min,
    max,
    step,
    format = plainNumber,
    hint,
    disabled,
    testId,
    aside,
    onChange,
  } = props
  const id = useId()
  const filled = { '--filled': (value - min) / (max - min) } as CSSProperties
  return (
    <div className="control">
      <div className="label">
        <label htmlFor={id} style={{ margin: 0 }}>
          {label}
        </label>
        <output htmlFor={id}>{format(value)}</output>
        {aside}
      </div>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={disabled}
        style={filled}
        aria-valuetext={format(value)}
        aria-describedby={hint ? `${id}-hint` : undefined}
        data-testid={testId}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}
