import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { hashRaster } from '@/assets/hash'
import { decodePng, encodePng } from '@/assets/png'
import { InlayError } from '@/base/errors'
import { openProject } from '@/project/projectFile'
import { projectBytes, testProject } from '@/project/testProject'
import { createAssetStore } from '@/storage/assets'
import { listDocuments, loadDocument, saveDocument } from '@/storage/documents'
import { openFolder } from '@/storage/files'
import { newId } from '@/base/id'
import { storeProject, type IncomingProject } from '@/storage/projects'
import { createResultStore } from '@/storage/results'

const assets = createAssetStore({ encode: encodePng, decode: decodePng, hash: hashRaster })
const results = createResultStore()

const namesIn = async (path: string): Promise<string[]> => {
  const names: string[] = []
  for await (const name of (await openFolder(path)).keys()) names.push(name)
  return names.sort()
}

async function clear(): Promise<void> {
  await deleteDB('inlay')
  const root = await navigator.storage.getDirectory()
  for (const name of ['assets', 'results'])
    await root.removeEntry(name, { recursive: true }).catch(() => undefined)
}
beforeEach(clear)
afterEach(() => {
  vi.restoreAllMocks()
  return clear()
})

async function incoming(id: string): Promise<IncomingProject> {
  const { source } = await testProject()
  const project = await openProject(new Blob([await projectBytes(source)]))
  return {
    document: { ...project.document, id },
    pictures: project.pictures,
    results: project.results.map((result) => ({
      ...result,
      read: async () => ({ png: await result.read(), thumbnail: new Blob(['small']) }),
    })),
  }
}

const store = async (project: IncomingProject, signal = new AbortController().signal) =>
  storeProject(assets, project, signal, () => undefined)

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem.code
    throw error
  }
  throw new Error('expected a problem')
}

const nothing = async () => [
  ...(await namesIn('assets')),
  ...(await namesIn('results')),
  ...(await results.list(9)).results,
  ...(await listDocuments('')),
]

describe('a project that is stored', () => {
  it('is all there, beside what was there, the newest of all', async () => {
    const project = await incoming('new')
    await saveDocument({ ...project.document, id: 'old', name: 'Old' })
    const stored = await store(project)
    expect((await listDocuments('')).map(({ document }) => document.id)).toEqual(['new', 'old'])
    expect(await loadDocument('new')).toEqual(project.document)
    for (const { hash } of project.pictures) expect(await hashRaster(await assets.get(hash))).toBe(hash)
    const page = await results.list(9)
    expect(page.results).toEqual(stored.map((one) => ({ ...one, starred: false })))
    expect(page.results).toMatchObject([{ id: project.results[0].id, documentId: 'new' }])
    expect((await results.get(stored[0].id)).size).toBe(stored[0].bytes)

    // The same file once more is another document; what is here already is not stored twice.
    expect(await store(await incoming('again'))).toEqual([])
    expect([(await listDocuments('')).length, (await results.list(9)).results.length]).toEqual([3, 1])
  })

  it('keeps stars, and when results were made, though they stand before all that is here', async () => {
    const project = await incoming('new')
    const [one] = project.results
    const own = await results.add({ png: Uint8Array.of(1), recipe: one.recipe, thumbnail: new Blob() })
    const [now, later] = [Date.now(), Date.now() + 1e6]
    const times = [one.time, later, Infinity, -1, NaN, 0.5]
    const stored = await store({
      ...project,
      results: times.map((time, at) => ({ ...one, id: `${at}`, time, starred: at === 0 })),
    })
    expect(stored.map(({ made }) => made)).toEqual([one.time, undefined, undefined, undefined, undefined, 0])
    const { results: listed } = await results.list(9)
    expect(listed).toEqual([...stored, { ...own, starred: false }])
    expect(listed.map(({ starred }) => starred)).toEqual([true, ...times.map(() => false)])
    for (const { time } of stored) expect(time).toBeGreaterThan(now - 1)
    // With a limit those from before go first.
    expect(await results.trim(stored[0].bytes)).toEqual([own.id, '5', '4', '3', '2'])
  })

  it('brings back what was deleted; one that fails leaves it deleted, with its file', async () => {
    const project = await incoming('new')
    const [{ id }] = await store(project)
    await results.delete(id)
    const other = { ...project, document: { ...project.document, id: 'other' } }
    const read = () => Promise.reject(new Error('unreadable'))
    const broken = { ...project.results[0], id: 'broken', read }
    await expect(store({ ...other, results: [...project.results, broken] })).rejects.toThrow()
    expect((await results.list(9)).results).toEqual([])
    expect((await results.get(id)).size).toBeGreaterThan(0)
    expect(await store(other)).toMatchObject([{ id }])
    expect(await results.purge(id)).toBe(false)
    expect((await results.list(9)).results).toMatchObject([{ id, documentId: 'other' }])
  })

  it('one that goes for good, or is brought back by hand, while the project is stored has its file and its place', async () => {
    const project = await incoming('new')
    const [{ id }] = await store(project)
    const last = { ...project.results[0], id: 'last' }
    const during = (happens: () => Promise<unknown>) =>
      store({
        document: { ...project.document, id: newId() },
        pictures: project.pictures,
        results: [...project.results, { ...last, read: async () => (await happens(), last.read()) }],
      })
    await results.delete(id)
    await during(() => results.purge(id))
    expect((await results.list(9)).results.map((one) => one.id)).toEqual([id, 'last'])
    expect((await results.get(id)).size).toBeGreaterThan(0)

    await results.delete(id)
    await results.remove('last')
    await during(() => results.undelete(id))
    expect((await results.list(9)).results.map((one) => one.id)).toEqual(['last', id])
  })

  it.each([1, 2, 3, 4])('leaves nothing where the disk is full at file %i', async (at) => {
    const project = await incoming('new')
    const { createWritable } = FileSystemFileHandle.prototype
    let files = 0
    vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockImplementation(function (
      this: FileSystemFileHandle,
    ) {
      if (++files === at) throw new DOMException('full', 'QuotaExceededError')
      return createWritable.call(this)
    })
    expect(await codeOf(store(project))).toBe('storage-full')
    expect(await nothing()).toEqual([])
  })

  it.each(['documents', 'results'])('leaves nothing where %s take no more', async (name) => {
    const project = await incoming('new')
    const { add } = IDBObjectStore.prototype
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore, ...given) {
      if (this.name === name) throw new DOMException('full', 'QuotaExceededError')
      return add.apply(this, given)
    })
    expect(await codeOf(store(project))).toBe('storage-full')
    expect(await nothing()).toEqual([])
  })

  it('leaves nothing where it is stopped or its last file is broken', async () => {
    const project = await incoming('new')
    const stop = new AbortController()
    const pictures = project.pictures.map((picture, i) => ({
      ...picture,
      read() {
        if (i === 1) stop.abort()
        return picture.read()
      },
    }))
    expect(await codeOf(store({ ...project, pictures }, stop.signal))).toBe('cancelled')
    const read = () => Promise.reject(new InlayError({ code: 'hash-mismatch', message: '', hint: '' }))
    const broken = project.results.map((result) => ({ ...result, read }))
    expect(await codeOf(store({ ...project, results: broken }))).toBe('hash-mismatch')
    expect(await nothing()).toEqual([])
  })

  it('keeps the pictures that others name when it fails', async () => {
    const project = await incoming('new')
    await store({ ...project, document: { ...project.document, id: 'other' }, results: [] })
    const read = () => Promise.reject(new Error('unreadable'))
    await expect(
      store({ ...project, results: project.results.map((result) => ({ ...result, read })) }),
    ).rejects.toThrow()
    for (const { hash } of project.pictures) expect(await assets.has(hash)).toBe(true)
  })
})
