import { language } from '@/words/say'

let format: Intl.NumberFormat | null = null
language.subscribe(() => (format = null))

/** A number as the page's language writes it, whole and without marks between thousands: as a field shows it and takes it. */
export function plainNumber(value: number): string {
  format ??= new Intl.NumberFormat(language.getState(), { maximumFractionDigits: 20, useGrouping: false })
  return format.format(value)
}

/** An angle in words: "45°". */
export const degrees = (value: number): string => `${plainNumber(value)}°`
