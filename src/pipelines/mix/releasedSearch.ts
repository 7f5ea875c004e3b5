/** The search of the released code (specs: vmdiff §7): which mixture scores best, then how strong the weaker picture must be. */

export interface Tried {
  at: number
  score: number
}

/** Scores two points; both are always asked for together. */
export type ScorePair = (upper: number, lower: number) => Promise<readonly [number, number]>

const GOLDEN = (1 + Math.sqrt(5)) / 2
const MOST_ROUNDS = 15
const ALPHA = { low: 0.4, high: 0.6, until: 0.002, digits: 5 }
const BETA = { low: 0.5, high: 3.5, until: 0.5, step: 0.2, beyond: 0.1 }

/** Golden section over the mixture, without the point that two rounds share; only a round's winner can be the best. */
export async function searchAlpha(score: ScorePair): Promise<Tried> {
  let { low, high } = ALPHA
  let best: Tried = { at: NaN, score: -Infinity }
  for (let round = 0; high - low > ALPHA.until && round < MOST_ROUNDS; round++) {
    const upper = rounded(low + (high - low) / GOLDEN)
    const lower = rounded(high - (high - low) / GOLDEN)
    const [ofUpper, ofLower] = await score(upper, lower)
    const upperWins = ofUpper >= ofLower
    best = better(best, upperWins ? { at: upper, score: ofUpper } : { at: lower, score: ofLower })
    if (upperWins) low = lower
    else high = upper
  }
  return best
}

/** The same over the weaker picture's weight, on a grid. */
export async function searchBeta(score: ScorePair): Promise<Tried> {
  let { low, high } = BETA
  let best: Tried = { at: NaN, score: -Infinity }
  const tried: number[] = []
  for (let round = 0; high - low > BETA.until && round < MOST_ROUNDS; round++) {
    // By their very bits, as released: a grid that starts elsewhere may try a value again.
    const free = gridOf(low, high).filter((value) => !tried.includes(value))
    const upper = nearest(free, low + (high - low) / GOLDEN)
    const lower = nearest(
      free.filter((value) => value !== upper),
      high - (high - low) / GOLDEN,
    )
    if (upper === null || lower === null) break
    const [ofUpper, ofLower] = await score(upper, lower)
    tried.push(upper, lower)
    const upperWins = ofUpper >= ofLower
    best = better(best, upperWins ? { at: upper, score: ofUpper } : { at: lower, score: ofLower })
    if (upperWins) low = lower
    else high = upper
  }
  return best
}

const rounded = (value: number): number => Number(value.toFixed(ALPHA.digits))
const better = (a: Tried, b: Tried): Tried => (b.score > a.score ? b : a)

/** From `low` in steps, as f32, up to a little beyond `high`. */
function gridOf(low: number, high: number): number[] {
  const end = Math.min(high + BETA.beyond, BETA.high)
  const count = Math.max(0, Math.ceil((end - low) / BETA.step))
  return Array.from({ length: count }, (_, i) => Math.fround(low + i * BETA.step))
}

function nearest(values: readonly number[], wanted: number): number | null {
  const order = values.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))
  return order[0] ?? null
}
