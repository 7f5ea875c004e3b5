/** How like all objects a mixture is (specs: vmdiff §6). */
import type { Likeness } from '@/schema/modes/mix'

/** Where CLIP's cosines of pictures and words lie: from here 0, so much further 1. */
export interface NamedRange {
  from: number
  width: number
}

/** Of the released scorer. */
export const BIGG_RANGE: NamedRange = { from: 0.15, width: 0.3 }

/**
 * Of two objects both sums less how unlike they are: twice the weaker side of each. At most 4, as long as words are within the range.
 * @param likeness to each object
 */
export function similarityScore(
  likeness: readonly Likeness[],
  { from, width }: NamedRange = BIGG_RANGE,
): number {
  const seen = likeness.map((one) => one.seen)
  const named = likeness.map((one) => (one.named - from) / width)
  return 2 * Math.min(...seen) + 2 * Math.min(...named)
}
