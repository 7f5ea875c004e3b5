/** How long work takes on a device, from call to done. */

/** Runs that are timed at most, and what they may take together once one of them is done. */
const MAX_RUNS = 7
const BUDGET_MS = 1500

/** Median milliseconds of `run`, after a run that compiles. @param device `settle` waits until it has done everything */
export async function time(
  device: { settle(): Promise<unknown> },
  run: () => void | Promise<void>,
  { runs: most, ms } = { runs: MAX_RUNS, ms: BUDGET_MS },
): Promise<number> {
  const once = async (): Promise<number> => {
    const since = performance.now()
    await run()
    await device.settle()
    return performance.now() - since
  }
  await once()
  const times = [await once()]
  const runs = Math.min(most, ms / Math.max(0.01, times[0]))
  while (times.length < runs) times.push(await once())
  return median(times)
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1]
