import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { listFiles, openFolder, readFile, removeFile, writeFile } from '@/storage/files'
import { isNotFound } from '@/storage/quota'

const bytesOf = async (file: File | null) => file && [...new Uint8Array(await file.arrayBuffer())]
const namesIn = async (folder: FileSystemDirectoryHandle) => {
  const names: string[] = []
  for await (const [name, { kind }] of folder.entries()) names.push(`${kind} ${name}`)
  return names.sort()
}
const codeOf = (run: Promise<unknown>) => run.then(String, (error: unknown) => (error as Error).name)

/** Both file systems, held to the same. */
const SYSTEMS: [string, () => void][] = [
  ['the private file system', () => undefined],
  ['a page over plain http', () => vi.stubGlobal('navigator', { locks: undefined })],
  [
    'a private window that forbids it',
    () =>
      vi.spyOn(navigator.storage, 'getDirectory').mockRejectedValue(new DOMException('no', 'SecurityError')),
  ],
]

describe.each(SYSTEMS)('folders of %s', (_, enter) => {
  const clear = async () => {
    await (await openFolder('')).removeEntry('test-folder', { recursive: true }).catch(() => undefined)
  }
  beforeEach(async () => {
    enter()
    await clear()
  })
  afterEach(async () => {
    await clear()
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
    await deleteDB('inlay-files')
  })

  it('keep files whole, replace them and forget them', async () => {
    const folder = await openFolder('test-folder/deep')
    await writeFile(folder, 'a', Uint8Array.of(1, 2, 3))
    await writeFile(folder, 'a', new Blob([Uint8Array.of(4)]))
    async function* pieces() {
      yield Uint8Array.of(5)
      yield Uint8Array.of(6, 7)
    }
    await writeFile(folder, 'b', pieces())
    expect(await bytesOf(await readFile(folder, 'a'))).toEqual([4])
    expect(await bytesOf(await readFile(folder, 'b'))).toEqual([5, 6, 7])
    const refused = writeFile(folder, 'c', Uint8Array.of(1), () => Promise.reject(new Error('bad')))
    await expect(refused).rejects.toThrow('bad')
    expect(await listFiles(folder)).toEqual(['a', 'b'])
    expect(await readFile(folder, 'c')).toBeNull()
    expect(await removeFile(folder, 'a')).toBe(true)
    expect(await removeFile(folder, 'a')).toBe(false)
  })

  it('hold folders, which go with all that is in them', async () => {
    const folder = await openFolder('test-folder')
    await writeFile(await openFolder('test-folder/x'), 'inside', Uint8Array.of(1))
    await openFolder('test-folder/empty')
    await writeFile(folder, 'x-beside', Uint8Array.of(2))
    expect(await namesIn(folder)).toEqual(['directory empty', 'directory x', 'file x-beside'])
    expect(await codeOf(folder.removeEntry('x'))).toBe('InvalidModificationError')
    await folder.removeEntry('x', { recursive: true })
    expect(await namesIn(folder)).toEqual(['directory empty', 'file x-beside'])
    expect(await codeOf(folder.getDirectoryHandle('x'))).toBe('NotFoundError')
    expect(await codeOf(folder.removeEntry('x'))).toBe('NotFoundError')
    expect(await codeOf(folder.getDirectoryHandle('../up', { create: true }))).toBe('TypeError')
    await folder.getFileHandle('none').then(
      () => expect.unreachable(),
      (error: unknown) => expect(isNotFound(error)).toBe(true),
    )
  })
})

describe('without Web Locks', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })

  it('this page alone is kept in turn', async () => {
    vi.stubGlobal('navigator', {})
    vi.resetModules()
    const { withLock, withLockIfFree } = await import('@/storage/locks')
    const order: string[] = []
    const slow = withLock('a', async () => {
      await new Promise((done) => setTimeout(done, 20))
      order.push('slow')
    })
    const failing = withLock('a', () => Promise.reject(new Error('no')))
    const last = withLock('a', async () => void order.push('last'))
    expect(await withLockIfFree('a', (free) => Promise.resolve(free))).toBe(false)
    expect(await withLockIfFree('b', (free) => Promise.resolve(free))).toBe(true)
    await expect(failing).rejects.toThrow('no')
    await Promise.all([slow, last])
    expect(order).toEqual(['slow', 'last'])
    expect(await withLockIfFree('a', (free) => Promise.resolve(free))).toBe(true)
  })
})
