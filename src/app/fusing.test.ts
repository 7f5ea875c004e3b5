import { describe, expect, it } from 'vitest'

import type { EngineClient } from '@/app/engine'
import { createFusing } from '@/app/fusing'
import { readParameters } from '@/app/parameters'
import type { Problem } from '@/base/errors'
import { emptyDocument } from '@/schema/document'
import { createDocumentStore } from '@/document/store'
import { createModelsStore } from '@/ui/stores/models'
import { createRunStore } from '@/ui/stores/run'
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
