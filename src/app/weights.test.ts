import { describe, expect, it } from 'vitest'

import type { EngineClient } from '@/engine/client'
import type { ModelsClient } from '@/app/models'
import { createWeights } from '@/app/weights'
import type { Problem } from '@/base/errors'
import { createModelsStore, type ImportSource } from '@/ui/stores/models'
import { createToastStore } from '@/ui/stores/toasts'
import type { ImportEvent, ImportRequest, InstalledModel } from '@/worker/protocol'

const broken: Problem = { code: 'hash-mismatch', message: 'A shard is damaged.', hint: 'Import it again.' }

const installed = (name: string): InstalledModel => ({
  id: name,
  family: 'vae',
  name,
  hash: name,
  bytes: 1,
  precision: 'f16',
  licence: '',
  importedAt: 1,
  files: [],
  parameters: 1,
  role: null,
  tokenizerOf: null,
  problem: null,
})

const address = (file: string): ImportSource => ({ kind: 'address', url: `https://x/${file}`, sha256: null })
const choice = (name: string) => ({ name, precision: 'q4' as const, role: null })

/** A librarian whose imports end when the test says so. */
function setUp() {
  const begun: { request: ImportRequest; send(event: ImportEvent): void }[] = []
  const cancelled: string[] = []
  const no = () => Promise.resolve({ ok: false as const, problem: broken })
  const client: ModelsClient = {
    list: () => Promise.resolve({ ok: true, value: [] }),
    inspect: no,
    importModel: (request, send) => void begun.push({ request, send }),
    cancelImport: (id) => void cancelled.push(id),
    verify: no,
    rename: no,
    remove: no,
    files: no,
    texts: () => Promise.resolve({ ok: true as const, value: [] }),
    exportTexts: () => Promise.resolve({ ok: true as const, value: new Blob() }),
    importTexts: () => Promise.resolve({ ok: true as const, value: 0 }),
    clearUnfinished: () => Promise.resolve({ ok: true, value: 2e9 }),
  }
  const models = createModelsStore()
  const engine = { probe: no } as unknown as EngineClient
  const weights = createWeights({ models, client, engine, toasts: createToastStore() })
  const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
  return { models, weights, begun, cancelled, settle }
}

const half: ImportEvent = {
  kind: 'progress',
  stage: 'convert',
  doneBytes: 5,
  totalBytes: 10,
  secondsLeft: 2,
}

describe('imports', () => {
  it('run one after the other and become installed models', async () => {
    const { models, weights, begun, settle } = setUp()
    weights.startImport(address('a'), choice('A'))
    weights.startImport(address('b'), choice('B'))
    await settle()
    expect(begun.map(({ request }) => request.name)).toEqual(['A'])
    begun[0].send(half)
    expect(models.getState().tasks[0].state).toMatchObject({
      kind: 'running',
      stage: 'convert',
      doneBytes: 5,
    })
    begun[0].send({ kind: 'done', model: installed('A') })
    await settle()
    expect(begun.map(({ request }) => request.name)).toEqual(['A', 'B'])
    expect(models.getState().tasks.map((task) => task.choice.name)).toEqual(['B'])
    expect(models.getState().installed.map(({ name }) => name)).toEqual(['A'])
    expect(models.getState().unfinished).toEqual([])
  })

  it('that fail or are stopped keep what they need to go on', async () => {
    const { models, weights, begun, cancelled, settle } = setUp()
    weights.startImport(address('a'), choice('A'))
    await settle()
    begun[0].send(half)
    const [{ id }] = models.getState().tasks
    weights.stopImport(id)
    expect(cancelled).toEqual([id])
    expect(models.getState().tasks[0].state).toMatchObject({ kind: 'running', stopping: true })
    begun[0].send({ kind: 'cancelled' })
    expect(models.getState().tasks[0].state).toEqual({ kind: 'stopped', doneBytes: 5, totalBytes: 10 })
    expect(models.getState().unfinished).toMatchObject([{ url: 'https://x/a', doneBytes: 5 }])
    weights.resumeImport(id)
    await settle()
    begun[1].send({ kind: 'failed', problem: broken })
    expect(models.getState().tasks[0].state).toEqual({ kind: 'failed', problem: broken })
    weights.resumeImport(id)
    await settle()
    expect(begun.map(({ request }) => request.id)).toEqual([id, id, id])
    begun[2].send({ kind: 'done', model: installed('A') })
    expect(models.getState()).toMatchObject({ tasks: [], unfinished: [] })
  })

  it('that are stopped while they wait never begin', async () => {
    const { models, weights, begun, settle } = setUp()
    weights.startImport(address('a'), choice('A'))
    weights.startImport(address('b'), choice('B'))
    await settle()
    weights.stopImport(models.getState().tasks[1].id)
    begun[0].send({ kind: 'done', model: installed('A') })
    await settle()
    expect(begun).toHaveLength(1)
    expect(models.getState().tasks[0].state.kind).toBe('stopped')
  })

  it('of an earlier session go on from their address', async () => {
    const { models, weights, begun, settle } = setUp()
    const entry = {
      url: 'https://x/a',
      sha256: null,
      files: [],
      choice: choice('A'),
      doneBytes: 1,
      totalBytes: 2,
    }
    models.setState({
      unfinished: [
        { id: 'old', ...entry },
        { id: 'dropped', ...entry, url: null, files: ['a.st'] },
      ],
    })
    weights.resumeUnfinished('dropped')
    weights.resumeUnfinished('old')
    await settle()
    expect(begun.map(({ request }) => request.source)).toEqual([
      { kind: 'address', url: 'https://x/a', sha256: null },
    ])
    expect(models.getState().unfinished.map(({ id }) => id)).toEqual(['dropped'])
    await weights.clearUnfinished()
    expect(models.getState().unfinished).toEqual([])
  })
})

it('what goes wrong with an installed pack is told beside it', async () => {
  const { models, weights } = setUp()
  models.setState({ installed: [installed('A')] })
  await weights.verify('A')
  expect(models.getState().work).toEqual({ A: { kind: 'failed', problem: broken } })
  await weights.remove('A')
  expect(models.getState().installed).toHaveLength(1)
  await weights.probe()
  expect(models.getState().probing).toEqual({ kind: 'failed', problem: broken })
})
