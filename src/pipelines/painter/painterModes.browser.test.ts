/** Mix and Compose on the built-in model: a tiny one of random numbers, from pictures to a picture. */
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createBackend } from '@/backend/create'
import type { Backend } from '@/backend/types'
import { composeMode } from '@/pipelines/compose/mode'
import { mixMode } from '@/pipelines/mix/mode'
import { mixtures } from '@/pipelines/mix/trials'
import type { TriedMixture } from '@/pipelines/mix/report'
import type { Painter2 } from '@/pipelines/painter/painter2'
import type { RunContext } from '@/pipelines/shared/engineMode'
import type { Progress } from '@/pipelines/shared/report'
import { testPicture } from '@/pipelines/shared/testPacks'
import { defaultCompose, type ComposeRecipe } from '@/schema/modes/compose'
import { defaultMixSettings, type MixRecipe } from '@/schema/modes/mix'
import { openPack } from '@/weights/packs/pack'

const folder = new URL('/src/pipelines/fixtures/painter2-tiny/', location.href).href
const model = { name: 'tiny', hash: 'tiny', parts: [] }
const asset = { hash: 'a'.repeat(64), name: 'a', width: 60, height: 50 }

const MIX: MixRecipe = {
  schema: 2,
  mode: 'mix',
  model,
  objects: ['red owl', 'a'].map((label) => ({ asset, label })),
  prompt: '',
  seed: '5',
  point: { shares: [0.5, 0.5], strengths: [1, 1], round: 0 },
  mix: { ...defaultMixSettings(), steps: 3 },
  search: null,
}
const COMPOSE: ComposeRecipe = {
  schema: 2,
  mode: 'compose',
  model,
  references: [1, 2].map(() => ({ asset, role: 'subject', face: null })),
  prompt: 'a red owl [ref#2]',
  seed: '5',
  compose: { ...defaultCompose(), steps: 3 },
}
const pictures = [testPicture(60, 50, 1, true), testPicture(40, 70, 2)]

let backend: Backend
let painter: Painter2 | null = null
let events: Progress[]

/** What the engine offers, as far as a model that ships asks for it. */
function context(): RunContext {
  events = []
  const never = new AbortController().signal
  const offered: Partial<RunContext> = {
    backend,
    builtIn: (family) => openPack(folder, family),
    models: {
      always: async (_, open) => (painter ??= (await open()) as unknown as Painter2) as never,
      latest: (_, open) => open(),
    },
    onProgress: (event) => void events.push(event),
    onLoading: () => undefined,
    signal: never,
    stopNow: never,
  }
  return offered as RunContext
}

/** As after a start of the engine: what is remembered goes by the model. */
function forget(): void {
  painter?.dispose()
  painter = null
}

const steps = () => events.flatMap((event) => (event.kind === 'step' ? [event.step] : []))

beforeAll(async () => {
  backend = (await createBackend('cpu', new URL('/ort/', location.href).href)).backend
}, 60_000)
afterAll(async () => {
  forget()
  await backend.dispose()
})

it('Mix makes pictures of its size, judged, the same each time', { timeout: 120_000 }, async () => {
  const made = await mixMode.run(context(), MIX, pictures)
  expect([made.image.width, made.image.height]).toEqual([128, 128])
  expect(new Set(made.image.data).size).toBeGreaterThan(50)
  // Two there, two back, three to make the picture.
  expect(steps()).toEqual([1, 2, 3, 4, 5, 6, 7])
  expect(made.report).toMatchObject({ tokens: 64, judgement: { range: { measured: true } } })
  expect(made.report.judgement?.likeness).toHaveLength(2)
  const seen = events.flatMap((event) =>
    event.kind === 'stage' && event.stage === 'pictures' ? [[event.done, event.total]] : [],
  )
  expect(seen).toEqual([
    [0, 2],
    [1, 2],
    [2, 2],
  ])
  forget()
  expect((await mixMode.run(context(), MIX, pictures)).image).toEqual(made.image)
  // Neither seed nor share nor objects are passed over.
  const other = { ...MIX, point: { ...MIX.point, shares: [0.1, 0.9] } }
  expect((await mixMode.run(context(), other, pictures)).image).not.toEqual(made.image)
  expect((await mixMode.run(context(), { ...MIX, seed: '6' }, pictures)).image).not.toEqual(made.image)
  const objects = MIX.objects.map((object) => ({ ...object, asset: { ...asset, hash: 'b'.repeat(64) } }))
  const others = [testPicture(60, 50, 5), testPicture(40, 70, 7)]
  expect((await mixMode.run(context(), { ...MIX, objects }, others)).image).not.toEqual(made.image)

  const drafts: TriedMixture[] = []
  const wanted = { kind: 'search', rounds: 1 } as const
  await mixtures(context(), { recipe: MIX, wanted, known: [] }, pictures, (draft) => drafts.push(draft))
  expect(drafts.length).toBeGreaterThan(5)
  expect(drafts.every(({ judgement }) => judgement !== null)).toBe(true)
})

it('Compose looks at its references, and says who listened to what', { timeout: 120_000 }, async () => {
  const made = await composeMode.run(context(), COMPOSE, pictures)
  expect([made.image.width, made.image.height]).toEqual([128, 128])
  expect(steps()).toEqual([1, 2, 3])
  expect(made.report).toMatchObject({ rows: 8, columns: 8 })
  expect(made.report?.references.map(({ length }) => length)).toEqual([64, 64])
  forget()
  expect((await composeMode.run(context(), COMPOSE, pictures)).image).toEqual(made.image)
  const swapped = await composeMode.run(context(), COMPOSE, pictures.toReversed())
  expect(swapped.image).not.toEqual(made.image)
  expect(await composeMode.reading(context(), { ...COMPOSE, prompt: 'a '.repeat(20) })).toEqual({
    of: 'prompt',
    unread: 6,
    taken: { count: 20, most: 14, unit: 'words' },
  })
  expect((await composeMode.reading(context(), COMPOSE)).unread).toBe(0)
})
