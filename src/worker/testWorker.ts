import { beat, quietly } from '@/base/heartbeat'
import { serve } from '@/worker/serve'
import type { Outcome } from '@/worker/protocol'

const until = (ms: number, each: () => void): void => {
  const end = performance.now() + ms
  while (performance.now() < end) each()
}
const ok = <T>(value: T): Promise<Outcome<T>> => Promise.resolve({ ok: true, value })

/** A worker that does what workers should not, for the tests of who supervises them. */
const api = {
  echo: (value: string) => ok(value),
  refuse: () => Promise.reject(new Error('no')),
  /** Busy without a pause, but it says that it goes on. */
  work(ms: number) {
    until(ms, beat)
    return ok('worked')
  },
  /** Busy without a pause, in native code as it were. */
  kernel: (ms: number) =>
    quietly(() => {
      until(ms, () => undefined)
      return ok('ran')
    }),
  /** For ever, and without a sign. */
  hang(): Promise<Outcome<string>> {
    for (;;);
  },
  /** For ever, the loop free. */
  forget: () => new Promise<Outcome<string>>(() => undefined),
  crash(): Promise<Outcome<string>> {
    setTimeout(() => {
      throw new Error('an accident')
    })
    return new Promise(() => undefined)
  },
  async job(events: MessagePort, last: string) {
    for (const kind of ['step', 'step', last]) events.postMessage({ kind })
    await Promise.resolve()
  },
  hangingJob(events: MessagePort) {
    events.postMessage({ kind: 'step' })
    setTimeout(() => {
      for (;;);
    }, 100)
  },
}
export type TestApi = typeof api
serve(api)
