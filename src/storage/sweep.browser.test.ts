import { deleteDB } from 'idb'
import { beforeEach, describe, expect, it } from 'vitest'

import type { Raster } from '@/base/geometry'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import { testPair } from '@/schema/testPairs'
import { setAside } from '@/storage/aside'
import { createAssetStore, type AssetCodec } from '@/storage/assets'
import { openDatabase } from '@/storage/database'
import { deleteDocument, saveDocument } from '@/storage/documents'
import { filesIn, openFolder, writeFile } from '@/storage/files'
import { createResultStore } from '@/storage/results'
import { setStar } from '@/storage/stars'
import { createSweeper, enter, namedAssets, sweep } from '@/storage/sweep'

/** Bytes of a picture of 2 x 2. */
const PICTURE = 16

/** Files hold bare pixels, so that bytes can be counted. */
const codec: AssetCodec = {
  encode: (raster) => Promise.resolve(new Uint8Array(raster.data)),
  decode: (bytes) => Promise.resolve({ width: 2, height: 2, data: new Uint8ClampedArray(bytes) }),
  hash: (raster) => Promise.resolve(raster.data[0].toString(16).padStart(64, '0')),
}
const picture = (value: number): Raster => ({
  width: 2,
  height: 2,
  data: new Uint8ClampedArray(PICTURE).fill(value),
})
const assets = createAssetStore(codec)
const results = createResultStore()

const bytesOf = async (path: string): Promise<number> =>
  (await filesIn(await openFolder(path))).reduce((sum, { file }) => sum + file.size, 0)

/** Pictures are stored as they are first; this waits until all are packed. */
const packed = () =>
  expect
    .poll(async () => (await filesIn(await openFolder('assets'))).filter(({ name }) => !/\.png$/.test(name)))
    .toEqual([])

async function keep(value: number) {
  const asset = await assets.put(picture(value), `${value}.png`)
  await packed()
  return asset
}

const documentOf = (id: string, background: FusionDocument['background']): FusionDocument => ({
  ...emptyDocument(id),
  background,
})
const HOURS = 10 * 3_600_000

describe('a sweep', () => {
  beforeEach(async () => {
    await deleteDB('inlay')
    const root = await navigator.storage.getDirectory()
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true })
  })

  it('gives back the bytes of everything that nothing names, and of nothing else', async () => {
    const [kept, replaced, undone, deleted, broken, start] = await Promise.all([1, 2, 3, 4, 5, 6].map(keep))
    await saveDocument(documentOf('a', kept))
    await saveDocument(documentOf('b', deleted))
    await deleteDocument('b')
    await saveDocument(documentOf('c', broken))
    await setAside('document', 'c', documentOf('c', broken), 'odd')
    const pair = testPair(1)
    pair.recipe.base = { kind: 'picture', asset: start }
    await writeFile(
      await openFolder(`pairs/${pair.id}`),
      'pair.json',
      new TextEncoder().encode(JSON.stringify({ schema: 2, pair, bytes: 1 })),
    )
    expect(await bytesOf('assets')).toBe(6 * PICTURE)

    await sweep(assets, [undone.hash])
    expect(new Set(await assets.list())).toEqual(
      new Set([kept, undone, deleted, broken, start].map(({ hash }) => hash)),
    )
    expect(await bytesOf('assets')).toBe(5 * PICTURE)
    expect(await assets.has(replaced.hash)).toBe(false)

    // The undo history is gone, and the hour in which a deleted document comes back is over.
    await sweep(assets, [], Date.now() + HOURS)
    expect(await bytesOf('assets')).toBe(3 * PICTURE)
  })

  it('clears results that the index does not name, and what was half written, once they are old', async () => {
    const recipe = testPair(1).recipe
    const stored = await results.add({
      png: new Uint8Array(100),
      recipe,
      thumbnail: new Blob(),
      documentId: 'a',
    })
    const folder = await openFolder('results')
    await writeFile(folder, 'orphan.png', new Uint8Array(50))
    await writeFile(folder, 'half.png.part', new Uint8Array(30))
    for (const name of ['half.png.part', 'half.png.part.crswap'])
      await writeFile(await openFolder('assets'), name, new Uint8Array(20))
    await sweep(assets, [])
    expect(await bytesOf('results')).toBe(180)
    await sweep(assets, [], Date.now() + HOURS)
    expect([await bytesOf('results'), await bytesOf('assets')]).toEqual([100, 0])
    expect((await results.get(stored.id)).size).toBe(100)
    await results.remove(stored.id)
    expect(await bytesOf('results')).toBe(0)
  })

  it('leaves the masks that a document has painted', async () => {
    const [back, front, ground] = await Promise.all([1, 2, 3].map(keep))
    const painted = documentOf('a', back)
    painted.scene.masks = { front, ground }
    await saveDocument(painted)
    await sweep(assets, [], Date.now() + HOURS)
    expect(await bytesOf('assets')).toBe(3 * PICTURE)
    await saveDocument({ ...painted, scene: { ...painted.scene, masks: { front, ground: null } } })
    await sweep(assets, [], Date.now() + HOURS)
    expect(await assets.list()).not.toContain(ground.hash)
    expect(await bytesOf('assets')).toBe(2 * PICTURE)
  })

  it('knows the pictures that results were made of', async () => {
    const recipe = testPair(1).recipe
    const start = await keep(9)
    recipe.base = { kind: 'picture', asset: start }
    await results.add({ png: new Uint8Array(1), recipe, thumbnail: new Blob(), documentId: 'a' })
    expect((await namedAssets()).has(start.hash)).toBe(true)
  })

  it('leaves a deleted result and its pictures while it can come back, then takes them', async () => {
    const recipe = testPair(1).recipe
    const start = await keep(9)
    recipe.base = { kind: 'picture', asset: start }
    const { id } = await results.add({ png: new Uint8Array(100), recipe, thumbnail: new Blob() })
    await setStar(id, true)
    await results.delete(id)
    await sweep(assets, [])
    expect([await bytesOf('results'), await bytesOf('assets')]).toEqual([100, PICTURE])
    await results.undelete(id)
    await sweep(assets, [], Date.now() + HOURS)
    expect((await results.list(9)).results).toMatchObject([{ id, starred: true }])

    // As if its page had been left.
    await results.delete(id)
    await sweep(assets, [], Date.now() + HOURS)
    expect([await bytesOf('results'), await bytesOf('assets')]).toEqual([0, 0])
    expect(await (await openDatabase()).getAllKeys('stars')).toEqual([])
    expect(await results.purge(id)).toBe(false)
  })

  it('forgets interruptions of documents that are gone', async () => {
    const database = await openDatabase()
    await database.put('interruptions', { id: 'x', documentId: 'gone', kind: 'fuse', time: 1 })
    await sweep(assets, [])
    expect(await database.getAllKeys('interruptions')).toEqual([])
  })

  it('takes nothing that is stored after it began, and does nothing where another page is open', async () => {
    const sweeper = createSweeper(assets)
    const again = await keep(7)
    const orphan = await keep(8)
    await enter()
    const swept = sweeper.sweep([])
    await Promise.all([swept, sweeper.after(() => assets.put(picture(7), 'again.png'))])
    expect(await assets.get(again.hash)).toEqual(picture(7))
    expect(await assets.has(orphan.hash)).toBe(false)
    // As another page would.
    await enter()
    await sweeper.sweep([])
    expect(await assets.has(again.hash)).toBe(true)
  })
})
