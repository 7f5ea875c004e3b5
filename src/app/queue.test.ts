import { describe, expect, it } from 'vitest'

import { createJobQueue, type JobEnd } from '@/app/queue'
import type { Problem } from '@/base/errors'
import { createQueueStore } from '@/ui/stores/queue'

const turn = () => new Promise((resolve) => setTimeout(resolve))

/** A queue whose jobs end when they are told to, and what came of them. */
function studio() {
  const store = createQueueStore()
  const began: string[] = []
  const ended: string[] = []
  const problems: Problem[] = []
  const hopeless: number[] = []
  const ends = new Map<string, (end: JobEnd | Error) => void>()
  let free = true
  let time = 0
  const queue = createJobQueue({
    store,
    isFree: () => free,
    onProblem: (problem) => problems.push(problem),
    onHopeless: (waiting) => hopeless.push(waiting),
    now: () => time,
  })
  const add = (id: string, first = false) =>
    void queue
      .add({
        shown: {
          ...{ id, kind: 'k', documentId: 'd', mode: 'place', title: id, model: '' },
          ...{ cover: null, thumbnail: null, pictures: [] },
        },
        first,
        run: () =>
          new Promise((resolve, reject) => {
            began.push(id)
            ends.set(id, (end) => (end instanceof Error ? reject(end) : resolve(end)))
          }),
      })
      .then(() => ended.push(id))
  const end = async (id: string, how: JobEnd | Error = 'done') => {
    ends.get(id)?.(how)
    await turn()
  }
  const waiting = () =>
    store
      .getState()
      .waiting.map(({ id }) => id)
      .join('')
  return {
    ...{ store, queue, add, end, began, ended, problems, hopeless, waiting },
    setFree: (now: boolean) => (free = now),
    setTime: (now: number) => (time = now),
  }
}

describe('the queue', () => {
  it('makes one after the other, in the order that they are given', async () => {
    const { add, end, began, ended, waiting, queue, store, setTime } = studio()
    for (const id of ['a', 'b', 'c', 'd']) add(id)
    expect([began.join(''), waiting()]).toEqual(['a', 'bcd'])
    queue.move('d', -2)
    queue.remove('c')
    await turn()
    expect([waiting(), ended.join('')]).toEqual(['db', 'c'])
    setTime(4000)
    await end('a')
    expect(store.getState().seconds).toEqual({ k: 4 })
    await end('d')
    await end('b')
    expect([began.join(''), ended.join('')]).toEqual(['adb', 'cadb'])
    expect(store.getState().current).toBeNull()
  })

  it('pauses: what runs ends, nothing begins but what somebody waits for alone', async () => {
    const { add, end, began, queue, store } = studio()
    for (const id of ['a', 'b']) add(id)
    queue.pause()
    await end('a')
    expect([began.join(''), store.getState().paused]).toEqual(['a', true])
    add('now', true)
    await end('now')
    expect(began).toEqual(['a', 'now'])
    queue.goOn()
    expect(began).toEqual(['a', 'now', 'b'])
  })

  it('has nothing to pause once nothing is left', async () => {
    const { add, end, queue, store, ended } = studio()
    add('a')
    add('b')
    queue.pause()
    await end('a')
    queue.clear()
    await turn()
    expect([store.getState().paused, ended.join('')]).toEqual([false, 'ab'])
    add('c')
    queue.pause()
    await end('c')
    expect(store.getState().paused).toBe(false)
  })

  it('goes on after what fails, also after what nobody foresaw', async () => {
    const { add, end, began, problems, store } = studio()
    for (const id of ['a', 'b', 'c']) add(id)
    await end('a', 'failed')
    await end('b', new Error('odd'))
    expect([began.join(''), problems.map(({ code }) => code)]).toEqual(['abc', ['internal']])
    expect(store.getState().seconds, 'what failed says nothing of the time').toEqual({})
  })

  it('pauses where those that wait would fail, too', async () => {
    const { add, end, began, hopeless, queue } = studio()
    for (const id of ['a', 'b', 'c']) add(id)
    await end('a', 'hopeless')
    expect([began.join(''), hopeless]).toEqual(['a', [2]])
    queue.goOn()
    await end('b')
    await end('c', 'hopeless')
    expect(hopeless, 'nothing waits').toEqual([2])
  })

  it('waits until something else has ended', async () => {
    const { add, began, queue, setFree } = studio()
    setFree(false)
    add('a')
    queue.next()
    await turn()
    expect(began).toEqual([])
    setFree(true)
    queue.next()
    await turn()
    expect(began).toEqual(['a'])
  })
})
