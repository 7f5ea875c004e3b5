/** How much work the GPU is given at once, and how much may wait there. */
import { macrotask } from '@/base/macrotask'

/**
 * What a submission should take: a driver resets after two seconds, and nothing stops what was submitted. A cut may leave some rows
 * more, and three that wait should still end in 300 ms.
 */
const TARGET_SECONDS = 0.09
/** Arithmetic of the first submissions, before anything was measured: 0.1 s at 50 GFLOP/s, or at an emulated 2. */
const FIRST_FLOPS = { gpu: 5e9, emulated: 2e8 }
/** Submissions that are remembered; the slowest of them counts, since linears, attention and convolutions differ. */
const REMEMBERED = 8
/** Spans of work that may be queued on the device before we wait for the oldest. */
const MAX_IN_FLIGHT = 2

/**
 * Measures the device by the work that it is given. Work is announced before it is submitted; a span of it, never more
 * than `runFlops` unless one piece is, ends in a fence, and the times between fences set `runFlops` for what follows.
 */
export class Pace {
  private readonly queue: Pick<GPUQueue, 'onSubmittedWorkDone'>
  private readonly inFlight: Promise<void>[] = []
  private readonly rates: number[] = []
  private budget: number
  /** Of the span that is open. */
  private queued = 0
  private since = 0
  /** When the device last ended a span. */
  private ended = 0

  constructor(queue: Pick<GPUQueue, 'onSubmittedWorkDone'>, software: boolean) {
    this.queue = queue
    this.budget = software ? FIRST_FLOPS.emulated : FIRST_FLOPS.gpu
  }

  /** Arithmetic that one submission may hold now. */
  get runFlops(): number {
    return this.budget
  }

  /** To be called before work is submitted; waits while enough is on its way. @throws AbortError */
  async admit(flops: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (this.queued > 0 && this.queued + flops > this.budget) {
      await this.breathe()
      signal?.throwIfAborted()
    }
    if (this.queued === 0) this.since = performance.now()
    this.queued += flops
  }

  /** Ends the span, lets messages in and bounds what is in flight. */
  async breathe(): Promise<void> {
    const { queued: flops, since } = this
    this.queued = 0
    this.inFlight.push(this.queue.onSubmittedWorkDone().then(() => this.measure(flops, since)))
    if (this.inFlight.length > MAX_IN_FLIGHT) await this.inFlight.shift()
    await macrotask()
  }

  /** Waits until the device has done everything. */
  async settle(): Promise<void> {
    this.inFlight.length = 0
    this.queued = 0
    await this.queue.onSubmittedWorkDone()
    // Errors arrive as events.
    await macrotask()
  }

  private measure(flops: number, since: number): void {
    const now = performance.now()
    const seconds = (now - Math.max(since, this.ended)) / 1000
    this.ended = now
    // A short span says more of the way there and back than of the device; clocks may be coarse.
    if (flops < this.budget / 2 || seconds <= 0) return
    this.rates.push(flops / seconds)
    if (this.rates.length > REMEMBERED) this.rates.shift()
    const fits = TARGET_SECONDS * Math.min(...this.rates)
    // Up step by step: what was measured on little work need not hold for much.
    this.budget = Math.min(fits, 2 * this.budget)
  }
}
