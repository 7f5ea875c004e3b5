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
) {
  backend ??= (await createBackend('cpu', new URL('/ort/', location.href).href)).backend
  return placeKlein(new KleinModels(backend, tinyKlein(change)), job, null, onProgress, signal)
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
    const { variations } = await place(job, {}, never, (event) => {
      if (event.kind === 'step') steps.push(`${event.step} of ${event.steps}, ${event.preview?.image.width}`)
    })
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
