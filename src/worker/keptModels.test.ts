import { describe, expect, it } from 'vitest'

import { KeptModels } from '@/worker/keptModels'

/** Opens models that remember whether they are open, not at once. */
function opener() {
  const log: string[] = []
  const open = (name: string) => async () => {
    await new Promise((resolve) => setTimeout(resolve, 2))
    log.push(`open ${name}`)
    return { name, dispose: () => void log.push(`close ${name}`) }
  }
  return { log, open }
}

describe('the models that are kept', () => {
  it('are opened once, however many ask at the same time', async () => {
    const { log, open } = opener()
    const kept = new KeptModels()
    const [a, b] = await Promise.all([kept.always('words', open('a')), kept.always('words', open('b'))])
    expect(a).toBe(b)
    expect(await kept.always('words', open('c'))).toBe(a)
    expect(log).toEqual(['open a'])
  })

  it('are let go with the engine, also one that is being opened', async () => {
    const { log, open } = opener()
    const kept = new KeptModels()
    void kept.always('words', open('a'))
    await kept.latest(['set'], open('b'))
    void kept.always('others', open('c'))
    await kept.close()
    expect(log.toSorted()).toEqual(['close a', 'close b', 'close c', 'open a', 'open b', 'open c'])
    await kept.always('words', open('d'))
    expect(log.at(-1)).toBe('open d')
  })

  it('are asked for again where one could not be opened', async () => {
    const { open } = opener()
    const kept = new KeptModels()
    await expect(kept.always('words', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    expect((await kept.always('words', open('a'))).name).toBe('a')
  })

  it('are one large set at a time', async () => {
    const { log, open } = opener()
    const kept = new KeptModels()
    const a = await kept.latest(['set', 1], open('a'))
    expect(await kept.latest(['set', 1], open('b'))).toBe(a)
    await kept.latest(['set', 2], open('c'))
    expect(log).toEqual(['open a', 'close a', 'open c'])
  })
})
