import { describe, expect, it } from 'vitest'

import { createQueue } from '@/base/queue'

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

describe('a serial queue', () => {
  it('runs one piece at a time, in order', async () => {
    const queue = createQueue()
    const log: string[] = []
    const piece = (name: string) => async () => {
      log.push(`${name} begins`)
      await soon()
      log.push(`${name} ends`)
      return name
    }
    expect(await Promise.all(['a', 'b', 'c'].map((name) => queue(piece(name))))).toEqual(['a', 'b', 'c'])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  it('goes on after failures, which reach whoever asked', async () => {
    const queue = createQueue()
    const later = queue(() => Promise.reject(new Error('later')))
    const atOnce = queue(() => {
      throw new Error('at once')
    })
    const good = queue(() => 'good')
    await expect(later).rejects.toThrow('later')
    await expect(atOnce).rejects.toThrow('at once')
    expect(await good).toBe('good')
  })

  it('lets waiting work go at once when it is aborted, and never runs it', async () => {
    const queue = createQueue()
    let free = (): void => undefined
    const first = queue(() => new Promise<void>((resolve) => (free = resolve)))
    const abort = new AbortController()
    let ran = false
    const waiting = queue(() => (ran = true), abort.signal)
    const last = queue(() => 'last')
    abort.abort(new Error('not wanted'))
    // The first piece still runs.
    await expect(waiting).rejects.toThrow('not wanted')
    free()
    await first
    expect(await last).toBe('last')
    expect(ran).toBe(false)
  })

  it('leaves aborting of running work to the work', async () => {
    const queue = createQueue()
    const abort = new AbortController()
    const running = queue(async () => {
      await soon()
      abort.abort()
      return 'finished all the same'
    }, abort.signal)
    expect(await running).toBe('finished all the same')
    await expect(queue(() => 'never', abort.signal)).rejects.toThrow()
  })
})
