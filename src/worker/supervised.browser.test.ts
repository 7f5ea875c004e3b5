import { transfer } from 'comlink'
import { expect, it } from 'vitest'

import type { Problem } from '@/base/errors'
import { superviseWorker, type SupervisedWorker } from '@/worker/supervised'
import type { TestApi } from '@/worker/testWorker'

const problem = (message: string): Problem => ({ code: 'internal', message, hint: 'again' })
const SILENCE_MS = 2500

/** The worker of the tests, and what is told of its losses. */
function open(): { worker: SupervisedWorker<TestApi>; lost: string[]; started: () => number } {
  const lost: string[] = []
  let starts = 0
  const worker = superviseWorker<TestApi>({
    start: () => {
      starts++
      return new Worker(new URL('./testWorker.ts', import.meta.url), { type: 'module' })
    },
    crashed: problem('crashed'),
    hung: problem('hung'),
    silenceMs: SILENCE_MS,
    onLost: ({ message }, told) => lost.push(`${message}${told ? ', told' : ''}`),
  })
  return { worker, lost, started: () => starts }
}
const messageOf = (outcome: { ok: boolean; problem?: Problem }) => outcome.problem?.message ?? 'ok'

it('answers, and keeps its worker', async () => {
  const { worker, lost, started } = open()
  expect(await worker.call((api) => api.echo('a'))).toEqual({ ok: true, value: 'a' })
  expect(messageOf(await worker.call<null>(() => Promise.reject(new Error('no'))))).toMatch(/did not foresee/)
  expect(messageOf(await worker.tell((api) => api.refuse()))).toMatch(/did not foresee/)
  expect([lost, started()]).toEqual([[], 1])
  worker.kill(problem('over'))
})

it('fails every call of a worker that hangs, and answers the next', async () => {
  const { worker, lost, started } = open()
  await worker.call((api) => api.echo('a'))
  const begin = performance.now()
  const calls = [() => worker.call((api) => api.hang()), () => worker.call((api) => api.echo('behind it'))]
  expect((await Promise.all(calls.map((call) => call()))).map(messageOf)).toEqual(['hung', 'hung'])
  expect(performance.now() - begin).toBeLessThan(SILENCE_MS + 5000)
  expect(await worker.call((api) => api.echo('c'))).toEqual({ ok: true, value: 'c' })
  expect([lost, started()]).toEqual([['hung'], 2])
  worker.kill(problem('over'))
})

it('lets long work be that says that it goes on, and native work that said so before', async () => {
  const { worker, lost } = open()
  expect(await worker.call((api) => api.work(SILENCE_MS * 2))).toEqual({ ok: true, value: 'worked' })
  expect(await worker.call((api) => api.kernel(SILENCE_MS * 2))).toEqual({ ok: true, value: 'ran' })
  expect(lost).toEqual([])
  // The silence after a kernel counts again.
  expect(messageOf(await worker.call((api) => api.hang()))).toBe('hung')
  worker.kill(problem('over'))
})

it('does not hold time against a worker in which the page slept', async () => {
  const { worker, lost } = open()
  const answer = worker.call((api) => api.kernel(10)).then(() => worker.call((api) => api.echo('awake')))
  const end = performance.now() + SILENCE_MS * 2
  while (performance.now() < end);
  expect(await answer).toEqual({ ok: true, value: 'awake' })
  expect(lost).toEqual([])
  worker.kill(problem('over'))
})

it('fails the calls of a worker that crashes, by a deadline too, and of one that cannot be loaded', async () => {
  const { worker, lost } = open()
  expect(messageOf(await worker.call((api) => api.crash()))).toBe('crashed')
  expect(messageOf(await worker.call((api) => api.forget(), 300))).toBe('hung')
  expect(await worker.call((api) => api.echo('d'), 60_000)).toEqual({ ok: true, value: 'd' })
  expect(lost).toEqual(['crashed', 'hung'])
  worker.kill(problem('over'))

  const absent = superviseWorker<TestApi>({
    start: () => new Worker('/no-such-worker.js', { type: 'module' }),
    crashed: problem('crashed'),
    hung: problem('hung'),
    silenceMs: SILENCE_MS,
  })
  expect(messageOf(await absent.call((api) => api.echo('e')))).toBe('crashed')
})

it('ends every job exactly once', async () => {
  const { worker, lost } = open()
  const follow = (
    run: (api: TestApi, port: MessagePort) => unknown,
  ): { kinds: string[]; over: Promise<void> } => {
    const kinds: string[] = []
    const over = new Promise<void>((resolve) =>
      worker.follow<{ kind: string }>(
        (api, port) => Promise.resolve(run(api as unknown as TestApi, transfer(port, [port]))),
        ({ kind }) => {
          kinds.push(kind)
          if (['done', 'cancelled', 'failed'].includes(kind)) setTimeout(resolve, 200)
        },
      ),
    )
    return { kinds, over }
  }
  const good = follow((api, port) => api.job(port, 'done'))
  await good.over
  expect(good.kinds).toEqual(['step', 'step', 'done'])
  const hanging = follow((api, port) => api.hangingJob(port))
  await hanging.over
  expect(hanging.kinds).toEqual(['step', 'failed'])
  const killed = follow((api, port) => api.hangingJob(port))
  worker.kill(problem('stopped'))
  await killed.over
  expect([killed.kinds, lost]).toEqual([['failed'], ['hung, told']])
})
