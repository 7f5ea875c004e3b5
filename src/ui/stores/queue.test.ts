import { describe, expect, it } from 'vitest'

import { moved, timeLeft, type QueuedJob, type QueueState } from '@/ui/stores/queue'
import type { RunStatus } from '@/ui/stores/run'

const job = (id: string, kind = 'k'): QueuedJob => ({
  ...{ id, kind, documentId: 'd', mode: 'place', title: id, model: '' },
  ...{ cover: null, thumbnail: null, pictures: [] },
})
const running = (secondsLeft: number | null): RunStatus => ({
  ...{ kind: 'running', task: 'fuse', jobId: 'j', holds: false, here: true, stage: '', fraction: null },
  ...{ secondsLeft, stopping: false, finishing: false, dropped: false },
})
const state = (change: Partial<QueueState>): QueueState => ({
  ...{ current: null, waiting: [], paused: false, seconds: {} },
  ...change,
})
const ids = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id).join('')

describe('the order of the queue', () => {
  const jobs = [job('a'), job('b'), job('c')]
  it.each([
    ['b', -1, 'bac'],
    ['b', 1, 'acb'],
    ['a', -1, 'abc'],
    ['a', 9, 'bca'],
    ['x', 1, 'abc'],
  ])('%s by %i gives %s', (id, by, order) => {
    expect(ids(moved(jobs, id, by))).toBe(order)
    expect(ids(jobs)).toBe('abc')
  })
})

describe('the time that is left', () => {
  const current = { ...job('a'), startedAt: 1000 }
  it('is that of the steps and of what the kinds took', () => {
    const waiting = [job('b'), job('c', 'l')]
    expect(timeLeft(state({ current, waiting, seconds: { k: 10, l: 60 } }), running(4), 3000)).toBe(74)
  })
  it('goes by what the kind took where there are no steps, and never below nothing', () => {
    expect(timeLeft(state({ current, seconds: { k: 10 } }), running(null), 5000)).toBe(6)
    expect(timeLeft(state({ current, seconds: { k: 10 } }), running(null), 50_000)).toBe(0)
  })
  it('goes by the run itself for those of its kind that wait', () => {
    expect(timeLeft(state({ current, waiting: [job('b')] }), running(8), 3000)).toBe(8 + 10)
  })
  it('is not told where a kind has never been measured', () => {
    expect(timeLeft(state({ current, waiting: [job('b', 'l')] }), running(8), 3000)).toBeNull()
    expect(timeLeft(state({ current }), running(null), 3000)).toBeNull()
    expect(
      timeLeft(state({ waiting: [job('b')], seconds: { k: 7 }, paused: true }), { kind: 'idle' }, 0),
    ).toBe(7)
  })
})
