/** How long something will still take, from its pace over the last seconds. */
const WINDOW_MS = 8000

export class Pace {
  private readonly samples: { at: number; done: number }[] = []
  private readonly now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.now = now
  }

  /** Tells how much is done; seconds left, or null while the pace is not known. */
  secondsLeft(done: number, total: number): number | null {
    const at = this.now()
    this.samples.push({ at, done })
    while (this.samples.length > 2 && at - this.samples[0].at > WINDOW_MS) this.samples.shift()
    const first = this.samples[0]
    const perMs = (done - first.done) / (at - first.at)
    return at - first.at > 300 && perMs > 0 ? (total - done) / perMs / 1000 : null
  }
}
