import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { listFiles, openFolder, readFile, writeFile } from '@/storage/files'
import { createPromptCache } from '@/storage/promptCache'

const PATH = 'test-prompts'
const key = (digit: string) => digit.repeat(64)
const values = (count: number, first: number) => Float32Array.from({ length: count }, (_, i) => first + i / 7)

async function clear(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  await root.removeEntry(PATH, { recursive: true }).catch(() => undefined)
}
beforeEach(clear)
afterEach(clear)

describe('kept prompt embeddings', () => {
  it('come back to the bit, in another session too', async () => {
    const cache = createPromptCache(PATH)
    expect(await cache.get(key('a'))).toBeNull()
    const part = values(100, 1).subarray(3, 50)
    await Promise.all([cache.put(key('a'), part), cache.put(key('b'), values(5, 2))])
    expect(await createPromptCache(PATH).get(key('a'))).toEqual(Float32Array.from(part))
    expect(await createPromptCache(PATH).get(key('b'))).toEqual(values(5, 2))
    await expect(cache.get('../escape')).rejects.toThrow('not a cache key')
  })

  it('are given up when damaged', async () => {
    const cache = createPromptCache(PATH)
    const folder = await openFolder(PATH)
    const name = `${key('a')}.bin`
    await cache.put(key('a'), values(64, 1))
    const whole = new Uint8Array(await (await readFile(folder, name))!.arrayBuffer())
    const flipped = whole.slice()
    flipped[100] ^= 1
    for (const bytes of [flipped, whole.slice(0, -4), whole.slice(0, 20), new Uint8Array(0)]) {
      await writeFile(folder, name, bytes)
      expect(await cache.get(key('a'))).toBeNull()
      expect(await readFile(folder, name)).toBeNull()
    }
  })

  it('leave when others are used more and the cap is reached', async () => {
    // Three of 440 bytes fit.
    const cache = createPromptCache(PATH, 1400)
    for (const digit of ['a', 'b', 'c']) await cache.put(key(digit), values(100, 1))
    await cache.get(key('a'))
    await cache.put(key('d'), values(100, 4))
    expect(await cache.get(key('b'))).toBeNull()
    expect(await cache.get(key('a'))).toEqual(values(100, 1))
    expect((await listFiles(await openFolder(PATH))).filter((name) => name.endsWith('.bin'))).toHaveLength(3)
    await cache.put(key('e'), values(1000, 1)) // larger than the cap
    expect(await cache.get(key('e'))).toBeNull()
    await cache.put(key('d'), values(100, 5))
    expect(await cache.get(key('d'))).toEqual(values(100, 5))
    await writeFile(await openFolder(PATH), 'uses.json', new Blob(['{broken']))
    expect(await cache.get(key('d'))).toEqual(values(100, 5))
  })
})
