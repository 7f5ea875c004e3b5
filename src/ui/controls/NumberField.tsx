import type { ReactNode } from 'react'

import { TypedField } from '@/ui/controls/TypedField'
import { takeNumber, type NumberRule } from '@/ui/controls/typedNumber'

interface NumberFieldProps extends NumberRule {
  /** Shown inside the field, one or two letters. */
  mark?: string
  /** For screen readers and the tooltip. */
  label: string
  value: number
  /** Of the field's arrows; without it `multipleOf`, or 1. */
  step?: number
  disabled?: boolean
  testId?: string
  onCommit(value: number): void
}

/** A number; what makes none is put back, and what the rule changes is said. */
export function NumberField({
  value,
  min,
  max,
  multipleOf,
  step,
  onCommit,
  ...field
}: NumberFieldProps): ReactNode {
  return (
    <TypedField
      {...field}
      type="number"
      min={min}
      max={max}
      step={step ?? multipleOf ?? 1}
      value={String(value)}
      take={(text) => {
        const taken = takeNumber(text, { min, max, multipleOf })
        const kept = taken.value ?? value
        if (kept !== value) onCommit(kept)
        return { shown: String(kept), note: taken.note }
      }}
    />
  )
}
