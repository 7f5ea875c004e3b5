import { unreachable, type Problem } from '@/base/errors'
import { newId } from '@/base/id'
import type { RunStore, RunTask } from '@/ui/stores/run'
import type { ToastStore } from '@/ui/stores/toasts'
import type { ExtraEvent, FuseEvent, Stage } from '@/worker/protocol'
import { say } from '@/words/say'

type JobEvent = FuseEvent | ExtraEvent
type Last<E extends JobEvent> = Extract<E, { kind: 'done' | 'cancelled' | 'failed' }>

/** The one job at a time that the studio shows. */
export interface Running {
  /** Takes the run store for a new job. Its id. */
  begin(task: RunTask): string
  /** The next part of the task that is shown, as a job of its own. Its id. */
  next(): string
  /** Whether the open document has to stay as it is, from now on until the run ends or says otherwise. */
  hold(holds: boolean): void
  /** Whether this job is the one that is shown. */
  isShown(jobId: string): boolean
  isStopping(): boolean
  /** Whether what it had finished when it was stopped is not wanted, either. */
  isDropped(): boolean
  progress(stage: string, fraction: number | null, secondsLeft?: number | null): void
  /** Sends a job, shows its progress under `verb` and waits for its last event. */
  follow<E extends JobEvent>(
    jobId: string,
    verb: string,
    send: (onEvent: (event: E) => void) => void,
    onEvent?: (event: E) => void,
  ): Promise<Last<E>>
  idle(): void
  /** Ends the task and says what went wrong; `retry` is offered. */
  failed(problem: Problem, retry: () => void): void
}

/** What a stage is called while it runs. */
const STAGES: Record<Stage, string> = {
  text: 'Reading the prompt',
  pictures: 'Reading the pictures',
  inversion: 'Following your picture back to noise',
  transformer: 'Loading the transformer',
  decode: 'Developing the picture',
  finishing: 'Developing what is finished',
}

/** "12 of 48 MB", "0.3 of 6.7 GB" */
function amounts(done: number, total: number): string {
  const [unit, name] = total >= 1e9 ? [1e9, 'GB'] : [1e6, 'MB']
  const one = (bytes: number) => (bytes / unit).toFixed(total < 10 * unit ? 1 : 0)
  return `${one(done)} of ${one(total)} ${name}`
}

const isLast = <E extends JobEvent>(event: E): event is E & Last<E> =>
  event.kind === 'done' || event.kind === 'cancelled' || event.kind === 'failed'

interface RunningOptions {
  run: RunStore
  toasts: ToastStore
  /** Brings the engine back after a problem that voids it. */
  restart(): void
}

/** Keeps the run store in step with what comes back from the engine. */
export function createRunning({ run, toasts, restart }: RunningOptions): Running {
  const progress: Running['progress'] = (stage, fraction, secondsLeft = null) =>
    run.setState((state) =>
      state.run.kind === 'running' ? { run: { ...state.run, stage, fraction, secondsLeft } } : {},
    )

  const show = (event: JobEvent, verb: string): void => {
    switch (event.kind) {
      case 'queued':
        return progress('Waiting for the engine', null)
      case 'loading': {
        const { loadedBytes, totalBytes } = event
        const share = totalBytes > 0 ? loadedBytes / totalBytes : null
        return progress(`Loading the model, ${amounts(loadedBytes, totalBytes)}`, share)
      }
      case 'encoding': {
        const which = event.foregrounds > 1 ? ` ${event.foreground + 1} of ${event.foregrounds}` : ''
        return progress(`Reading the scene${which}`, null)
      }
      case 'step':
        return progress(
          `${verb}, step ${event.step} of ${event.steps}`,
          event.step / event.steps,
          event.secondsLeft,
        )
      case 'stage':
        return progress(STAGES[event.stage], event.total > 0 ? event.done / event.total : null)
      case 'compositing':
        return progress('Applying at full resolution', null)
      case 'item':
      case 'done':
      case 'cancelled':
      case 'failed':
        return
      default:
        return unreachable(event)
    }
  }

  const finishing = () =>
    run.setState(({ run: now }) =>
      now.kind === 'running' && now.stopping && !now.dropped ? { run: { ...now, finishing: true } } : {},
    )

  const idle = () => run.setState({ run: { kind: 'idle' }, previews: [], step: null })
  const isShown = (jobId: string) => {
    const { run: now } = run.getState()
    return now.kind === 'running' && now.jobId === jobId
  }

  return {
    begin(task) {
      const jobId = newId()
      run.setState({
        run: {
          kind: 'running',
          task,
          jobId,
          holds: task !== 'fuse',
          here: true,
          stage: 'Getting ready',
          fraction: null,
          secondsLeft: null,
          stopping: false,
          finishing: false,
          dropped: false,
        },
        previews: [],
        step: null,
        problem: null,
        // Who looks at a result goes on looking at it when the next of the queue begins.
        ...(task === 'fuse' ? {} : { staged: null }),
      })
      return jobId
    },
    next() {
      const jobId = newId()
      run.setState(({ run: now }) => (now.kind === 'running' ? { run: { ...now, jobId } } : {}))
      return jobId
    },
    isShown,
    hold(holds) {
      run.setState(({ run: now }) => (now.kind === 'running' ? { run: { ...now, holds } } : {}))
    },
    isStopping() {
      const { run: now } = run.getState()
      return now.kind === 'running' && now.stopping
    },
    isDropped() {
      const { run: now } = run.getState()
      return now.kind === 'running' && now.dropped
    },
    progress,
    follow: (jobId, verb, send, onEvent) =>
      new Promise((resolve) =>
        send((event) => {
          if (isLast(event)) return resolve(event)
          if (!isShown(jobId)) return
          onEvent?.(event)
          show(event, verb)
          if (event.kind === 'stage' && event.stage === 'finishing') finishing()
        }),
      ),
    idle,
    failed(problem, retry) {
      idle()
      if (problem.code === 'cancelled') return
      run.setState({ problem })
      toasts.actions.problem(problem, { label: say('Try again'), run: retry })
      if (problem.code === 'device-lost' || problem.code === 'out-of-memory') restart()
    },
  }
}
