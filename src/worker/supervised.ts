/**
 * The one way to talk to a worker. A call to a worker that crashes, hangs or cannot be loaded fails with a problem that
 * says so, and the next call finds a new worker.
 *
 * A hang is told from long work by signs of life (`base/heartbeat`): while calls wait, the worker is asked every second,
 * and whatever comes back counts. Only silence beyond `silenceMs` is a hang, and native work that announces itself is
 * never one. Time that this page did not run (a suspended laptop, a hidden tab) does not count either. For work that is
 * bounded a call may have a deadline besides: it finds what waits for ever without keeping the worker busy.
 */
import { wrap, type Remote } from 'comlink'

import { InlayError, problemOf, type Problem } from '@/base/errors'
import { PING, type Sign } from '@/base/heartbeat'
import type { Outcome } from '@/worker/protocol'

export interface WorkerOptions {
  /** A new worker, whose script calls `serve`; the bundler wants `new Worker(new URL(…))` in one piece. */
  start(): Worker
  /** What a lost call says after the worker died by itself, and after it was found to hang. */
  crashed: Problem
  hung: Problem
  /** The longest that the worker may be silent while it works, ms. */
  silenceMs: number
  /** The worker was lost by itself (not through `kill`); `told` says whether a job has reported it. */
  onLost?(problem: Problem, told: boolean): void
}

interface Ending {
  kind: 'failed'
  problem: Problem
}

export interface SupervisedWorker<Api> {
  /** Calls the worker; every failure is an outcome. */
  call<T>(run: (api: Remote<Api>) => Promise<Outcome<T>>, deadlineMs?: number): Promise<Outcome<T>>
  /** The same for what answers plainly. */
  tell<T>(run: (api: Remote<Api>) => Promise<T>): Promise<Outcome<T>>
  /**
   * Starts a job that reports over a port: events come in order, and exactly one of done, cancelled, failed is the
   * last, whatever becomes of the worker.
   */
  follow<E extends { kind: string }>(
    run: (api: Remote<Api>, port: MessagePort) => Promise<unknown>,
    onEvent: (event: E | Ending) => void,
  ): void
  /** Throws the worker away for good; what waits, and what is asked from now on, fails with `problem`. */
  kill(problem: Problem): void
}

/** Time between two questions, ms. */
const PING_MS = 1000
const LAST = ['done', 'cancelled', 'failed']

interface Running<Api> {
  worker: Worker
  remote: Remote<Api>
  /** Ms of silence since the last sign of life; null while it is announced, and until the script is there. */
  silent: number | null
}

/** Owns a worker: starts it at the first call, watches it while calls wait, and replaces it when it is lost. */
export function superviseWorker<Api>(options: WorkerOptions): SupervisedWorker<Api> {
  let running: Running<Api> | null = null
  /** How to fail each call that waits, and each job. */
  const calls = new Set<(problem: Problem) => void>()
  const jobs = new Set<(problem: Problem) => void>()
  let timer: ReturnType<typeof setInterval> | null = null
  let looked = 0
  /** Why there will be no other worker. */
  let closed: Problem | null = null

  const drop = (problem: Problem): void => {
    running?.worker.terminate()
    running = null
    for (const end of [...jobs, ...calls]) end(problem)
    rest()
  }

  const lose = (from: Running<Api>, problem: Problem): void => {
    if (running !== from) return
    const told = jobs.size > 0
    drop(problem)
    options.onLost?.(problem, told)
  }

  const look = (): void => {
    const now = performance.now()
    const passed = Math.min(now - looked, 2 * PING_MS)
    looked = now
    if (!running) return
    if (running.silent !== null) running.silent += passed
    const { silent } = running
    if (silent !== null && silent > options.silenceMs)
      lose(running, { ...options.hung, detail: `no sign of life for ${Math.round(silent / 1000)} s` })
    else running.worker.postMessage(PING)
  }

  const watch = (): void => {
    if (timer !== null) return
    looked = performance.now()
    if (running && running.silent !== null) running.silent = 0
    running?.worker.postMessage(PING)
    timer = setInterval(look, PING_MS)
  }

  const rest = (): void => {
    if (timer === null || calls.size + jobs.size > 0) return
    clearInterval(timer)
    timer = null
  }

  const open = (): Running<Api> => {
    if (running) return running
    if (closed) throw new InlayError(closed)
    const worker = options.start()
    const started: Running<Api> = { worker, remote: wrap<Api>(worker), silent: null }
    const crashed = (detail: string) => lose(started, { ...options.crashed, detail })
    worker.addEventListener('error', (event) => crashed(event.message || 'the worker could not be loaded'))
    worker.addEventListener('messageerror', () => crashed('a message could not be read'))
    let quiet = 0
    worker.addEventListener('message', ({ data }: MessageEvent<Sign | object>) => {
      if (data === 'quiet') quiet++
      if (data === 'awake') quiet--
      started.silent = quiet > 0 ? null : 0
    })
    running = started
    return started
  }

  const call: SupervisedWorker<Api>['call'] = (run, deadlineMs) =>
    new Promise((resolve) => {
      let deadline: ReturnType<typeof setTimeout> | undefined
      const settle = (outcome: Awaited<ReturnType<typeof run>>) => {
        if (!calls.delete(end)) return
        clearTimeout(deadline)
        rest()
        resolve(outcome)
      }
      const end = (problem: Problem) => settle({ ok: false, problem })
      calls.add(end)
      try {
        const at = open()
        watch()
        run(at.remote).then(settle, (error: unknown) => end(problemOf(error)))
        const late = () =>
          lose(at, { ...options.hung, detail: `no answer in ${Math.round((deadlineMs ?? 0) / 1000)} s` })
        if (deadlineMs !== undefined) deadline = setTimeout(late, deadlineMs)
      } catch (error) {
        end(problemOf(error))
      }
    })

  const tell: SupervisedWorker<Api>['tell'] = (run) =>
    call(async (api) => ({ ok: true, value: await run(api) }))

  return {
    call,
    tell,
    kill(problem) {
      closed = problem
      drop(problem)
    },
    follow<E extends { kind: string }>(
      run: (api: Remote<Api>, port: MessagePort) => Promise<unknown>,
      onEvent: (event: E | Ending) => void,
    ) {
      const { port1, port2 } = new MessageChannel()
      const finish = (event: E | Ending) => {
        if (!jobs.has(end)) return
        if (LAST.includes(event.kind)) {
          jobs.delete(end)
          port1.close()
          rest()
        }
        onEvent(event)
      }
      const end = (problem: Problem) => finish({ kind: 'failed', problem })
      jobs.add(end)
      port1.onmessage = ({ data }: MessageEvent<E>) => finish(data)
      void tell((api) => run(api, port2)).then((done) => {
        if (!done.ok) end(done.problem)
      })
    },
  }
}

/** The value of an outcome. Throws its problem as an InlayError. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new InlayError(outcome.problem)
  return outcome.value
}
