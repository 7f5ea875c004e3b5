/** How like both pictures a mixture is (specs: vmdiff §6). */

export interface Likeness {
  /** Cosine of DINO's features of the mixture and of a picture. */
  seen: number
  /** Cosine of CLIP's features of the mixture and of a picture's words. */
  named: number
}

/** Where CLIP's cosines of pictures and words lie, for the released scorer: from here 0, so much further 1. */
export interface NamedRange {
  from: number
  width: number
}

export const BIGG_RANGE: NamedRange = { from: 0.15, width: 0.3 }

/** Both sums less how unlike they are: twice the weaker side of each. At most 4, as long as words are within the range. */
export function similarityScore(
  first: Likeness,
  second: Likeness,
  { from, width }: NamedRange = BIGG_RANGE,
): number {
  const named = [first.named, second.named].map((cosine) => (cosine - from) / width)
  return 2 * Math.min(first.seen, second.seen) + 2 * Math.min(...named)
}
