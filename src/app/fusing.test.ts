import { describe, expect, it } from 'vitest'

import type { EngineClient } from '@/engine/client'
import { createFusing, type Fusing } from '@/app/fusing'
import { readParameters } from '@/app/parameters'
import { createRunning } from '@/app/running'
import type { Problem } from '@/base/errors'
import { placeRecipeOf } from '@/document/place/queries'
import { emptyDocument } from '@/schema/document'
import { createDocumentStore } from '@/document/store'
import { NO_MODEL } from '@/schema/modelRef'
import { createModelsStore } from '@/ui/stores/models'
import { createRunStore } from '@/ui/stores/run'
import { createToastStore } from '@/ui/stores/toasts'
import type { EngineInfo, Outcome, Probe } from '@/worker/protocol'

const probe: Probe = {
  backend: 'cpu',
  adapter: null,
  linearTflops: 0.1,
  attentionTflops: 0.1,
  diskGBps: 1,
  typical: [],
}
const problem: Problem = { code: 'internal', message: 'It did not start.', hint: '' }

/** An engine that answers starts with `answers`, one after the other. */
function setUp(answers: Outcome<Pick<EngineInfo, 'probe'>>[]) {
  const models = createModelsStore()
  const engine = { start: () => Promise.resolve(answers.shift()) } as unknown as EngineClient
  const fusing = createFusing({
    document: createDocumentStore(emptyDocument('d')),
    run: createRunStore(),
    models,
    engine,
    parameters: readParameters('', 'http://localhost/'),
  } as unknown as Parameters<typeof createFusing>[0])
  return { fusing, probing: () => models.getState().probing }
}

describe('starting the engine', () => {
  it('shows what was measured on the backend that has started, and nothing of another', async () => {
    const started = (measured: Probe | null) => ({ ok: true, value: { probe: measured } }) as const
    const { fusing, probing } = setUp([
      started(null),
      started(probe),
      started(null),
      started(probe),
      { ok: false, problem },
    ])
    const seen = []
    for (let i = 0; i < 5; i++) {
      await fusing.startEngine()
      seen.push(probing().kind)
    }
    expect(seen).toEqual(['none', 'done', 'none', 'done', 'none'])
  })
})

describe('a run that is stopped', () => {
  const asset = { hash: 'a'.repeat(64), name: 'a.png', width: 64, height: 64 }
  const kept = 'Stopped. The pictures that were finished are kept.'
  it.each([
    ['one picture, stopped after it was made', 0, false, false, 'Stopped.'],
    ['several, stopped after they were made', 2, false, false, kept],
    ['several, stopped while they were made', 2, true, false, kept],
    ['several, stopped once more after they were finished', 2, true, true, 'Stopped.'],
  ])('%s', async (_, count, wasStopped, again, note) => {
    const [run, toasts] = [createRunStore(), createToastStore()]
    const running = createRunning({ run, toasts, restart: () => undefined })
    const raster = { ...asset, channels: 4, data: new Uint8ClampedArray(64 * 64 * 4) }
    const report = { shapes: null, notes: [], others: Array.from({ length: count }, () => ({})) }
    const job = running.begin('fuse')
    const forgotten: string[] = []
    const fusing: Fusing = createFusing({
      ...{ run, toasts, running },
      models: createModelsStore(),
      library: { add: () => undefined },
      engine: {
        cancel: () => undefined,
        fuse(_: unknown, onEvent: (event: object) => void) {
          if (wasStopped) {
            fusing.stop()
            onEvent({ kind: 'stage', stage: 'finishing', done: 0, total: 1 })
          }
          onEvent({ kind: 'done', image: raster, report, stats: {}, ...(wasStopped ? { wasStopped } : {}) })
        },
      },
      pixels: {
        raster: () => Promise.resolve({ ok: true, value: raster }),
        forget: (hash: string) => forgotten.push(hash),
        importRaster() {
          if (!wasStopped || again) fusing.stop()
          return Promise.resolve({ ok: true, value: { asset, levels: [] } })
        },
      },
      appModeOf: () => ({ keepsPixels: false }),
    } as unknown as Parameters<typeof createFusing>[0])
    const doc = { ...emptyDocument('d'), background: asset }
    const words = { verb: 'Fusing', stopped: 'Stopped.', documentId: 'd', retry: () => undefined }
    const done = await fusing.runRecipe(job, placeRecipeOf(doc, NO_MODEL), words)
    expect(toasts.getState().toasts.map(({ message }) => message)).toEqual([note])
    expect(done !== null).toBe(note === kept)
    expect(forgotten).toEqual(note === kept ? [] : [asset.hash])
  })
})
