import { afterEach, describe, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { InlayError } from '@/base/errors'
import { compose } from '@/pipelines/compose/compose'
import type { ComposeJob } from '@/pipelines/compose/composeModel'
import { fluxCompose } from '@/pipelines/compose/fluxCompose'
import { FluxModels, type FluxModelSet } from '@/pipelines/flux/fluxModel'
import type { DitOptions } from '@/pipelines/shared/ditModels'
import type { PlaceJob } from '@/pipelines/place/job'
import { placeFlux } from '@/pipelines/place/placeFlux'
import type { Progress } from '@/pipelines/shared/report'
import { embedPrompts } from '@/pipelines/flux/prompt'
import type { PromptCache } from '@/pipelines/shared/promptCache'
import { CONTEXT, DREAMFUSE, DREAMO, tinySet } from '@/pipelines/flux/testFlux'
import { testPicture } from '@/pipelines/shared/testPacks'
import type { ComposeRecipe } from '@/schema/modes/compose'
import type { PlaceRecipe } from '@/schema/modes/place'
import { ADDED_TOKENS } from '@/text/dreamoTokens'

const runtimeUrl = new URL('/ort/', location.href).href
const asset = { hash: 'a'.repeat(64), name: 'a.png', width: 2, height: 2 }
const model = { name: 'FLUX', hash: '', parts: [] }

/** Two foregrounds, the second mirrored and turned, on a picture of odd size. */
function placeJob(change: Partial<PlaceRecipe> = {}): PlaceJob {
  const placed = { asset, stretch: false, rotationDegrees: 0, flipX: false }
  return {
    recipe: {
      schema: 2,
      mode: 'place',
      model,
      background: asset,
      foregrounds: [
        { ...placed, box: { x: 8, y: 20, width: 30, height: 40 } },
        { ...placed, box: { x: 60, y: -5, width: 40, height: 30 }, flipX: true, rotationDegrees: 30 },
      ],
      prompt: '',
      seed: '7',
      steps: 2,
      strength: 1,
      flux: {
        size: 512,
        guidance: 3.5,
        textStrength: 2,
        noise: 'philox',
        detail: 0,
        guessUnder: 0,
        refreshEvery: 1,
      },
      ...change,
    },
    background: testPicture(91, 70, 1),
    foregrounds: [testPicture(30, 40, 2, true), testPicture(25, 50, 3, true)],
  }
}

function composeJob(change: Partial<ComposeRecipe['compose']> = {}): ComposeJob {
  return {
    recipe: {
      schema: 2,
      mode: 'compose',
      model,
      references: [
        { asset, role: 'subject', face: null },
        { asset, role: 'identity', face: { x: 3, y: 4, width: 20, height: 30 } },
      ],
      prompt: 'a cat and [ref#2]',
      seed: '7',
      compose: {
        width: 256,
        height: 272,
        steps: 2,
        guidance: 4.5,
        firstStepGuidance: 6,
        trueCfg: 2,
        cfgStart: 1,
        cfgEnd: 2,
        negativePrompt: 'bad',
        negativeGuidance: 3.5,
        referenceSize: 256,
        noise: 'torch',
        refreshEvery: 1,
        ...change,
      },
    },
    references: [testPicture(60, 50, 1, true), testPicture(40, 70, 2)],
  }
}

function memoryCache(): PromptCache & { size: number } {
  const table = new Map<string, Float32Array>()
  return {
    get: (key) => Promise.resolve(table.get(key) ?? null),
    put: (key, values) => Promise.resolve(void table.set(key, values)),
    get size() {
      return table.size
    },
  }
}

let backend: Backend | null = null
afterEach(async () => {
  await backend?.dispose()
  backend = null
})

async function open(set: FluxModelSet, options?: DitOptions): Promise<FluxModels> {
  backend ??= (await createBackend('cpu', runtimeUrl)).backend
  return new FluxModels(backend, set, options)
}

const resident = () => backend?.memory().residentBytes ?? -1
const never = new AbortController().signal
const quiet = () => undefined

/** The code of the problem that a promise fails with. */
async function problem(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof InlayError) return error.problem.code
    return error instanceof Error ? error.name : String(error)
  }
  return 'none'
}

describe('prompts', () => {
  it('are embedded once, with the rows that an adapter adds', async () => {
    const cache = memoryCache()
    const models = await open(tinySet())
    const rows = Float32Array.from({ length: 10 * CONTEXT }, (_, i) => Math.cos(i))
    const embed = (prompt: string, added: Float32Array | null, t5 = tinySet().t5) =>
      embedPrompts(new FluxModels(models.backend, { ...models.set, t5 }), [prompt], {
        length: 20,
        added: added && { rows: added, tokens: ADDED_TOKENS },
        cache,
      }).then(([embedding]) => embedding)
    const first = await embed('a [ref#1]', rows)
    expect([first.pooled.length, first.text.length]).toEqual([20, 20 * CONTEXT])
    expect(resident()).toBe(0)
    expect(cache.size).toBe(2)
    const gone = { hash: 't5 hash', pack: null }
    expect(await embed('a [ref#1]', rows, gone)).toEqual(first)
    // Other words, other rows, no rows: each is something else, and none is answered from the cache.
    for (const [prompt, added] of [
      ['a [ref#2]', rows],
      ['a [ref#1]', rows.map((value) => value + 1)],
      ['a [ref#1]', null],
    ] as const) {
      expect(await problem(embed(prompt, added, gone))).toBe('missing-asset')
      expect((await embed(prompt, added)).text).not.toEqual(first.text)
    }
  })
})

// Whole pictures through whole networks, if tiny ones: slow where the machine is busy.
describe('Place with FLUX', { timeout: 300_000 }, () => {
  it('runs from pixels to pixels, says how far it is, and leaves nothing behind', async () => {
    const cache = memoryCache()
    const models = await open(tinySet(DREAMFUSE))
    const before = resident()
    const events: Progress[] = []
    const { image, seconds } = await placeFlux(
      models,
      placeJob(),
      cache,
      (event) => events.push(event),
      never,
    )
    expect([image.width, image.height, image.data.length]).toEqual([91, 70, 4 * 91 * 70])
    expect(Object.values(seconds).every((value) => value >= 0)).toBe(true)
    expect(seconds.sample).toBeGreaterThan(0)
    expect(resident()).toBe(before)
    expect(cache.size).toBe(2)

    const steps = events.flatMap((event) => (event.kind === 'step' ? [event] : []))
    expect(steps.map(({ step, steps: all }) => [step, all])).toEqual([
      [1, 4],
      [2, 4],
      [3, 4],
      [4, 4],
    ])
    expect(steps[0].preview).toMatchObject({
      rect: { x: 0, y: 0, width: 91, height: 70 },
      image: { width: 72, height: 56 },
    })
    const kinds = events.map((event) => (event.kind === 'stage' ? event.stage : event.kind))
    const order = kinds.filter((kind, i) => kind !== kinds[i - 1])
    const each = ['encoding', 'pictures', 'transformer', 'step', 'decode', 'compositing']
    expect(order).toEqual(['text', ...each, ...each])
    for (const event of events)
      if (event.kind === 'stage') expect(event.done).toBeLessThanOrEqual(event.total)

    const { data } = placeJob().background
    const changed = image.data.reduce((count, value, i) => count + Number(value !== data[i]), 0)
    expect(changed).toBeGreaterThan(1000)

    // Again, without the encoder: the prompt is kept, and the result is the same to the bit.
    const set = tinySet(DREAMFUSE)
    const without = await open({ ...set, t5: { hash: 't5 hash', pack: null }, t5Tokenizer: null })
    const again = await placeFlux(without, placeJob(), cache, quiet, never)
    expect(again.image).toEqual(image)
    expect(resident()).toBe(before)
  })

  it('starts from the pasted picture where the strength is below 1', async () => {
    const models = await open(tinySet(DREAMFUSE), { keepTransformer: true, residency: 'stream' })
    const before = resident()
    const job = placeJob({
      strength: 0.5,
      flux: {
        size: 512,
        guidance: 3.5,
        textStrength: 1,
        noise: 'torch',
        detail: 0.5,
        guessUnder: 0,
        refreshEvery: 1,
      },
    })
    job.foregrounds = job.foregrounds.slice(0, 1)
    let steps = 0
    const { notes } = await placeFlux(
      models,
      job,
      null,
      (event) => (steps = event.kind === 'step' ? event.steps : steps),
      never,
    )
    expect(steps).toBe(1)
    // What these weights make has nothing of the cut-out.
    expect(notes).toEqual([expect.stringMatching(/detail lock did nothing/)])
    expect(resident()).toBeGreaterThan(before)
    models.dispose()
    expect(resident()).toBe(before)
  })

  it('stops where it is told to, with everything given back', async () => {
    const models = await open(tinySet(DREAMFUSE))
    const before = resident()
    for (const kind of ['encoding', 'step'] as const) {
      const abort = new AbortController()
      const stop = (event: Progress) => void (event.kind === kind && abort.abort())
      expect(await problem(placeFlux(models, placeJob(), null, stop, abort.signal))).toBe('AbortError')
      expect(resident()).toBe(before)
    }
  })

  it('says what is missing', async () => {
    const set = tinySet(DREAMFUSE)
    const place = async (changed: FluxModelSet, job = placeJob()) =>
      problem(placeFlux(await open(changed), job, memoryCache(), quiet, never))
    expect(await place({ ...set, t5: null })).toBe('missing-asset')
    expect(await place({ ...set, t5: { hash: 'x', pack: null } })).toBe('missing-asset')
    expect(await place({ ...set, t5Tokenizer: null }, placeJob({ prompt: 'gold' }))).toBe('missing-asset')
    expect(await place(tinySet())).toBe('missing-asset')
    expect(await place(set, placeJob({ flux: undefined }))).toBe('bad-recipe')
    const vae = { ...set.vae, manifest: { ...set.vae.manifest } }
    vae.manifest.config = { ...vae.manifest.config, latentChannels: 16 }
    expect(await place({ ...set, vae })).toBe('bad-weights')
    expect(resident()).toBe(0)
  })
})

describe('Compose with FLUX', { timeout: 300_000 }, () => {
  it('runs from references to a picture, the same each time', async () => {
    const models = await open(tinySet(DREAMO))
    const before = resident()
    const events: Progress[] = []
    const { image } = await compose(
      fluxCompose(models, null),
      composeJob(),
      (event) => events.push(event),
      never,
    )
    expect([image.width, image.height]).toEqual([256, 272])
    expect(image.data.every((value, i) => i % 4 < 3 || value === 255)).toBe(true)
    expect(new Set(image.data).size).toBeGreaterThan(20)
    expect(resident()).toBe(before)
    const steps = events.flatMap((event) => (event.kind === 'step' ? [event] : []))
    expect(steps.map(({ step }) => step)).toEqual([1, 2])
    expect(steps[1].preview?.image).toMatchObject({ width: 32, height: 34 })
    expect((await compose(fluxCompose(models, null), composeJob(), quiet, never)).image).toEqual(image)
    // The true guidance's pass counts.
    expect(
      (await compose(fluxCompose(models, null), composeJob({ trueCfg: 1 }), quiet, never)).image,
    ).not.toEqual(image)
    expect(resident()).toBe(before)
  })

  it('stops where it is told to, and needs the adapter for references', async () => {
    const models = await open(tinySet(DREAMO))
    const before = resident()
    const abort = new AbortController()
    const stop = (event: Progress) => void (event.kind === 'step' && abort.abort())
    expect(await problem(compose(fluxCompose(models, null), composeJob(), stop, abort.signal))).toBe(
      'AbortError',
    )
    expect(resident()).toBe(before)
    expect(await problem(compose(fluxCompose(await open(tinySet()), null), composeJob(), quiet, never))).toBe(
      'missing-asset',
    )
    const plain = composeJob({ trueCfg: 1, steps: 1 })
    const bare = { recipe: { ...plain.recipe, references: [], prompt: 'a cat' }, references: [] }
    const { image } = await compose(fluxCompose(await open(tinySet()), null), bare, quiet, never)
    expect(image.width).toBe(256)
  })
})
