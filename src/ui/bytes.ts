import { say, sayNumber } from '@/words/say'

/** A number of bytes in words, in powers of ten as disks are sold: "340 MB", "6.7 GB". */
export function bytes(count: number): string {
  if (count < 999.5e3) return say('{count} kB', { count: Math.round(count / 1e3) })
  if (count < 999.5e6) return say('{count} MB', { count: Math.round(count / 1e6) })
  return say('{count} GB', { count: sayNumber(count / 1e9, count < 99.95e9 ? 1 : 0) })
}
