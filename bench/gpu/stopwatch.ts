import { time } from '../time'

/** Many shapes have to fit into eight minutes; short runs are many. */
const BUDGET = { runs: 20, ms: 600 }

/** Median milliseconds of work on a device, from submit to done. */
export const milliseconds = (device: GPUDevice, run: () => Promise<void> | void): Promise<number> =>
  time({ settle: () => device.queue.onSubmittedWorkDone() }, run, BUDGET)
