/** Collects and prints comparisons. */
import type { Tolerance } from '@/conformance/goldenCase'

/** Mean error over mean size. */
export function shareOff(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [error, size] = [0, 0]
  for (let at = 0; at < expected.length; at++) {
    error += Math.abs(found[at] - expected[at])
    size += Math.abs(expected[at])
  }
  return error / size
}

export const percentOff = (share: number): string => `off by ${(100 * share).toFixed(2)} %`

export class Report {
  passed = 0
  failed = 0
  private readonly log: (line: string) => void
  private readonly taps: boolean
  private prefix = ''
  private left = false
  private least: Tolerance | null = null

  constructor(log: (line: string) => void, taps: boolean) {
    this.log = log
    this.taps = taps
  }

  /**
   * Begins the rows of one case on one backend.
   * @param least what any tolerance is at least, but of what has to be equal
   */
  begin(name: string, backend: string, least: Tolerance | null = null): void {
    this.least = least
    this.prefix = `${name.padEnd(16)} ${backend.padEnd(7)}`
    this.left = false
  }

  /** One row: passes when every |a-b| <= abs + rel*|b| and the lengths agree. */
  compare(tensor: string, actual: ArrayLike<number>, expected: ArrayLike<number>, given: Tolerance): void {
    const { abs, rel } = this.loosened(given)
    let worst = 0
    let allowed = abs
    let excess = -Infinity
    for (let i = 0; i < expected.length; i++) {
      const error = Math.abs(actual[i] - expected[i])
      const limit = abs + rel * Math.abs(expected[i])
      // NaN must never pass.
      const over = Number.isNaN(error) ? Infinity : error - limit
      if (over > excess) {
        excess = over
        allowed = limit
      }
      if (error > worst || Number.isNaN(error)) worst = error
    }
    const good = actual.length === expected.length && expected.length > 0 && excess <= 0
    const shape =
      actual.length === expected.length ? '' : ` length ${actual.length}, expected ${expected.length}`
    this.row(tensor, good, `error ${worst.toExponential(2)}  tolerance ${allowed.toExponential(2)}${shape}`)
  }

  private loosened(given: Tolerance): Tolerance {
    const { least } = this
    if (!least || given.abs === 0) return given
    return { abs: Math.max(given.abs, least.abs), rel: Math.max(given.rel, least.rel) }
  }

  row(tensor: string, good: boolean, text: string): void {
    if (good) this.passed++
    else this.failed++
    this.log(`${this.prefix} ${tensor.padEnd(34)} ${text}  ${good ? 'pass' : 'FAIL'}`)
    if (!good && this.taps && !this.left) {
      this.left = true
      this.log(`${this.prefix} ${tensor} is the first tensor to leave tolerance`)
    }
  }
}
