import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { Recipe } from '@/schema/recipe'
import { listAside } from '@/storage/aside'
import { openDatabase } from '@/storage/database'
import { purgeDocuments } from '@/storage/documents'
import { createResultStore } from '@/storage/results'
import { setStar } from '@/storage/stars'
import { clearStorage, problemOf } from '@/storage/testStorage'

beforeEach(clearStorage)
afterEach(clearStorage)
describe('results', () => {
  const asset = { hash: 'a'.repeat(64), name: 'a.png', width: 2, height: 2 }
  const recipe: Recipe = {
    schema: 2,
    mode: 'place',
    model: { name: 'Mini', hash: 'm', parts: [] },
    background: asset,
    foregrounds: [
      { asset, box: { x: 0, y: 0, width: 1, height: 1 }, stretch: false, rotationDegrees: 0, flipX: false },
    ],
    prompt: '',
    seed: '1',
    steps: 4,
    strength: 1,
  }

  it('are listed newest first, opened and removed', async () => {
    const store = createResultStore('test-results')
    const thumbnail = new Blob([Uint8Array.of(9)])
    const first = await store.add({
      png: new Blob([Uint8Array.of(1, 2)]),
      recipe,
      thumbnail,
      documentId: 'a',
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    const second = await store.add({ png: Uint8Array.of(3), recipe, thumbnail, documentId: 'a' })
    expect((await store.list(9)).results.map(({ id }) => id)).toEqual([second.id, first.id])
    expect((await store.list(1)).results.map(({ id, bytes }) => [id, bytes])).toEqual([[second.id, 1]])
    expect((await store.list(9)).results[1]).toMatchObject({ recipe, bytes: 2 })
    expect(new Uint8Array(await (await store.get(first.id)).arrayBuffer())).toEqual(Uint8Array.of(1, 2))
    expect([await store.remove(first.id), await store.remove(first.id)]).toEqual([true, false])
    expect((await problemOf(() => store.get(first.id))).code).toBe('missing-asset')
    expect((await store.list(9)).results).toHaveLength(1)
  })

  it('are deleted, brought back and purged', async () => {
    const store = createResultStore('test-results')
    const add = (size: number) => store.add({ png: new Uint8Array(size), recipe, thumbnail: new Blob() })
    const [old, middle, newest] = [await add(10), await add(20), await add(30)]
    const left = async () => (await store.list(9)).results.map(({ id }) => id)
    expect(await store.delete(middle.id)).toBe(true)
    expect(await left()).toEqual([newest.id, old.id])
    expect((await store.list(2)).results).toHaveLength(2)
    // It takes no part in the limit.
    expect(await store.trim(40)).toEqual([])
    expect((await store.get(middle.id)).size).toBe(20)
    await store.undelete(middle.id)
    expect((await store.list(9)).results[1]).toEqual({ ...middle, starred: false })
    // One that came back is not purged.
    expect(await store.purge(middle.id)).toBe(false)
    await store.delete(middle.id)
    expect([await store.purge(middle.id), await store.purge(middle.id)]).toEqual([true, false])
    expect((await problemOf(() => store.get(middle.id))).code).toBe('missing-asset')
    expect((await problemOf(() => store.undelete(middle.id))).code).toBe('missing-asset')
    expect(await store.delete(middle.id)).toBe(false)
    expect(await left()).toEqual([newest.id, old.id])
  })

  it('are read page by page, each once', async () => {
    const store = createResultStore('test-results')
    const made = []
    for (let n = 0; n < 7; n++)
      made.push(await store.add({ png: Uint8Array.of(n), recipe, thumbnail: new Blob(), documentId: 'a' }))
    const seen: string[] = []
    for (let before: number | null = Infinity; before !== null;) {
      const page = await store.list(3, before)
      seen.push(...page.results.map(({ id }) => id))
      before = page.next
    }
    expect(seen).toEqual(made.map(({ id }) => id).reverse())
  })

  it('that cannot be read are set aside, and those of version 1 are read', async () => {
    const store = createResultStore('test-results')
    const good = await store.add({ png: Uint8Array.of(1), recipe, thumbnail: new Blob(), documentId: 'a' })
    const database = await openDatabase()
    const { schema: _, ...old } = {
      ...good,
      id: 'old',
      time: good.time + 1,
      recipe: { ...recipe, schema: 1, seed: 7 },
    }
    await database.put('results', old)
    await database.put('results', { ...good, id: 'odd', time: good.time + 2, recipe: 'none' } as never)
    const page = await store.list(9)
    expect(page.results.map(({ id }) => id)).toEqual(['old', good.id])
    expect(page.results[0].recipe).toEqual({ ...recipe, seed: '7' })
    expect(page.broken).toBe(1)
    expect(await listAside()).toMatchObject([{ kind: 'result', of: 'odd', value: { recipe: 'none' } }])
    expect(await database.getKey('results', 'odd')).toBeUndefined()
  })

  it('beyond a limit the oldest go, but none with a star and never the newest', async () => {
    const store = createResultStore('test-results')
    const add = (size: number) => store.add({ png: new Uint8Array(size), recipe, thumbnail: new Blob() })
    const made = [await add(10), await add(20), await add(30), await add(40)]
    await setStar(made[0].id, true)
    const left = async () =>
      (await store.list(9)).results.map(({ id }) => made.findIndex((one) => one.id === id))
    expect(await store.trim(90)).toEqual([])
    expect(await store.trim(75)).toEqual([made[1].id])
    expect(await left()).toEqual([3, 2, 0])
    // A star outlives the clearing up of stars that belong to nothing.
    await purgeDocuments()
    expect((await store.list(9)).results.map(({ starred }) => starred)).toEqual([false, false, true])
    expect(await store.trim(0)).toEqual([made[2].id])
    expect(await left()).toEqual([3, 0])
    expect((await problemOf(() => store.get(made[2].id))).code).toBe('missing-asset')
  })
})
