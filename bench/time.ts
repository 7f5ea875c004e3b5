import type { Backend } from '@/backend/types'

/** Runs that are timed at most, and what they may take together once one of them is done. */
const MAX_RUNS = 7
const BUDGET_MS = 1500

/** Median milliseconds of `run`, from call to done, after a run that compiles. */
export async function time(backend: Backend, run: () => void | Promise<void>): Promise<number> {
  const once = async (): Promise<number> => {
    const since = performance.now()
    await run()
    await backend.settle()
    return performance.now() - since
  }
  await once()
  const times = [await once()]
  const runs = Math.min(MAX_RUNS, BUDGET_MS / times[0])
  while (times.length < runs) times.push(await once())
  return median(times)
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]
