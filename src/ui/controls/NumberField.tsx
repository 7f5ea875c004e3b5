import type { ReactNode } from 'react'

import { calculated } from '@/ui/controls/arithmetic'
import { TypedField } from '@/ui/controls/TypedField'
import { takeNumber, type NumberRule } from '@/ui/controls/typedNumber'
import { plainNumber } from '@/ui/numbers'

interface NumberFieldProps extends NumberRule {
  /** Shown inside the field, one or two letters. */
  mark?: string
  /** For screen readers and the tooltip. */
  label: string
  value: number
  /** Of the arrow keys; without it `multipleOf`, or 1. */
  step?: number
  disabled?: boolean
  testId?: string
  onCommit(value: number): void
}

/** Without what steps of a tenth leave behind: 0.30000000000000004. */
const rounded = (value: number): number => Number(value.toFixed(6))

/** A number or a sum of numbers; what makes none is put back, and what the rule changes is said. Arrows step, with Shift by ten. */
export function NumberField({
  value,
  min,
  max,
  multipleOf,
  whole,
  step = multipleOf ?? 1,
  onCommit,
  ...field
}: NumberFieldProps): ReactNode {
  return (
    <TypedField
      {...field}
      // Not of type number: that would take no sums.
      inputMode={min !== undefined && min >= 0 ? 'decimal' : 'text'}
      role="spinbutton"
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      value={plainNumber(value)}
      take={(text) => {
        const taken = takeNumber(text, { min, max, multipleOf, whole })
        const kept = taken.value ?? value
        if (kept !== value) onCommit(kept)
        return { shown: plainNumber(kept), note: taken.note }
      }}
      stepped={(text, steps) => plainNumber(rounded((calculated(text, whole) ?? value) + steps * step))}
    />
  )
}
