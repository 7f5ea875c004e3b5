import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { InlayError, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'
import { createAssetStore, type AssetCodec } from '@/storage/assets'
import { openDatabase } from '@/storage/database'
import {
  claim,
  createAutosave,
  loadLatest,
  openLatest,
  saveDocument,
  storedAssetHashes,
  type SaveStatus,
} from '@/storage/documents'
import { listFiles, openFolder, readFile, writeFile } from '@/storage/files'
import { estimateStorage, guardStorage, persistStorage } from '@/storage/quota'
import { createResultStore } from '@/storage/results'

/** A codec without any format: eight bytes of size, then the pixels. */
const codec: AssetCodec = {
  encode: async (r) => {
    const bytes = new Uint8Array(8 + r.data.length)
    new Uint32Array(bytes.buffer, 0, 2).set([r.width, r.height])
    bytes.set(r.data, 8)
    return bytes
  },
  decode: async (bytes) => {
    const [width, height] = new Uint32Array(bytes.buffer, 0, 2)
    if (bytes.length !== 8 + width * height * 4) throw new Error('bad length')
    return { width, height, data: new Uint8ClampedArray(bytes.slice(8).buffer) }
  },
  hash: async (r) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', r.data))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  },
}

const picture = (value: number): Raster => ({
  width: 2,
  height: 2,
  data: new Uint8ClampedArray(16).fill(value),
})

async function problemOf(run: () => Promise<unknown>): Promise<Problem> {
  try {
    await run()
  } catch (error) {
    if (error instanceof InlayError) return error.problem
    throw error
  }
  throw new Error('expected a problem')
}

async function clear(): Promise<void> {
  await deleteDB('inlay')
  const root = await navigator.storage.getDirectory()
  for (const name of ['test-assets', 'test-results', 'test-files'])
    await root.removeEntry(name, { recursive: true }).catch(() => undefined)
}
beforeEach(clear)
afterEach(clear)

describe('files', () => {
  it('appear whole or not at all', async () => {
    const folder = await openFolder('test-files/deep')
    await writeFile(folder, 'a', Uint8Array.of(1, 2, 3))
    await writeFile(folder, 'a', new Blob([Uint8Array.of(4)]))
    expect(new Uint8Array(await (await readFile(folder, 'a'))!.arrayBuffer())).toEqual(Uint8Array.of(4))
    const broken = new Proxy(Uint8Array.of(1), {})
    await expect(writeFile(folder, 'b', broken)).rejects.toThrow()
    expect(await listFiles(folder)).toEqual(['a'])
    expect(await readFile(folder, 'b')).toBeNull()
    const names = []
    for await (const name of folder.keys()) names.push(name)
    expect(names).toEqual(['a'])
  })
})

describe('AssetStore', () => {
  const store = createAssetStore(codec, 'test-assets')

  it('keeps pictures by content', async () => {
    const [first, again] = await Promise.all([store.put(picture(7), 'a.png'), store.put(picture(7), 'b.png')])
    expect(first.hash).toBe(again.hash)
    expect([first.name, again.name, first.width]).toEqual(['a.png', 'b.png', 2])
    expect(await store.get(first)).toEqual(picture(7))
    expect(await store.get(first.hash)).toEqual(picture(7))
    expect(await store.list()).toEqual([first.hash])
    expect([await store.has(first.hash), await store.has('0'.repeat(64))]).toEqual([true, false])
    const other = await store.put(picture(8), 'c.png')
    expect(await store.collect([other.hash])).toBe(1)
    expect(await store.list()).toEqual([other.hash])
    expect([await store.remove(other.hash), await store.remove(other.hash)]).toEqual([true, false])
  })

  it('says when a picture is gone or damaged', async () => {
    const ref = await store.put(picture(7), 'a.png')
    const folder = await openFolder('test-assets')
    for (const bytes of [Uint8Array.of(1), await codec.encode(picture(9))]) {
      await writeFile(folder, `${ref.hash}.png`, bytes)
      const problem = await problemOf(() => store.get(ref))
      expect([problem.code, problem.message]).toEqual(['missing-asset', '“a.png” is damaged in storage.'])
    }
    await store.remove(ref.hash)
    expect((await problemOf(() => store.get(ref))).code).toBe('missing-asset')
  })
})

describe('documents', () => {
  it('come back, the latest first', async () => {
    expect(await loadLatest()).toBeNull()
    const first = { ...emptyDocument('one'), prompt: 'a' }
    await saveDocument(first)
    await saveDocument(emptyDocument('two'))
    expect((await loadLatest())?.id).toBe('two')
    await saveDocument({ ...first, prompt: 'b' })
    expect(await loadLatest()).toEqual({ ...first, prompt: 'b' })
  })

  it('that are broken are set aside and reported, not deleted', async () => {
    const hash = 'ab'.repeat(32)
    await saveDocument(emptyDocument('good'))
    await saveDocument({
      ...emptyDocument('bad'),
      layers: [{ kind: 'odd', hash }],
    } as unknown as FusionDocument)
    const problems: Problem[] = []
    expect((await loadLatest({ onBroken: (problem) => problems.push(problem) }))?.id).toBe('good')
    expect(problems.map(({ code }) => code)).toEqual(['bad-document'])
    const aside = await (await openDatabase()).getAll('broken')
    expect(aside[0]).toMatchObject({ document: { id: 'bad' } })
    expect([...(await storedAssetHashes())]).toEqual([hash])
    await loadLatest({ onBroken: (problem) => problems.push(problem) })
    expect(problems).toHaveLength(1)
  })

  it('open in one tab only: the second gets its own', async () => {
    await saveDocument(emptyDocument('mine'))
    const first = await openLatest()
    expect([first.document.id, first.openElsewhere, first.restored]).toEqual(['mine', false, true])
    const second = await openLatest()
    expect(second.document.id).not.toBe('mine')
    expect([second.openElsewhere, second.restored]).toEqual([true, false])
    expect(await claim('mine')).toBeNull()
    first.release()
    second.release()
    await expect.poll(async () => (await openLatest()).document.id).toBe('mine')
  })
})

describe('autosave', () => {
  function source(): {
    set(prompt: string): void
    getState(): { document: FusionDocument }
    subscribe(l: () => void): () => void
  } {
    let document = emptyDocument('auto')
    const listeners = new Set<() => void>()
    return {
      getState: () => ({ document }),
      subscribe: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
      set: (prompt) => {
        document = { ...document, prompt }
        listeners.forEach((listener) => listener())
      },
    }
  }

  it('saves after a pause, and at once on flush', async () => {
    const store = source()
    const statuses: SaveStatus['kind'][] = []
    const autosave = createAutosave(store, { delayMs: 30, onStatus: ({ kind }) => statuses.push(kind) })
    store.set('a')
    store.set('ab')
    expect(await loadLatest()).toBeNull()
    await expect.poll(async () => (await loadLatest())?.prompt).toBe('ab')
    await expect.poll(() => statuses).toEqual(['pending', 'pending', 'saved'])
    store.set('abc')
    await autosave.flush()
    expect((await loadLatest())?.prompt).toBe('abc')
    autosave.stop()
    store.set('not saved')
    await autosave.flush()
    expect((await loadLatest())?.prompt).toBe('abc')
  })

  it('reports a failure and tries again with the next change', async () => {
    const store = source()
    const statuses: SaveStatus[] = []
    const autosave = createAutosave(store, { delayMs: 1000, onStatus: (status) => statuses.push(status) })
    store.set((() => 'not cloneable') as unknown as string)
    await autosave.flush()
    expect(statuses.at(-1)).toMatchObject({ kind: 'failed', problem: { code: 'storage-failed' } })
    store.set('fine')
    await autosave.flush()
    expect(statuses.at(-1)).toEqual({ kind: 'saved' })
    autosave.stop()
  })

  it('saves in the middle of a steady stream of changes', async () => {
    const store = source()
    const autosave = createAutosave(store, { delayMs: 20 })
    let n = 0
    const timer = setInterval(() => store.set(String(n++)), 5)
    await expect.poll(async () => (await loadLatest())?.id).toBe('auto')
    clearInterval(timer)
    autosave.stop()
  })
})

describe('results', () => {
  const asset = { hash: 'a'.repeat(64), name: 'a.png', width: 2, height: 2 }
  const recipe: Recipe = {
    schema: 1,
    mode: 'place',
    model: { name: 'Mini', hash: 'm', parts: [] },
    background: asset,
    foregrounds: [
      { asset, box: { x: 0, y: 0, width: 1, height: 1 }, stretch: false, rotationDegrees: 0, flipX: false },
    ],
    prompt: '',
    seed: 1,
    steps: 4,
    strength: 1,
  }

  it('are listed newest first, opened and removed', async () => {
    const store = createResultStore('test-results')
    const thumbnail = new Blob([Uint8Array.of(9)])
    const first = await store.add({ png: new Blob([Uint8Array.of(1, 2)]), recipe, thumbnail })
    await new Promise((resolve) => setTimeout(resolve, 5))
    const second = await store.add({ png: Uint8Array.of(3), recipe, thumbnail })
    expect((await store.list()).map(({ id }) => id)).toEqual([second.id, first.id])
    expect((await store.list(1)).map(({ id, bytes }) => [id, bytes])).toEqual([[second.id, 1]])
    expect((await store.list())[1]).toMatchObject({ recipe, bytes: 2 })
    expect(new Uint8Array(await (await store.get(first.id)).arrayBuffer())).toEqual(Uint8Array.of(1, 2))
    expect([await store.remove(first.id), await store.remove(first.id)]).toEqual([true, false])
    expect((await problemOf(() => store.get(first.id))).code).toBe('missing-asset')
    expect(await store.list()).toHaveLength(1)
  })
})

describe('quota', () => {
  it('maps what the browser throws', async () => {
    const full = await problemOf(() =>
      guardStorage('It could not be saved', () =>
        Promise.reject(new DOMException('no room', 'QuotaExceededError')),
      ),
    )
    expect([full.code, full.message]).toEqual([
      'storage-full',
      "It could not be saved: the browser's storage is full.",
    ])
    const other = await problemOf(() => guardStorage('It failed', () => Promise.reject(new Error('odd'))))
    expect([other.code, other.detail]).toEqual(['storage-failed', 'Error: odd'])
  })

  it('estimates', async () => {
    const use = await estimateStorage()
    expect(use.quotaBytes).toBeGreaterThan(1e6)
    expect(typeof (await persistStorage())).toBe('boolean')
  })
})

describe('in a worker', () => {
  it('stores and reads', async () => {
    const worker = new Worker(new URL('./testWorker.ts', import.meta.url), { type: 'module' })
    try {
      const answer = await new Promise<unknown>((resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data)
        worker.onerror = (event) => reject(new Error(event.message))
      })
      expect(answer).toEqual(['worker', [5, 6], [7, 8, 9]])
    } finally {
      worker.terminate()
    }
  })
})
