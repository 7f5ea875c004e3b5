import { describe, expect, it } from 'vitest'

import { Once, OnceEach } from '@/base/once'
import { releaseAll } from '@/base/release'

/** Fails the first `failures` times, then gives 1, 2, … */
function maker(failures: number) {
  let calls = 0
  return async () => {
    await Promise.resolve()
    calls++
    if (calls <= failures) throw new Error(`failure ${calls}`)
    return calls - failures
  }
}

describe('once', () => {
  it('makes one for all who ask', async () => {
    const once = new Once<number>()
    const make = maker(0)
    expect(await Promise.all([once.get(make), once.get(make), once.get(make)])).toEqual([1, 1, 1])
    expect(await once.get(make)).toBe(1)
  })

  it('tells everybody who waited of a failure, and then forgets it', async () => {
    const once = new Once<number>()
    const make = maker(1)
    const both = await Promise.allSettled([once.get(make), once.get(make)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await once.get(make)).toBe(1)
  })

  it('hands over what is being made, and a late failure spoils nothing newer', async () => {
    const once = new Once<string>()
    let spoil = (_: Error): void => undefined
    const old = once.get(() => new Promise((_, reject) => (spoil = reject)))
    const taken = once.take()
    expect(taken).toBe(old)
    expect(once.take()).toBeNull()
    const newer = once.get(() => Promise.resolve('new'))
    spoil(new Error('late'))
    await expect(old).rejects.toThrow('late')
    expect(once.get(() => Promise.resolve('another'))).toBe(newer)
  })

  it('keeps things by name, and hands over those that came about', async () => {
    const each = new OnceEach<number>()
    await each.get('good', () => Promise.resolve(1))
    await each.get('bad', () => Promise.reject(new Error('bad'))).catch(() => undefined)
    void each.get('coming', maker(0))
    each.get('failing', maker(1)).catch(() => undefined)
    each.forget('nothing')
    expect(await each.takeAll()).toEqual([1, 1])
    expect(await each.takeAll()).toEqual([])
    expect(await each.get('good', () => Promise.resolve(2))).toBe(2)
  })
})

describe('releasing all', () => {
  it('goes through every step, in order, and tells the first failure', async () => {
    const done: string[] = []
    const steps = [
      () => done.push('one'),
      () => {
        throw new Error('first')
      },
      () => Promise.reject(new Error('second')),
      () => done.push('four'),
    ]
    const released = releaseAll(steps)
    expect(done).toEqual(['one'])
    await expect(released).rejects.toThrow('first')
    expect(done).toEqual(['one', 'four'])
    await releaseAll([])
  })
})
