/**
 * Our search for the balance, in place of the released one (`releasedSearch.ts`; specs: vmdiff §7): golden section that uses
 * inner points again, its end sharpened by a parabola, so that a round takes at most 14 drafts where the authors make 28.
 */
import { DRAFTS, type MixPoint } from '@/schema/modes/mix'

/** What was found of a point. */
export interface Worth {
  /** More is better; not a number where the draft was none. */
  worth: number
  /** Which of both objects is seen more of. */
  stronger: 0 | 1
}

interface Found extends Worth {
  point: MixPoint
}

export interface SearchLimits {
  /** Draws of the noise at most. */
  rounds: number
  /** From here on a mixture is good enough. */
  accept: number
}

interface Interval {
  low: number
  high: number
}

/** As released: the share of the second object, and the weaker one's strength beside the other's half. */
const SHARE: Interval = { low: 0.4, high: 0.6 }
const STRENGTH: Interval = { low: 0.5, high: 3.5 }
const OTHERS_STRENGTH = 0.5

const GOLDEN = (1 + Math.sqrt(5)) / 2
/** How many tries sharpen what the others have found. */
const SHARPENING = { share: 2, strength: 1 }
/** Tries that differ by less than this share of the interval are one. */
const SAME = 1e-4

/**
 * The best of all points tried; null where none could be judged.
 * @param judge makes a draft and judges it
 */
export async function searchBalance(
  { rounds, accept }: SearchLimits,
  judge: (point: MixPoint) => Promise<Worth>,
): Promise<Found | null> {
  let best: Found | null = null
  const tryOne = async (point: MixPoint): Promise<Found> => {
    const found = { point, ...(await judge(point)) }
    if (Number.isFinite(found.worth) && found.worth > (best?.worth ?? -Infinity)) best = found
    return found
  }
  const enough = (): boolean => best !== null && best.worth > accept
  for (let round = 0; round < rounds && !enough(); round++) {
    const points: Found[] = []
    const pointAt = (share: number, strengths: number[]): MixPoint => ({
      shares: [1 - share, share],
      strengths,
      round,
    })
    await goldenSearch(SHARE, DRAFTS.balance, SHARPENING.share, async (share) => {
      const found = await tryOne(pointAt(share, [1, 1]))
      points.push(found)
      return found.worth
    })
    const start = bestOf(points)
    if (!start || enough()) continue
    await goldenSearch(STRENGTH, DRAFTS.strength, SHARPENING.strength, async (strength) => {
      const strengths = start.stronger === 0 ? [OTHERS_STRENGTH, strength] : [strength, OTHERS_STRENGTH]
      return (await tryOne(pointAt(start.point.shares[1], strengths))).worth
    })
  }
  return best
}

const bestOf = (found: readonly Found[]): Found | null =>
  found.filter(({ worth }) => Number.isFinite(worth)).toSorted((a, b) => b.worth - a.worth)[0] ?? null

interface Tried {
  at: number
  worth: number
}

/** Asks for at most `most` values, the last `sharpening` of them where a parabola or an end promises more. */
async function goldenSearch(
  { low, high }: Interval,
  most: number,
  sharpening: number,
  ask: (at: number) => Promise<number>,
): Promise<void> {
  const tried: Tried[] = []
  const at = async (value: number): Promise<number> => {
    // What is no number is worse than all that is one.
    const answer = await ask(rounded(value))
    const worth = Number.isFinite(answer) ? answer : -Infinity
    tried.push({ at: rounded(value), worth })
    return worth
  }
  const whole = { low, high }
  let upper = low + (high - low) / GOLDEN
  let lower = high - (high - low) / GOLDEN
  let ofUpper = await at(upper)
  let ofLower = await at(lower)
  while (tried.length < most - sharpening) {
    if (ofUpper >= ofLower) {
      low = lower
      ;[lower, ofLower] = [upper, ofUpper]
      upper = low + (high - low) / GOLDEN
      ofUpper = await at(upper)
    } else {
      high = upper
      ;[upper, ofUpper] = [lower, ofLower]
      lower = high - (high - low) / GOLDEN
      ofLower = await at(lower)
    }
  }
  while (tried.length < most) {
    const next = promising(tried, whole)
    if (next === null) return
    await at(next)
  }
}

/** Where the best may be surpassed: an end that nothing was tried beyond, or the top of the parabola through its neighbours. */
function promising(tried: readonly Tried[], { low, high }: Interval): number | null {
  const sorted = tried.toSorted((a, b) => a.at - b.at)
  const best = sorted.reduce((top, one, i) => (one.worth > sorted[top].worth ? i : top), 0)
  const [left, middle, right] = [sorted[best - 1], sorted[best], sorted[best + 1]]
  const next = !left ? low : !right ? high : topOf(left, middle, right)
  const isKnown = tried.some((one) => Math.abs(one.at - next) < SAME * (high - low))
  return Number.isFinite(next) && !isKnown ? next : null
}

/** Not a number where the three lie on a line. */
function topOf(left: Tried, middle: Tried, right: Tried): number {
  const [a, b] = [middle.at - left.at, middle.at - right.at]
  const [p, q] = [a * (middle.worth - right.worth), b * (middle.worth - left.worth)]
  return middle.at - (a * p - b * q) / (2 * (p - q))
}

/** As the released code rounds. */
const rounded = (value: number): number => Number(value.toFixed(5))
