import type { Backend } from '@/backend/types'

const REPEATS = 7

/** Median milliseconds of `run`, from call to done, after a run that compiles. */
export async function time(backend: Backend, run: () => void | Promise<void>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i <= REPEATS; i++) {
    const since = performance.now()
    await run()
    await backend.settle()
    if (i > 0) times.push(performance.now() - since)
  }
  return median(times)
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]
