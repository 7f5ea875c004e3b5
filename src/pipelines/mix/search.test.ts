import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { blendingSteps, makingSteps, mixSigmas } from '@/pipelines/mix/mixDenoise'
import { searchAlpha, searchBeta } from '@/pipelines/mix/releasedSearch'
import { searchBalance, type Worth } from '@/pipelines/mix/search'
import { defaultMixSearch, defaultMixSettings, type MixPoint } from '@/schema/modes/mix'

interface Trace {
  calls: { x: [number, number]; score: [number, number] }[]
  best_score: number
}
const traces = JSON.parse(
  readFileSync(new URL('../../conformance/golden/vmdiff/search_trace.json', import.meta.url), 'utf8'),
) as Record<string, Trace>

/** The functions that the authors' code was traced on, as the traces themselves show. */
const ALPHA: Record<string, (x: number) => number> = {
  'alpha.peak0.537': (x) => 2.3 - 40 * (x - 0.537) ** 2,
  'alpha.monotone_up': (x) => x,
  'alpha.monotone_down': (x) => -x,
  'alpha.constant': () => 1,
  'alpha.two_peaks': (x) => Math.max(1 - 300 * (x - 0.43) ** 2, 1.2 - 900 * (x - 0.57) ** 2),
}
const BETA: Record<string, (x: number) => number> = {
  'beta.peak1.7': (x) => 2 - (x - 1.7) ** 2,
  'beta.peak0.6': (x) => -Math.abs(x - 0.6),
  'beta.peak3.4': (x) => -Math.abs(x - 3.4),
  'beta.constant': () => 0,
}

/** Forwards of the network, drafts small and the winner at full quality. */
function forwardsOf(points: readonly MixPoint[]): number {
  const [draft, full] = [defaultMixSearch(), defaultMixSettings()].map(({ steps, size }) => {
    const sigmas = mixSigmas(steps, { rows: size / 16, columns: size / 16 })
    return { noise: blendingSteps(sigmas).length, picture: makingSteps(sigmas).length }
  })
  const noises = new Set(points.map(({ round, strengths }) => `${round} ${strengths.join()}`)).size
  return noises * draft.noise + points.length * draft.picture + full.noise + full.picture
}

const RELEASED_FORWARDS = 758

describe('the search for the balance', () => {
  it('has the functions of the traces', () => {
    for (const [name, f] of Object.entries(ALPHA))
      for (const { x, score } of traces[name].calls)
        expect(x.map(f)).toEqual(score.map((one) => expect.closeTo(one, 6) as number))
    for (const [name, f] of Object.entries(BETA))
      for (const { x, score } of traces[`${name}.fixed1`].calls)
        expect(x.map(f)).toEqual(score.map((one) => expect.closeTo(one, 6) as number))
  })

  const cases = Object.keys(ALPHA).flatMap((alpha) => Object.keys(BETA).map((beta) => [alpha, beta] as const))

  it.each(cases)('%s, %s: no worse than the released one, in half of its work', async (alpha, beta) => {
    const asked: MixPoint[] = []
    const judge = (point: MixPoint): Promise<Worth> => {
      asked.push(point)
      const [first, second] = point.strengths
      // Strength comes on top of what the balance is worth.
      const found = ALPHA[alpha](point.shares[1]) + (first === 1 && second === 1 ? -10 : BETA[beta](second))
      return Promise.resolve({ worth: found, stronger: 0 })
    }
    await searchBalance({ rounds: 1, accept: Infinity }, judge)
    const balances = asked.filter(({ strengths }) => strengths.join() === '1,1')
    const strengths = asked.filter((point) => !balances.includes(point))
    const best = (values: number[]) => Math.max(...values)
    expect(best(balances.map(({ shares }) => ALPHA[alpha](shares[1])))).toBeGreaterThanOrEqual(
      traces[alpha].best_score - 1e-7,
    )
    expect(best(strengths.map((point) => BETA[beta](point.strengths[1])))).toBeGreaterThanOrEqual(
      traces[`${beta}.fixed1`].best_score - 1e-7,
    )
    expect(asked.length).toBeLessThanOrEqual(14)
    expect(forwardsOf(asked)).toBeLessThanOrEqual(RELEASED_FORWARDS / 2)
    expect(new Set(asked.map((point) => JSON.stringify(point))).size).toBe(asked.length)
  })

  it('the released one asks for twice as many', async () => {
    let asked = 0
    const score = () => {
      asked += 2
      return Promise.resolve([1, 0] as const)
    }
    await searchAlpha(score)
    await searchBeta(score)
    expect(asked).toBe(28)
  })

  it('strengthens the object that is seen less of', async () => {
    const strengths: number[][] = []
    await searchBalance({ rounds: 1, accept: Infinity }, (point) => {
      strengths.push(point.strengths)
      return Promise.resolve({ worth: -Math.abs(point.shares[1] - 0.5), stronger: 1 })
    })
    const tried = strengths.filter((one) => one.join() !== '1,1')
    expect(tried.length).toBeGreaterThan(2)
    expect(tried.every(([first, second]) => first >= 0.5 && second === 0.5)).toBe(true)
  })

  it('ends where a mixture is good enough, and draws the noise anew where none is', async () => {
    const count = async (accept: number, rounds: number) => {
      const found: MixPoint[] = []
      const best = await searchBalance({ rounds, accept }, (point) => {
        found.push(point)
        return Promise.resolve({ worth: point.round, stronger: 0 })
      })
      return {
        drafts: found.length,
        rounds: new Set(found.map(({ round }) => round)).size,
        best: best?.point.round,
      }
    }
    expect(await count(-1, 3)).toMatchObject({ rounds: 1, best: 0 })
    expect(await count(0.5, 5)).toMatchObject({ rounds: 2, best: 1 })
    expect((await count(Infinity, 3)).drafts).toBeLessThanOrEqual(3 * 14)
  })

  it('goes around drafts that are none, and gives nothing where all are', async () => {
    const judge = (bad: (share: number) => boolean) => (point: MixPoint) =>
      Promise.resolve<Worth>({ worth: bad(point.shares[1]) ? NaN : -point.shares[1], stronger: 0 })
    const limits = { rounds: 1, accept: Infinity }
    expect(
      (
        await searchBalance(
          limits,
          judge((share) => share < 0.5),
        )
      )?.worth,
    ).toBeLessThan(-0.5)
    expect(
      await searchBalance(
        limits,
        judge(() => true),
      ),
    ).toBeNull()
  })
})
