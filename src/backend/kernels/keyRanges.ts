/** Lists of key ranges as the WebGPU kernels want them. */
import type { KeyRange } from '@/backend/kernels/sharedAttention/types'
import type { Tensor } from '@/backend/tensor'
import { fail } from '@/base/errors'

/** Size of the `ranges` arrays of the kernels' parameters. */
export const MAX_RANGES = 64

/** Indices of the sources that hold a key of the ranges; the first source if none does. */
export function usedSources(ranges: readonly KeyRange[]): number[] {
  const used = new Set(ranges.filter(({ length }) => length > 0).map(({ source }) => source))
  return used.size > 0 ? [...used].sort((a, b) => a - b) : [0]
}

/** The ranges in terms of the used sources: empty ones dropped, neighbours joined. */
export function joinRanges(ranges: readonly KeyRange[], used: readonly number[]): KeyRange[] {
  const joined: KeyRange[] = []
  for (const { source, start, length } of ranges) {
    if (length === 0) continue
    const last = joined.at(-1)
    const index = used.indexOf(source)
    if (last && last.source === index && last.start + last.length === start) last.length += length
    else joined.push({ source: index, start, length })
  }
  return joined
}

/** The words of a kernel's `ranges`: (source, first token, length, unused) each, zeros behind. */
export function rangeWords(ranges: readonly KeyRange[]): number[] {
  const words = new Array<number>(MAX_RANGES * 4).fill(0)
  ranges.forEach(({ source, start, length }, index) => words.splice(index * 4, 3, source, start, length))
  return words
}

/** @throws internal when a range leaves the keys of its source. */
export function checkRanges(kernel: string, ranges: readonly KeyRange[], keys: readonly Tensor[]): void {
  for (const { source, start, length } of ranges) {
    const tokens = keys[source]?.dims[1]
    const whole = [start, length].every((value) => Number.isInteger(value) && value >= 0)
    if (tokens === undefined || !whole || start + length > tokens)
      fail(
        'internal',
        `${kernel}: keys ${start}+${length} leave source ${source}.`,
        'This is a mistake in Inlay; please report it.',
      )
  }
}
