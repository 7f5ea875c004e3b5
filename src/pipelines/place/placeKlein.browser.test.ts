import { afterAll, describe, expect, it } from 'vitest'

import { rasterOf } from '@/assets/mask'
import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { InlayError } from '@/base/errors'
import type { Raster } from '@/base/geometry'
import { KleinModels } from '@/pipelines/flux2/kleinModel'
import { tinyKlein } from '@/pipelines/flux2/testKlein'
import type { PlaceJob } from '@/pipelines/place/job'
import { placeKlein } from '@/pipelines/place/placeKlein'
import { testPicture } from '@/pipelines/shared/testPacks'
import type { Progress } from '@/pipelines/shared/report'
import type { PlaceRecipe } from '@/schema/modes/place'
import type { KleinPlaceSettings } from '@/schema/modes/placeKlein'

let backend: Backend | null = null
afterAll(() => backend?.dispose())

const never = new AbortController().signal
const quiet = () => undefined
const WIDTH = 150
const HEIGHT = 110

const SETTINGS: KleinPlaceSettings = {
  ...{ size: 512, cutout: true, clean: true, blend: true, padding: true, scene: '', detail: 0.5 },
  others: [],
  away: null,
}

function jobOf(klein: Partial<KleinPlaceSettings> = {}, change: Partial<PlaceRecipe> = {}): PlaceJob {
  const asset = (digit: string, width: number, height: number) => ({
    ...{ hash: digit.repeat(64), name: digit, width, height },
  })
  const placed = (digit: string, x: number) => ({
    ...{ asset: asset(digit, 20, 24), box: { x, y: 40, width: 20, height: 24 }, stretch: false },
    ...{ rotationDegrees: 0, flipX: false },
  })
  const recipe: PlaceRecipe = {
    ...{ schema: 2, mode: 'place', model: { name: '', hash: '', parts: [] } },
    background: asset('b', WIDTH, HEIGHT),
    foregrounds: [placed('1', 20)],
    ...{ prompt: '', seed: '7', steps: 2, strength: 1, klein: { ...SETTINGS, ...klein } },
    ...change,
  }
  return {
    recipe,
    background: testPicture(WIDTH, HEIGHT, 1),
    foregrounds: recipe.foregrounds.map((_, index) => testPicture(20, 24, index + 2, true)),
  }
}

async function place(
  job: PlaceJob,
  change: Parameters<typeof tinyKlein>[0] = {},
  signal = never,
  onProgress: (progress: Progress) => void = quiet,
  stopNow = signal,
) {
  const now = await on(backend?.name ?? 'cpu')
  return placeKlein(new KleinModels(now, tinyKlein(change)), job, null, onProgress, signal, stopNow)
}

async function on(name: 'cpu' | 'webgpu'): Promise<Backend> {
  if (backend?.name === name) return backend
  await backend?.dispose()
  backend = null
  return (backend = (await createBackend(name, new URL('/ort/', location.href).href)).backend)
}

/** klein's Base: the same tensors, never distilled. */
function base(): Parameters<typeof tinyKlein>[0] {
  const { transformer } = tinyKlein()
  const { manifest } = transformer
  const config = { ...manifest.config, distilled: false }
  return { transformer: { ...transformer, manifest: { ...manifest, config } } }
}

/** Pixels that are not the background's any more, and how far right the last of them lies. */
function changed(image: Raster, background: Raster): { count: number; right: number } {
  const [now, before] = [image, background].map(({ data }) => new Uint32Array(data.buffer, data.byteOffset))
  let [count, right] = [0, 0]
  for (const [pixel, value] of now.entries())
    if (value !== before[pixel]) {
      count++
      right = Math.max(right, pixel % WIDTH)
    }
  return { count, right }
}

describe('placing with klein', () => {
  it('makes the pictures of several seeds, and leaves all outside the zone to the bit', async () => {
    const job = jobOf({ others: ['8'] })
    const steps: string[] = []
    const previews: unknown[] = []
    const { variations } = await place(job, {}, never, (event) => {
      if (event.kind !== 'step') return
      steps.push(`${event.step} of ${event.steps}, ${event.preview?.image.width}`)
      previews.push(event.preview?.image.data.slice(-4))
    })
    // Far from the object the preview shows the photo.
    expect(new Set(previews.map(String)).size).toBe(1)
    expect(steps).toEqual(['1 of 4, 18', '2 of 4, 18', '3 of 4, 18', '4 of 4, 18'])
    expect(variations.map(({ seed }) => seed)).toEqual(['7', '8'])
    const [first, second] = variations
    expect(first.image.data).not.toEqual(second.image.data)
    for (const { image, notes } of variations) {
      const { count, right } = changed(image, job.background)
      expect(count).toBeGreaterThan(20 * 24)
      // The object ends at 40; the zone reaches 0.7 of half its height beyond.
      expect(right).toBeLessThan(40 + 12)
      // What these weights make has nothing of the cut-out.
      expect(notes).toEqual([expect.stringMatching(/detail lock did nothing/)])
    }
    const alone = await place(jobOf({}, { seed: '8' }))
    expect(alone.variations[0].image.data).toEqual(second.image.data)
    expect(backend?.memory().residentBytes).toBe(0)
  })

  it('hears of every choice', async () => {
    const usual = (await place(jobOf({ detail: 0 }))).variations[0].image.data
    const choices: [Partial<KleinPlaceSettings>, Partial<PlaceRecipe>][] = [
      [{ cutout: false }, {}],
      [{ clean: false }, {}],
      [{ blend: false }, {}],
      [{ padding: false }, {}],
      [{ scene: 'a table' }, {}],
      [{}, { prompt: 'a cup' }],
      [{}, { strength: 0.5 }],
      [{ blend: false }, { strength: 0.5 }],
    ]
    for (const [klein, change] of choices)
      expect((await place(jobOf({ detail: 0, ...klein }, change))).variations[0].image.data).not.toEqual(
        usual,
      )
  })

  it('takes foregrounds one after the other, and back what was brushed away', async () => {
    const { recipe } = jobOf()
    const [one] = recipe.foregrounds
    const two = { ...one, box: { ...one.box, x: 100 }, stands: false, lift: 0 }
    const job = jobOf({}, { foregrounds: [one, two] })
    const values = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH > 75 ? 255 : 0))
    const both = await place(job)
    expect(changed(both.variations[0].image, job.background).right).toBeGreaterThan(110)
    const away = { ...job, masks: [rasterOf({ width: WIDTH, height: HEIGHT, values })] }
    expect(changed((await place(away)).variations[0].image, job.background).right).toBeLessThan(75)
  })

  it('leads Base away from the empty text, which it reads beside its own', async () => {
    const job = jobOf({ detail: 0 }, { steps: 5 })
    const stages = new Map<string, number>()
    const led = await place(job, base(), never, (event) => {
      if (event.kind === 'stage') stages.set(event.stage, event.total)
    })
    expect(stages.get('text')).toBe(2)
    const [{ image }] = led.variations
    expect(image.data).not.toEqual((await place(job)).variations[0].image.data)
    expect(changed(image, job.background).right).toBeLessThan(40 + 12)
    // Without padding both texts are as long as they are.
    const short = (await place(jobOf({ detail: 0, padding: false }, { steps: 5 }), base())).variations[0]
    expect(short.image.data).not.toEqual(image.data)
    expect(backend?.memory().residentBytes).toBe(0)
  })

  it('is the same picture on webgpu, but for rounding', async () => {
    // A software adapter is slow: one picture, one step, few tokens of text.
    const job = jobOf({ detail: 0, padding: false, clean: false }, { steps: 1 })
    const made: Raster[] = []
    for (const name of ['webgpu', 'cpu'] as const) {
      await on(name)
      made.push((await place(job)).variations[0].image)
      expect(backend?.memory().residentBytes).toBe(0)
    }
    const [onGpu, onCpu] = made
    expect(changed(onGpu, job.background).count).toBeGreaterThan(20 * 24)
    const off = onGpu.data.map((value, at) => Math.abs(value - onCpu.data[at]))
    expect(Math.max(...off)).toBeLessThanOrEqual(1)
    expect(off.filter((one) => one > 0).length / off.length).toBeLessThan(0.01)
  })

  it('gives what was sampled of several when it is stopped, unless it is told so once more', async () => {
    const job = jobOf({ others: ['8', '9'] })
    const whole = await place(job)
    const stopAt = async (step: number, again: boolean) => {
      const [stop, now] = [new AbortController(), new AbortController()]
      const stages: string[] = []
      const hear = (event: Progress): void => {
        if (event.kind === 'step' && event.step === step) stop.abort()
        if (event.kind === 'stage') stages.push(event.stage)
        if (again && event.kind === 'stage' && event.stage === 'finishing') now.abort()
      }
      const { variations } = await place(job, {}, stop.signal, hear, now.signal)
      return { variations, stages: new Set(stages) }
    }
    // Each has two steps: the third is the second picture's first.
    const two = await stopAt(3, false)
    expect(two.variations).toEqual(whole.variations.slice(0, 1))
    expect([...two.stages]).toEqual(expect.arrayContaining(['finishing']))
    expect(two.stages.has('decode')).toBe(false)
    expect((await stopAt(6, false)).variations).toEqual(whole.variations)
    for (const [step, again] of [
      [1, false],
      [3, true],
    ] as const)
      await expect(stopAt(step, again)).rejects.toMatchObject({ name: 'AbortError' })
    expect(backend?.memory().residentBytes).toBe(0)
  })

  it('stops where it is told to, says what is missing, and gives everything back', async () => {
    for (const kind of ['stage', 'step'] as const) {
      const abort = new AbortController()
      const run = place(jobOf(), {}, abort.signal, (event) => void (event.kind === kind && abort.abort()))
      await expect(run).rejects.toMatchObject({ name: 'AbortError' })
      expect(backend?.memory().residentBytes).toBe(0)
    }
    const missing = await place(jobOf(), { encoder: null }).catch((error: unknown) => error)
    expect(missing instanceof InlayError && missing.problem.code).toBe('missing-asset')
  })
})
