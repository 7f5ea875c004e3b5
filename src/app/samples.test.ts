import { existsSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { loadSamples } from '@/app/samples'

const FOLDER = new URL('../../public/samples/', import.meta.url)
const BASE = 'http://studio.example/at/'

const serve = (body: unknown) =>
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(body))))

describe('sample scenes', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('lists the scenes that ship, with all of their pictures', async () => {
    serve(JSON.parse(readFileSync(new URL('samples.json', FOLDER), 'utf8')))
    const samples = await loadSamples(BASE)
    expect(samples.length).toBeGreaterThan(2)
    const credits = readFileSync(new URL('CREDITS.md', FOLDER), 'utf8')
    for (const { background, foregrounds } of samples)
      for (const address of [background, ...foregrounds.map(({ picture }) => picture)]) {
        const name = address.replace(`${BASE}samples/`, '')
        expect(existsSync(new URL(name, FOLDER)), name).toBe(true)
        expect(credits, name).toContain(name)
      }
  })

  it('has none where the list is of another kind', async () => {
    serve([{ id: 'old', title: 'Old', background: 'b.jpg', foreground: 'f.png', box: [0, 0, 1, 1] }])
    expect(await loadSamples(BASE)).toEqual([])
  })
})
