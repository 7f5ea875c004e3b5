import { expect, it, vi } from 'vitest'

import { createCutouts } from '@/app/cutouts'
import { blankRaster } from '@/assets/raster'
import { createModelsStore } from '@/ui/stores/models'
import { createRunStore } from '@/ui/stores/run'
import type { ExtraEvent, ExtraJob, InstalledModel } from '@/worker/protocol'

const MASK = { width: 1, height: 1, values: Uint8Array.of(200) }
const BROKEN = {
  code: 'hash-mismatch',
  message: 'The model is damaged.',
  hint: 'Load the page again.',
} as const

function cutouts() {
  const run = createRunStore()
  const models = createModelsStore()
  const jobs: { job: ExtraJob<'cutout'>; tell: (event: ExtraEvent<'cutout'>) => void }[] = []
  const cancel = vi.fn()
  const service = createCutouts({
    pixels: {
      cutoutOpen: () => Promise.resolve({ ok: true, value: { image: blankRaster(4, 4), scale: 1 } }),
      cutoutPreview: () => Promise.reject(new Error('not asked')),
      cutoutApply: () => Promise.reject(new Error('not asked')),
      progressPort: () => new MessageChannel().port1,
      forget: () => Promise.resolve({ ok: true, value: null }),
    },
    library: { add: () => undefined as never },
    engine: {
      extra: ((job: ExtraJob<'cutout'>, tell: (event: ExtraEvent<'cutout'>) => void) =>
        jobs.push({ job, tell })) as never,
      cancel,
    },
    run,
    models,
  })
  const ready = () => run.setState({ engine: { kind: 'ready', info: {} as never } })
  return { run, models, jobs, cancel, service, ready }
}

const never = () => new AbortController().signal
const soon = () => new Promise((resolve) => setTimeout(resolve))

it('waits for the engine, asks it once per picture, and again what failed', async () => {
  const { jobs, service, ready } = cutouts()
  const first = service.find('a', null, never())
  await soon()
  expect(jobs).toEqual([])
  ready()
  await soon()
  jobs[0].tell({ kind: 'failed', problem: BROKEN })
  expect(await first).toEqual({ ok: false, problem: BROKEN })
  const second = service.find('a', null, never())
  await soon()
  jobs[1].tell({ kind: 'item', item: MASK })
  expect(await second).toEqual({ ok: true, value: MASK })
  expect(await service.find('a', null, never())).toEqual({ ok: true, value: MASK })
  expect(jobs.length).toBe(2)
})

it('says so when the engine cannot start, and when somebody stops it, waiting or at work', async () => {
  const { run, jobs, cancel, service, ready } = cutouts()
  const stop = new AbortController()
  const waiting = service.find('a', null, stop.signal)
  await soon()
  stop.abort()
  expect(await waiting).toMatchObject({ ok: false, problem: { code: 'cancelled' } })

  ready()
  const stopLater = new AbortController()
  const working = service.find('a', null, stopLater.signal)
  await soon()
  stopLater.abort()
  expect(cancel).toHaveBeenCalledWith(jobs[0].job.id)
  jobs[0].tell({ kind: 'cancelled' })
  expect(await working).toMatchObject({ ok: false, problem: { code: 'cancelled' } })

  run.setState({ engine: { kind: 'failed', problem: BROKEN } })
  expect(await service.find('a', null, never())).toEqual({ ok: false, problem: BROKEN })
})

it('asks each network by itself: a pack by its hash, the built-in one where the pack is gone', async () => {
  const { models, jobs, service, ready } = cutouts()
  ready()
  const pack = { id: 'p', family: 'matting', name: 'u2netp', hash: 'ff', problem: null } as InstalledModel
  models.setState({ installed: [pack] })
  const asked = async (cutter: string | null) => {
    const before = jobs.length
    const found = service.find('a', cutter, never())
    await soon()
    jobs.slice(before).forEach(({ tell }) => tell({ kind: 'item', item: MASK }))
    await found
    return jobs.slice(before).map(({ job }) => job.recipe.model?.hash ?? null)
  }
  expect(await asked('p')).toEqual(['ff'])
  expect(await asked(null)).toEqual([null])
  expect(await asked('p')).toEqual([])
  models.setState({ installed: [{ ...pack, hash: 'ee' }] })
  expect(await asked('p')).toEqual(['ee'])
  models.setState({ installed: [] })
  expect(await asked('p')).toEqual([])
})
