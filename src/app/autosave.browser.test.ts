import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { setPrompt } from '@/document/commands'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { createAutosave, type Autosave, type SaveStatus } from '@/storage/autosave'
import { loadLatest } from '@/storage/documents'

const stored = async (): Promise<string | undefined> => (await loadLatest())?.prompt
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('autosave', () => {
  let autosave: Autosave | null = null
  beforeEach(() => deleteDB('inlay'))
  afterEach(() => autosave?.stop())

  /** A document whose prompt is typed into; all typing is one step. */
  function watched(options: Parameters<typeof createAutosave>[1]) {
    const store = createDocumentStore(emptyDocument('auto'))
    const statuses: SaveStatus['kind'][] = []
    autosave = createAutosave(store, { ...options, onStatus: ({ kind }) => statuses.push(kind) })
    return { store, statuses, type: (text: string) => setPrompt(store, text), ...autosave }
  }

  it('sends the first change at once and the last one a little later', async () => {
    const { type, statuses, flush, stop } = watched({ everyMs: 60 })
    type('a')
    type('ab')
    type('abc')
    await expect.poll(stored, { interval: 5 }).toBe('a')
    await expect.poll(stored, { interval: 5 }).toBe('abc')
    await expect.poll(() => statuses).toEqual(['pending', 'pending', 'pending', 'saved'])
    type('abcd')
    await flush()
    expect(await stored()).toBe('abcd')
    stop()
    type('not saved')
    await flush()
    expect(await stored()).toBe('abcd')
  })

  it('a steady stream of changes is never more than a quarter of a second ahead of the disk', async () => {
    const { type } = watched({})
    const typed = new Map<string, number>()
    let late = 0
    for (const end = performance.now() + 3000; performance.now() < end; await pause(8)) {
      const text = 'x'.repeat(typed.size + 1)
      typed.set(text, performance.now())
      type(text)
      if (typed.size % 10 > 0) continue
      const asked = performance.now()
      const found = await stored()
      late = Math.max(late, asked - (typed.get(found ?? '') ?? 0))
    }
    expect(typed.size).toBeGreaterThan(100)
    // 200 ms between two saves, and what a slow disk takes.
    expect(late).toBeLessThan(400)
  })

  it('a step is sent when it ends, whatever the time', async () => {
    const { store, type } = watched({ everyMs: 1e6 })
    store.actions.begin('Move')
    type('half')
    await expect.poll(stored, { interval: 5 }).toBe('half')
    type('all of it')
    store.actions.commit()
    await expect.poll(stored, { interval: 5 }).toBe('all of it')
    store.actions.undo()
    await expect.poll(stored, { interval: 5 }).toBe('')
  })

  it('a document waits for its pictures', async () => {
    let arrived: () => void = () => undefined
    let pictures: Promise<void> | null = new Promise((resolve) => {
      arrived = () => {
        pictures = null
        resolve()
      }
    })
    const { store, type } = watched({ pictures: () => pictures })
    store.actions.begin('Import')
    type('with a picture')
    store.actions.commit()
    type('and more')
    await pause(100)
    expect(await stored()).toBeUndefined()
    arrived()
    await expect.poll(stored, { interval: 5 }).toBe('and more')
  })

  it('reports a failure and tries again with the next change', async () => {
    const { store, type, statuses, flush } = watched({})
    store.actions.apply('Break', (draft) => {
      draft.prompt = (() => 'not cloneable') as unknown as string
    })
    await flush()
    expect(statuses.at(-1)).toBe('failed')
    type('fine')
    await flush()
    expect(statuses.at(-1)).toBe('saved')
    expect(await stored()).toBe('fine')
  })
})
