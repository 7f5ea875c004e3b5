import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { listFiles, openFolder, readFile, writeFile } from '@/storage/files'
import { createTextStore } from '@/weights/texts/keptTexts'

const PATH = 'test-texts'
const OTHER = 'test-texts-2'
const makers = { encoder: 'e'.repeat(64), tokenizer: 't'.repeat(64) }
/** Numbers that f16 holds, or none of them. */
const features = (halves: boolean) => ({
  tokens: 3,
  real: 2,
  values: Float32Array.from({ length: 12 }, (_, i) => (halves ? i / 4 : 1e5 + i / 3)),
})

async function clear(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  for (const path of [PATH, OTHER]) await root.removeEntry(path, { recursive: true }).catch(() => undefined)
}
beforeEach(clear)
afterEach(clear)

describe('kept texts', () => {
  it('come back to the bit, by their makers or by whoever made them, in 16 bits where those hold them', async () => {
    const store = createTextStore(PATH)
    await store.put('a cup', 4, makers, features(true))
    await store.put('far', 4, makers, features(false))
    expect(await createTextStore(PATH).get('a cup', 4, makers)).toEqual(features(true))
    expect(await store.get('a cup', 4, null)).toEqual(features(true))
    expect(await store.get('far', 4, makers)).toEqual(features(false))
    expect(await store.get('a cup', 4, { ...makers, encoder: 'x' })).toBeNull()
    expect(await store.get('a cup', 6, null)).toBeNull()
    const listed = (await store.list()).sort((a, b) => a.bytes - b.bytes)
    expect(listed).toEqual([
      { text: 'a cup', width: 4, bytes: 24 },
      { text: 'far', width: 4, bytes: 48 },
    ])
  })

  it('travel as one file, and something else is refused', async () => {
    const store = createTextStore(PATH)
    await store.put('a cup', 4, makers, features(true))
    await store.put('far', 4, makers, features(false))
    const file = new File([await store.exportAll()], 'texts.safetensors')
    const other = createTextStore(OTHER)
    expect(await other.importFrom(file)).toBe(2)
    expect(await other.get('far', 4, makers)).toEqual(features(false))
    const damaged = new Uint8Array(await file.arrayBuffer())
    damaged[damaged.length - 1] ^= 1
    await expect(other.importFrom(new File([damaged], 'x'))).rejects.toMatchObject({
      problem: { code: 'hash-mismatch' },
    })
    await expect(other.importFrom(new File(['{}'], 'x'))).rejects.toMatchObject({
      problem: { code: 'bad-weights' },
    })
  })

  it('are given up when damaged; the oldest makes room, but for those that are pinned', async () => {
    const store = createTextStore(PATH, ['first'])
    const folder = await openFolder(PATH)
    await store.put('first', 4, makers, features(true))
    for (let i = 0; i < 66; i++) await store.put(`text ${i}`, 4, makers, features(true))
    expect(await store.get('first', 4, null)).not.toBeNull()
    expect(await store.get('text 65', 4, null)).not.toBeNull()
    expect(await listFiles(folder)).toHaveLength(65)
    for (const name of await listFiles(folder)) {
      const bytes = new Uint8Array(await (await readFile(folder, name))!.arrayBuffer())
      bytes[bytes.length - 1] ^= 1
      await writeFile(folder, name, bytes)
    }
    expect(await store.get('first', 4, null)).toBeNull()
    expect(await listFiles(folder)).toHaveLength(64)
  })
})
