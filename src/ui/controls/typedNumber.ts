import { calculated } from '@/ui/controls/arithmetic'
import { plainNumber } from '@/ui/numbers'
import { say } from '@/words/say'

/** What a field of numbers takes. */
export interface NumberRule {
  min?: number
  max?: number
  /** Only multiples of it; 1: whole numbers. */
  multipleOf?: number
  /** What 100 % are; without it there are no percentages. */
  whole?: number
}

/** What becomes of something typed, a number or a sum ("120 + 50%"): the number that is taken, and what to say where it is another one. */
export function takeNumber(text: string, rule: NumberRule): { value: number | null; note: string | null } {
  const number = calculated(text, rule.whole)
  if (number === null) return { value: null, note: say('That is no number, and no sum of numbers.') }
  const { min = -Infinity, max = Infinity, multipleOf } = rule
  if (number < min) return { value: min, note: say('At least {number}.', { number: plainNumber(min) }) }
  if (number > max) return { value: max, note: say('At most {number}.', { number: plainNumber(max) }) }
  if (multipleOf === undefined) return { value: number, note: null }
  const value = Math.round(number / multipleOf) * multipleOf
  if (value === number) return { value, note: null }
  const now = plainNumber(value)
  const note =
    multipleOf === 1
      ? say('Whole numbers only: now {number}.', { number: now })
      : say('Only multiples of {step}: now {number}.', { step: plainNumber(multipleOf), number: now })
  return { value: Math.min(max, Math.max(min, value)), note }
}
