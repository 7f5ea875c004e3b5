import { problemOf, type Problem } from '@/base/errors'
import { moved, type QueuedJob, type QueueStore } from '@/ui/stores/queue'

/** How a job ended; `hopeless`: failed, and so would all that wait. */
export type JobEnd = 'done' | 'stopped' | 'failed' | 'hopeless'

export interface Job {
  shown: QueuedJob
  /** It runs before all others, though they pause: somebody waits for it alone. */
  first: boolean
  /** Makes it. Called only when nothing runs, and has to begin at once. */
  run(): Promise<JobEnd>
}

export interface Queue {
  store: QueueStore
  /** Puts a job into the queue; ends when it has ended, or was taken out. */
  add(job: Job): Promise<void>
  /** Begins the next job where that can be; to be called when something that jobs wait for has changed. */
  next(): void
  move(id: string, by: number): void
  remove(id: string): void
  /** Takes out all that wait. */
  clear(): void
  pause(): void
  goOn(): void
}

interface QueueOptions {
  store: QueueStore
  /** Whether a job can begin. */
  isFree(): boolean
  /** What no job has foreseen. */
  onProblem(problem: Problem): void
  /** It pauses by itself: what failed would fail for those that wait, too. */
  onHopeless(waiting: number): void
  now?: () => number
}

/** Jobs one after the other, in an order that can be changed. What fails only fails itself. */
export function createJobQueue(options: QueueOptions): Queue {
  const { store, isFree, onProblem, onHopeless, now = Date.now } = options
  const jobs = new Map<string, { job: Job; ended(): void }>()

  /** With nothing left there is nothing to pause. */
  const keepWaiting = (waiting: QueuedJob[]) =>
    store.setState(({ current, paused }) => ({
      waiting,
      paused: paused && (waiting.length > 0 || current !== null),
    }))

  const take = (id: string): void => {
    jobs.get(id)?.ended()
    jobs.delete(id)
  }

  /** @param waiting as it is from now on: what begins at once has never waited */
  const begin = (waiting = store.getState().waiting): void => {
    const { current, paused } = store.getState()
    const next =
      current || !isFree() ? undefined : waiting.find(({ id }) => !paused || jobs.get(id)?.job.first)
    const found = next && jobs.get(next.id)
    if (!found) return store.setState({ waiting })
    store.setState({
      current: { ...next, startedAt: now() },
      waiting: waiting.filter((one) => one !== next),
    })
    void work(found.job)
  }

  const work = async ({ shown, run }: Job): Promise<void> => {
    const end = await run().catch((error: unknown): JobEnd => {
      onProblem(problemOf(error))
      return 'failed'
    })
    const { current, waiting, paused } = store.getState()
    const took = current && end === 'done' ? { [shown.kind]: (now() - current.startedAt) / 1000 } : {}
    const hopeless = end === 'hopeless' && waiting.length > 0
    store.setState(({ seconds }) => ({
      current: null,
      seconds: { ...seconds, ...took },
      paused: waiting.length > 0 && (paused || hopeless),
    }))
    if (hopeless && !paused) onHopeless(waiting.length)
    take(shown.id)
    begin()
  }

  return {
    store,
    next: () => queueMicrotask(() => begin()),
    add: (job) =>
      new Promise((resolve) => {
        jobs.set(job.shown.id, { job, ended: resolve })
        const { waiting } = store.getState()
        begin(job.first ? [job.shown, ...waiting] : [...waiting, job.shown])
      }),
    move: (id, by) => store.setState(({ waiting }) => ({ waiting: moved(waiting, id, by) })),
    remove(id) {
      const { waiting } = store.getState()
      if (!waiting.some((job) => job.id === id)) return
      keepWaiting(waiting.filter((job) => job.id !== id))
      take(id)
    },
    clear() {
      const { waiting } = store.getState()
      keepWaiting([])
      for (const { id } of waiting) take(id)
    },
    pause: () => store.setState({ paused: true }),
    goOn() {
      store.setState({ paused: false })
      begin()
    },
  }
}
