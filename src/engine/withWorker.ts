/** One of the studio's own workers for a command of the command line. */
import type { Problem } from '@/base/errors'
import { superviseWorker, type SupervisedWorker } from '@/worker/supervised'

/** How long a worker may say nothing before it is given up, ms: there is nobody to wait for. */
const SILENCE_MS = 120_000

/** Has it while `use` runs. @param start makes it @param lost is said when it crashes or hangs */
export async function withWorker<Api, T>(
  start: () => Worker,
  lost: Problem,
  use: (worker: SupervisedWorker<Api>) => Promise<T>,
): Promise<T> {
  const worker = superviseWorker<Api>({ start, crashed: lost, hung: lost, silenceMs: SILENCE_MS })
  try {
    return await use(worker)
  } finally {
    worker.kill(lost)
  }
}
