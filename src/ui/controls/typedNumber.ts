import { calculated } from '@/ui/controls/arithmetic'

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
  if (number === null) return { value: null, note: 'That is no number, and no sum of numbers.' }
  const { min = -Infinity, max = Infinity, multipleOf } = rule
  if (number < min) return { value: min, note: `At least ${min}.` }
  if (number > max) return { value: max, note: `At most ${max}.` }
  if (multipleOf === undefined) return { value: number, note: null }
  const value = Math.round(number / multipleOf) * multipleOf
  if (value === number) return { value, note: null }
  const only = multipleOf === 1 ? 'Whole numbers only' : `Only multiples of ${multipleOf}`
  return { value: Math.min(max, Math.max(min, value)), note: `${only}: now ${value}.` }
}
