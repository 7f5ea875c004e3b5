import { expect, it, vi } from 'vitest'

import { createCutouts } from '@/app/cutouts'
import { blankRaster } from '@/assets/raster'
import { createRunStore } from '@/ui/stores/run'
import type { ExtraEvent, ExtraJob } from '@/worker/protocol'

const MASK = { width: 1, height: 1, values: Uint8Array.of(200) }
const BROKEN = {
  code: 'hash-mismatch',
  message: 'The model is damaged.',
  hint: 'Load the page again.',
} as const

function cutouts() {
  const run = createRunStore()
  const jobs: { job: ExtraJob<'cutout'>; tell: (event: ExtraEvent<'cutout'>) => void }[] = []
  const cancel = vi.fn()
  const service = createCutouts({
    pixels: {
      cutoutOpen: () => Promise.resolve({ ok: true, value: { image: blankRaster(4, 4), scale: 1 } }),
      cutoutPreview: () => Promise.reject(new Error('not asked')),
      cutoutApply: () => Promise.reject(new Error('not asked')),
      cutoutPort: () => new MessageChannel().port1,
      forget: () => Promise.resolve({ ok: true, value: null }),
    },
    library: { add: () => undefined as never },
    engine: {
      extra: ((job: ExtraJob<'cutout'>, tell: (event: ExtraEvent<'cutout'>) => void) =>
        jobs.push({ job, tell })) as never,
      cancel,
    },
    run,
  })
  const ready = () => run.setState({ engine: { kind: 'ready', info: {} as never } })
  return { run, jobs, cancel, service, ready }
}

const never = () => new AbortController().signal
const soon = () => new Promise((resolve) => setTimeout(resolve))

it('waits for the engine, asks it once per picture, and again what failed', async () => {
  const { jobs, service, ready } = cutouts()
  const first = service.find('a', never())
  await soon()
  expect(jobs).toEqual([])
  ready()
  await soon()
  jobs[0].tell({ kind: 'failed', problem: BROKEN })
  expect(await first).toEqual({ ok: false, problem: BROKEN })
  const second = service.find('a', never())
  await soon()
  jobs[1].tell({ kind: 'item', item: MASK })
  expect(await second).toEqual({ ok: true, value: MASK })
  expect(await service.find('a', never())).toEqual({ ok: true, value: MASK })
  expect(jobs.length).toBe(2)
})

it('says so when the engine cannot start, and when somebody stops it, waiting or at work', async () => {
  const { run, jobs, cancel, service, ready } = cutouts()
  const stop = new AbortController()
  const waiting = service.find('a', stop.signal)
  await soon()
  stop.abort()
  expect(await waiting).toMatchObject({ ok: false, problem: { code: 'cancelled' } })

  ready()
  const stopLater = new AbortController()
  const working = service.find('a', stopLater.signal)
  await soon()
  stopLater.abort()
  expect(cancel).toHaveBeenCalledWith(jobs[0].job.id)
  jobs[0].tell({ kind: 'cancelled' })
  expect(await working).toMatchObject({ ok: false, problem: { code: 'cancelled' } })

  run.setState({ engine: { kind: 'failed', problem: BROKEN } })
  expect(await service.find('a', never())).toEqual({ ok: false, problem: BROKEN })
})
