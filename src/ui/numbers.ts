import { language } from '@/words/say'

/** A number as the page's language writes it, whole and without marks between thousands: as a field shows it and takes it. */
export const plainNumber = (value: number): string =>
  new Intl.NumberFormat(language.getState(), { maximumFractionDigits: 20, useGrouping: false }).format(value)

/** An angle in words: "45°". */
export const degrees = (value: number): string => `${plainNumber(value)}°`
