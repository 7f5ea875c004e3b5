import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { fail, type Problem } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import { listAside } from '@/storage/aside'
import { createAssetStore, type AssetCodec } from '@/storage/assets'
import { openDatabase } from '@/storage/database'
import {
  claim,
  deleteDocument,
  listDocuments,
  loadDocument,
  loadLatest,
  openLatest,
  purgeDocuments,
  starDocument,
  saveCover,
  saveDocument,
  undeleteDocument,
} from '@/storage/documents'
import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { estimateStorage, guardStorage } from '@/storage/quota'
import { clearStorage, problemOf } from '@/storage/testStorage'

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

beforeEach(clearStorage)
afterEach(clearStorage)

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

  it('are removed once a writer has let them go', async () => {
    const folder = await openFolder('test-files')
    await writeFile(folder, 'held', Uint8Array.of(1))
    const stream = await (await folder.getFileHandle('held')).createWritable()
    setTimeout(() => void stream.abort(), 200)
    expect(await removeFile(folder, 'held')).toBe(true)
    expect(await listFiles(folder)).toEqual([])
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
    expect(await store.collect(new Set([other.hash]))).toBe(1)
    expect(await store.list()).toEqual([other.hash])
    expect([await store.remove(other.hash), await store.remove(other.hash)]).toEqual([true, false])
  })

  it('says when a picture is gone or damaged', async () => {
    const ref = await store.put(picture(7), 'a.png')
    const folder = await openFolder('test-assets')
    await expect.poll(() => listFiles(folder)).toEqual([`${ref.hash}.png`])
    for (const bytes of [Uint8Array.of(1), await codec.encode(picture(9))]) {
      await writeFile(folder, `${ref.hash}.png`, bytes)
      const problem = await problemOf(() => store.get(ref))
      expect([problem.code, problem.message]).toEqual(['missing-asset', '“a.png” is damaged in storage.'])
    }
    await store.remove(ref.hash)
    expect((await problemOf(() => store.get(ref))).code).toBe('missing-asset')
  })

  /** A picture as `put` leaves it, before it is packed. */
  async function writeRaw(value: number): Promise<string> {
    const hash = await codec.hash(picture(value))
    await writeFile(await openFolder('test-assets'), `${hash}.rgba`, await codec.encode(picture(value)))
    return hash
  }
  const files = async () => listFiles(await openFolder('test-assets'))

  it('packs one picture at a time, and holds none that waits', async () => {
    const given = [1, 2, 3, 4].map(picture)
    let [at, most, held] = [0, 0, 0]
    const slow = createAssetStore(
      {
        ...codec,
        encode: async (raster) => {
          most = Math.max(most, ++at)
          if (given.some(({ data }) => data === raster.data)) held++
          await new Promise((resolve) => setTimeout(resolve, 30))
          at--
          return codec.encode(raster)
        },
      },
      'test-assets',
    )
    const refs = await Promise.all(given.map((one) => slow.put(one, 'a.png')))
    await expect.poll(files).toEqual(refs.map(({ hash }) => `${hash}.png`).sort())
    expect([most, held]).toEqual([1, 0])
    for (const [index, ref] of refs.entries()) expect(await slow.get(ref)).toEqual(given[index])
  })

  /** The codec with 32 bytes more, of which one says how deep it is where PNGs do. */
  const deeper: AssetCodec = {
    ...codec,
    encode: async (raster) => padded(await codec.encode(raster), 8),
    decode: async (bytes) => codec.decode(bytes.slice(32)),
    deepen: async (source) =>
      source.length > 1 ? source : source[0] ? fail('bad-image', 'It is none.', '') : null,
  }
  function padded(bytes: Uint8Array, depth: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(32 + bytes.length)
    out[24] = depth
    out.set(bytes, 32)
    return out
  }
  const ofSixteen = async (value: number) => padded(await codec.encode(picture(value)), 16)
  const source = async (value: number) => new Blob([await ofSixteen(value)])
  const deepStore = (changes: Partial<AssetCodec> = {}) =>
    createAssetStore({ ...deeper, ...changes }, 'test-assets')
  /** No room on the disk for files that end so. */
  function fillDisk(ending: string): void {
    const { createWritable } = FileSystemFileHandle.prototype
    vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockImplementation(function (
      this: FileSystemFileHandle,
    ) {
      if (this.name.includes(ending)) throw new DOMException('no room', 'QuotaExceededError')
      return createWritable.call(this)
    })
  }
  afterEach(() => vi.restoreAllMocks())

  it('keeps a deeper PNG under the same hash, in place of one that is not', async () => {
    const deep = deepStore()
    const fresh = await deep.put(picture(1), 'a.png', await source(1))
    expect(await deep.hasDeep(fresh.hash)).toBe(true)
    // A project file gets it however soon it is written.
    expect(await (await deep.png(fresh.hash)).arrayBuffer()).toEqual((await ofSixteen(1)).buffer)
    expect(await (await deep.deep(fresh.hash))?.arrayBuffer()).toEqual((await ofSixteen(1)).buffer)
    expect(await deep.get(fresh)).toEqual(picture(1))
    // One of 8 bits leaves it, and does not stay where a deeper one comes.
    await deep.put(picture(1), 'again.png')
    expect(await deep.deep(fresh.hash)).not.toBeNull()
    const known = await deep.put(picture(2), 'b.png')
    expect([await deep.deep(known.hash), await deep.hasDeep(known.hash)]).toEqual([null, false])
    await deep.put(picture(2), 'b16.png', await source(2))
    expect(await deep.deep(known.hash)).not.toBeNull()
    // As a project brings it, to a browser that has none or one of 8 bits.
    await deep.remove(known.hash)
    expect(await deep.adopt(known.hash, await deeper.encode(picture(2)))).toBe(true)
    expect(await deep.deep(known.hash)).toBeNull()
    expect(await deep.adopt(known.hash, await ofSixteen(2))).toBe(false)
    expect(await deep.deep(known.hash)).not.toBeNull()
    expect(await deep.adopt(known.hash, await deeper.encode(picture(2)))).toBe(false)
    expect(await deep.deep(known.hash)).not.toBeNull()
    // Where there is none after all, or the file is none, the picture is there.
    for (const byte of [0, 1]) {
      const plain = await deep.put(picture(3 + byte), 'c.png', new Blob([Uint8Array.of(byte)]))
      expect(await deep.deep(plain.hash)).toBeNull()
      expect(await deep.get(plain)).toEqual(picture(3 + byte))
    }
    expect((await files()).every((name) => name.endsWith('.png'))).toBe(true)
    await deep.collect(new Set())
    expect(await files()).toEqual([])
  })

  it('keeps what is deeper over the end of a session, and while another is being packed', async () => {
    const closed = deepStore({ deepen: () => new Promise(() => undefined) })
    const { hash } = await closed.put(picture(1), 'a.png', await source(1))
    expect(await files()).toEqual([`${hash}.rgba`, `${hash}.source`])
    const next = deepStore()
    await next.collect(new Set([hash]))
    await expect.poll(files).toEqual([`${hash}.png`])
    expect(await next.deep(hash)).not.toBeNull()

    const slow = deepStore({
      encode: async (raster) => {
        await new Promise((resolve) => setTimeout(resolve, 100))
        return deeper.encode(raster)
      },
    })
    const plain = await slow.put(picture(2), 'b.png')
    await slow.put(picture(2), 'b16.png', await source(2))
    expect(await slow.deep(plain.hash)).not.toBeNull()
  })

  it('says when the disk has no room for what is deeper, and makes it anew where only its PNG has none', async () => {
    const deep = deepStore()
    fillDisk('.source')
    const problem = await problemOf(async () => deep.put(picture(1), 'a.png', await source(1)))
    expect([problem.code, problem.message]).toEqual([
      'storage-full',
      "The picture was saved with 8 bits a channel, not with 16: the browser's storage is full.",
    ])
    const hash = await codec.hash(picture(1))
    expect(await deep.get(hash)).toEqual(picture(1))
    expect(await deep.deep(hash)).toBeNull()
    vi.restoreAllMocks()
    await deep.put(picture(1), 'a.png', await source(1))
    expect(await deep.deep(hash)).not.toBeNull()

    fillDisk('.png')
    const waiting = await deep.put(picture(2), 'b.png', await source(2))
    expect(await (await deep.deep(waiting.hash))?.arrayBuffer()).toEqual((await ofSixteen(2)).buffer)
    expect(await files()).toContain(`${waiting.hash}.source`)
  })

  it('reads a PNG that is replaced by a deeper one while it is read', async () => {
    const deep = deepStore()
    const { hash } = await deep.put(picture(1), 'a.png')
    await deep.deep(hash)
    vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementationOnce(async () => {
      await writeFile(await openFolder('test-assets'), `${hash}.png`, await ofSixteen(1))
      throw new DOMException('changed', 'NotReadableError')
    })
    expect(await deep.get(hash)).toEqual(picture(1))
  })

  it('writes the PNG at once where there is no room for the pixels as they are', async () => {
    fillDisk('.rgba')
    const ref = await store.put(picture(7), 'a.png')
    expect(await files()).toEqual([`${ref.hash}.png`])
    expect(await store.get(ref)).toEqual(picture(7))
  })

  it('goes on with what a crash has left between the pixels and their PNG', async () => {
    const read = await writeRaw(1)
    expect(await store.get(read)).toEqual(picture(1))
    await expect.poll(files).toEqual([`${read}.png`])

    const [orphan, both] = [await writeRaw(2), await writeRaw(3)]
    await writeFile(await openFolder('test-assets'), `${both}.png`, await codec.encode(picture(3)))
    await store.collect(new Set([read, orphan, both]))
    await expect.poll(files).toEqual([read, orphan, both].map((hash) => `${hash}.png`).sort())
    expect(await store.get(orphan)).toEqual(picture(2))
  })

  it('finds a picture that is being packed, whenever it is looked for', async () => {
    const hash = await writeRaw(5)
    const folder = await openFolder('test-assets')
    const packNow = async () => {
      vi.restoreAllMocks()
      await writeFile(folder, `${hash}.png`, await codec.encode(picture(5)))
      await folder.removeEntry(`${hash}.rgba`)
    }
    const { getFileHandle } = FileSystemDirectoryHandle.prototype
    const look = vi.spyOn(FileSystemDirectoryHandle.prototype, 'getFileHandle')
    look.mockImplementation(async function (this: FileSystemDirectoryHandle, name, options) {
      if (name.endsWith('.rgba')) await packNow()
      return getFileHandle.call(this, name, options)
    })
    expect(await store.has(hash)).toBe(true)

    await folder.removeEntry(`${hash}.png`)
    await writeRaw(5)
    vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementationOnce(async () => {
      await packNow()
      throw new DOMException('gone', 'NotReadableError')
    })
    expect(await store.get(hash)).toEqual(picture(5))
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
    expect((await loadLatest((problem) => problems.push(problem)))?.id).toBe('good')
    expect(problems.map(({ code }) => code)).toEqual(['bad-document'])
    const [aside] = await listAside()
    expect(aside).toMatchObject({ kind: 'document', of: 'bad', value: { id: 'bad' } })
    expect(aside.problem).toMatch(/layers\.0/)
    await loadLatest((problem) => problems.push(problem))
    expect(problems).toHaveLength(1)
  })

  it('with a star stand first and keep it while they are saved, until they are gone', async () => {
    for (const id of ['one', 'two', 'three']) await saveDocument(emptyDocument(id))
    await starDocument('one', true)
    await starDocument('two', true)
    await saveDocument({ ...emptyDocument('one'), prompt: 'a' })
    const listed = async () => (await listDocuments('')).map(({ document: { id }, starred }) => [id, starred])
    expect(await listed()).toEqual([
      ['one', true],
      ['two', true],
      ['three', false],
    ])
    await starDocument('two', false)
    expect((await listed())[1]).toEqual(['three', false])

    const stars = async () => (await openDatabase()).getAllKeys('stars')
    await deleteDocument('one')
    await purgeDocuments()
    expect(await stars()).toEqual(['one'])
    await purgeDocuments(Date.now() + 10 * 3_600_000)
    expect(await stars()).toEqual([])
  })

  it('of the second database are still there after its upgrade', async () => {
    const old = await openDB('inlay', 2, {
      upgrade(database) {
        database.createObjectStore('documents', { keyPath: 'id' }).createIndex('savedAt', 'savedAt')
        database.createObjectStore('results', { keyPath: 'id' }).createIndex('time', 'time')
        for (const store of ['aside', 'covers', 'interruptions'])
          database.createObjectStore(store, { keyPath: 'id' })
      },
    })
    await old.put('documents', { id: 'first', savedAt: 5, document: emptyDocument('first') })
    old.close()
    await starDocument('first', true)
    expect(await listDocuments('')).toMatchObject([{ document: { id: 'first' }, starred: true }])
  })

  it('of the first database are still there after its upgrade, set aside ones too', async () => {
    const old = await openDB('inlay', 1, {
      upgrade(database) {
        database.createObjectStore('documents', { keyPath: 'id' }).createIndex('savedAt', 'savedAt')
        database.createObjectStore('broken', { keyPath: 'id' })
        database.createObjectStore('results', { keyPath: 'id' }).createIndex('time', 'time')
      },
    })
    const { name: _, ...first } = { ...emptyDocument('first'), schema: 1 }
    const document = { ...first, settings: { ...first.settings, seed: 9 } }
    await old.put('documents', { id: 'first', savedAt: 5, document })
    await old.put('broken', { id: 'odd@4', savedAt: 4, document: { id: 'odd' }, problem: 'why' })
    old.close()
    expect((await loadLatest())?.settings.seed).toBe('9')
    expect(await listAside()).toEqual([
      { id: 'odd@4', kind: 'document', of: 'odd', time: 4, problem: 'why', value: { id: 'odd' } },
    ])
  })

  it('open in one tab only: the second gets its own', async () => {
    await saveDocument(emptyDocument('mine'))
    const first = await openLatest()
    expect([first.document.id, first.elsewhere, first.restored]).toEqual(['mine', null, true])
    const second = await openLatest()
    expect(second.document.id).not.toBe('mine')
    expect([second.elsewhere?.id, second.restored]).toEqual(['mine', false])
    expect(await claim('mine')).toBeNull()
    await first.release()
    await second.release()
    await expect.poll(async () => (await openLatest()).document.id).toBe('mine')
  })

  it('a tab that is reloaded gets its own again, though another is the latest', async () => {
    await saveDocument(emptyDocument('own'))
    await saveDocument(emptyDocument('other'))
    const opened = await openLatest('own')
    expect(opened.document.id).toBe('own')
    await opened.release()
  })

  it('are listed with who has them open; deleted ones come back within the hour, not later', async () => {
    await saveDocument(emptyDocument('a'))
    await saveDocument(emptyDocument('b'))
    await saveCover('a', new Blob(['small']))
    const release = await claim('b')
    const listed = async () =>
      (await listDocuments('a')).map(({ document: { id }, openElsewhere }) => [id, openElsewhere])
    expect(await listed()).toEqual([
      ['b', true],
      ['a', false],
    ])
    expect(await (await listDocuments('a'))[1].cover?.text()).toBe('small')
    await release?.()
    await deleteDocument('a')
    expect((await listed()).map(([id]) => id)).toEqual(['b'])
    expect(await loadDocument('a')).toBeNull()
    await purgeDocuments()
    await undeleteDocument('a')
    expect((await loadDocument('a'))?.id).toBe('a')
    await deleteDocument('a')
    await purgeDocuments(Date.now() + 4_000_000)
    await undeleteDocument('a')
    expect(await loadDocument('a')).toBeNull()
    expect(await (await openDatabase()).getAllKeys('covers')).toEqual([])
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
    const old = await problemOf(() =>
      guardStorage('It failed', () => Promise.reject(new DOMException('newer', 'VersionError'))),
    )
    expect(old.hint).toMatch(/^Reload this tab/)
  })

  it('estimates', async () => {
    const use = await estimateStorage()
    expect(use.quotaBytes).toBeGreaterThan(1e6)
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
