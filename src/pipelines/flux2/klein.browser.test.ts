import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { kleinDenoise } from '@/pipelines/flux2/kleinDenoise'
import { KleinModels } from '@/pipelines/flux2/kleinModel'
import { kleinNoise } from '@/pipelines/flux2/kleinNoise'
import { embedKleinTexts } from '@/pipelines/flux2/kleinText'
import { CHANNELS, tinyKlein, WIDTH } from '@/pipelines/flux2/testKlein'
import type { DitOptions } from '@/pipelines/shared/ditModels'
import { testPicture } from '@/pipelines/shared/testPacks'
import { onWhite, signedPlanes } from '@/pipelines/shared/samples'
import type { TextFeatures, TextStore } from '@/pipelines/shared/textStore'

const runtimeUrl = new URL('/ort/', location.href).href

let backend: Backend | null = null
afterEach(async () => {
  await backend?.dispose()
  backend = null
})

async function open(change: Parameters<typeof tinyKlein>[0] = {}, options: DitOptions = {}) {
  backend ??= (await createBackend('cpu', runtimeUrl)).backend
  return new KleinModels(backend, tinyKlein(change), options)
}

const resident = () => backend?.memory().residentBytes ?? -1

/** Keeps by text and makers, and forgets nothing. */
function memoryStore(): TextStore & { puts: number } {
  const table = new Map<string, TextFeatures>()
  const store = {
    puts: 0,
    get: (text: string, width: number, makers: object | null) =>
      Promise.resolve(table.get(JSON.stringify([text, width, makers])) ?? null),
    put: (text: string, width: number, makers: object, features: TextFeatures) => {
      store.puts++
      for (const by of [makers, null]) table.set(JSON.stringify([text, width, by]), features)
      return Promise.resolve()
    },
  }
  return store
}

describe('texts for klein', () => {
  it('are encoded once, kept in 16 bits, and needed no longer then is the encoder', async () => {
    const store = memoryStore()
    const models = await open()
    const [first, other] = await embedKleinTexts(models, ['a cup', 'a cat'], { store })
    expect([first.tokens, first.values.length]).toEqual([512, 512 * 2 * WIDTH])
    expect(other.values).not.toEqual(first.values)
    expect(first.values.every((value) => value === Math.f16round(value))).toBe(true)
    expect(resident()).toBe(0)
    const gone = await open({ encoder: null, tokenizer: null })
    expect(await embedKleinTexts(gone, ['a cup'], { store })).toEqual([first])
    expect(store.puts).toBe(2)
    await expect(embedKleinTexts(gone, ['a dog'], { store })).rejects.toMatchObject({
      problem: { code: 'missing-asset' },
    })
  })
})

describe('a picture on klein', () => {
  it('comes from references and noise, resident and streamed to the same bit, and leaves nothing behind', async () => {
    const size = { width: 48, height: 32 }
    const make = async (residency: 'resident' | 'stream') => {
      const models = await open({}, { residency })
      const [text] = await embedKleinTexts(models, ['a cup'], { store: null })
      const before = resident()
      const { picture, preview } = await models.withKleinVae(['encoder'], async (vae) => {
        const given = await vae.encode(signedPlanes(onWhite(testPicture(48, 32, 1))), size)
        return { picture: given, preview: vae.previews([given]) }
      })
      const dit = await models.transformer()
      const seen: unknown[] = []
      const job = { text, references: [picture.tokens], noise: kleinNoise('7', size, CHANNELS), steps: 2 }
      const tokens = await kleinDenoise(dit, job, {
        onStep: (_, x, velocity, sigma) =>
          seen.push(
            preview?.(
              x.map((value, i) => value - sigma * velocity[i]),
              size,
            ),
          ),
      })
      expect(seen).toMatchObject([
        { width: 6, height: 4 },
        { width: 6, height: 4 },
      ])
      const planes = await models.withKleinVae(['decoder'], (vae) => vae.decode(tokens, size))
      models.dispose()
      expect(resident()).toBe(before)
      return planes
    }
    const planes = await make('resident')
    expect(planes.length).toBe(3 * 48 * 32)
    expect(new Set(planes).size).toBeGreaterThan(1000)
    expect(await make('stream')).toEqual(planes)
  })
})
