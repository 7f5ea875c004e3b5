import { fail } from '@/base/errors'

export interface PaceOptions {
  signal?: AbortSignal
  /** Called with 0..1. */
  onProgress?(fraction: number): void
}

/** Milliseconds of work between two turns for others. */
const SLICE_MS = 12

/** Lets others run, checks for cancelling, tells progress. */
export class Pace {
  private last = performance.now()
  private readonly options: PaceOptions
  constructor(options: PaceOptions) {
    this.options = options
  }
  report(fraction: number): void {
    this.options.onProgress?.(fraction)
  }
  async breathe(): Promise<void> {
    if (performance.now() - this.last >= SLICE_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0))
      this.last = performance.now()
    }
    if (this.options.signal?.aborted)
      fail('cancelled', 'The cut-out was stopped.', 'Start it again when you like.')
  }
}
