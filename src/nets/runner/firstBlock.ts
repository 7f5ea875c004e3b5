/**
 * First-block caching, an approximation: where the first block does to the picture's tokens nearly what it did in the last step
 * that was run whole, all other blocks are taken to do what they did then, and are not run.
 */

interface Kept {
  /** What the first block added. */
  first: Float32Array
  /** What all blocks after it added. */
  rest: Float32Array
}

/** Of one run; tokens are those of the segment that changes, [batch, tokens, hidden]. */
export class FirstBlockCache {
  private readonly threshold: number
  private kept: Kept | null = null
  private now: { after: Float32Array; first: Float32Array } | null = null
  /** Steps whose blocks after the first were not run. */
  skipped = 0

  /** @param threshold mean change of what the first block adds, over its mean size, up to which nothing is run anew; above 0 */
  constructor(threshold: number) {
    this.threshold = threshold
  }

  /**
   * What all blocks would give, as far as that is taken from an earlier step; null where they have to run.
   * @param before the tokens before the first block @param after behind it
   */
  guess(before: Float32Array, after: Float32Array): Float32Array | null {
    const first = after.map((value, at) => value - before[at])
    this.now = { after, first }
    const { kept } = this
    if (!kept || change(first, kept.first) > this.threshold) return null
    this.skipped++
    return after.map((value, at) => value + kept.rest[at])
  }

  /** After a step that was run whole: what all blocks gave. */
  note(all: Float32Array): void {
    if (!this.now) return
    const { after, first } = this.now
    this.kept = { first, rest: all.map((value, at) => value - after[at]) }
  }
}

/** Mean absolute difference over mean absolute size; not a number counts as different. */
function change(now: Float32Array, before: Float32Array): number {
  let difference = 0
  let size = 0
  for (let at = 0; at < now.length; at++) {
    difference += Math.abs(now[at] - before[at])
    size += Math.abs(before[at])
  }
  const share = difference / size
  return Number.isNaN(share) ? Infinity : share
}
