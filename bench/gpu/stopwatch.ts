/** Milliseconds of work on a device, from submit to done. */
import { median } from '../time'

/** What a measurement takes at most once one run is done, seconds, and its most runs. */
const BUDGET = 0.6
const MOST_RUNS = 20

/** Median of several runs, after one that compiles. */
export async function milliseconds(device: GPUDevice, run: () => Promise<void> | void): Promise<number> {
  const once = async (): Promise<number> => {
    const since = performance.now()
    await run()
    await device.queue.onSubmittedWorkDone()
    return performance.now() - since
  }
  await once()
  const times = [await once()]
  const runs = Math.min(MOST_RUNS, (1000 * BUDGET) / Math.max(0.01, times[0]))
  while (times.length < runs) times.push(await once())
  return median(times)
}
