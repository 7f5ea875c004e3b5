import type { Pixels } from '@/app/pixels/client'
import type { DocumentStore } from '@/document/store'
import type { QueueStore } from '@/ui/stores/queue'
import type { RunStore } from '@/ui/stores/run'
import type { ShelfState, ShelfStore } from '@/ui/stores/shelf'

interface SweepingOptions {
  document: DocumentStore
  run: RunStore
  shelf: ShelfStore
  pixels: Pixels
  queue: QueueStore
}

/** A moment after the start and after something was put away, ms. */
const SOON_MS = 3000
const OFTEN_MS = 3_600_000

/** Has what nothing names any more taken from the disk: at the start, when something was put away, and hourly. */
export function keepSwept({ document, run, shelf, pixels, queue }: SweepingOptions): void {
  let timer: ReturnType<typeof setTimeout> | undefined

  const sweep = (): void => {
    const { run: now, staged } = run.getState()
    // What is being made may be on the disk already, and named by nothing yet.
    if (now.kind === 'running' || shelf.getState().importing > 0 || pixels.storing()) return sweepSoon()
    // It is done for the user's sake, but not at their wish: a failure is tried again, not told.
    // What waits may be of another document, or of pictures that no document has.
    const waiting = queue.getState().waiting.flatMap(({ pictures }) => pictures)
    void pixels.sweep([...document.liveAssets(), ...waiting, ...(staged ? [staged.asset.hash] : [])])
  }
  const sweepSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(sweep, SOON_MS)
  }

  document.subscribe((state, last) => {
    if (state.document.id !== last.document.id) sweepSoon()
  })
  // Not when it is deleted, but when it can no longer be brought back.
  const count = ({ results, deleted }: ShelfState): number => results.length + deleted.length
  shelf.subscribe((state, last) => {
    if (count(state) < count(last)) sweepSoon()
  })
  setInterval(sweepSoon, OFTEN_MS)
  sweepSoon()
}
