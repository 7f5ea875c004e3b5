/** How like all objects a mixture is (specs: vmdiff §6). */
import { cosine } from '@/pipelines/shared/features'
import type { Judgement, Likeness } from '@/schema/modes/mix'

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

/** So much at least lies between an object's name and that of another. */
const LEAST_WIDTH = 0.02

/**
 * Where a scorer's cosines lie, measured: 0 is what an object's picture has to do with the other objects' names, 1 what it has to
 * do with its own.
 * @param objects features of each one's picture and of its name, of length 1
 */
export function measuredRange(
  objects: readonly { shown: Float32Array; named: Float32Array }[],
): Judgement['range'] {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const own = mean(objects.map(({ shown, named }) => cosine(shown, named)))
  const others = objects.flatMap(({ shown }, i) =>
    objects.filter((_, k) => k !== i).map(({ named }) => cosine(shown, named)),
  )
  return { from: mean(others), width: Math.max(LEAST_WIDTH, own - mean(others)), measured: true }
}
