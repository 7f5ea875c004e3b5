import { describe, expect, it } from 'vitest'

import type { FinishedRun } from '@/app/finishedRun'
import { createFuses } from '@/app/fuses'
import type { AppMode } from '@/app/mode'
import { leaves, shows } from '@/app/place/awaited'
import { createRunning } from '@/app/running'
import type { ErrorCode } from '@/base/errors'
import {
  addForeground,
  moveLayer,
  replaceDocument,
  setBackground,
  setSetting,
  setStands,
} from '@/document/commands'
import { setBlend, setOpacity } from '@/document/layerCommands'
import { setMask } from '@/document/place/masks'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import type { Recipe } from '@/schema/recipe'
import { createModelsStore } from '@/ui/stores/models'
import { createQueueStore } from '@/ui/stores/queue'
import { createRunStore } from '@/ui/stores/run'
import { createToastStore } from '@/ui/stores/toasts'
import type { EngineInfo } from '@/worker/protocol'

const asset = { hash: 'a'.repeat(64), name: 'a.png', width: 64, height: 64 }
const turn = () => new Promise((resolve) => setTimeout(resolve))
const READY = { builtIn: {}, lacking: [] } as unknown as EngineInfo

/** Place with a ball on a photo, on an engine that makes a picture when it is told to. */
function studio(mode: Partial<AppMode> = {}) {
  const document = createDocumentStore(emptyDocument('d'))
  setBackground(document, asset)
  const ball = addForeground(document, { ...asset, hash: 'b'.repeat(64), name: 'ball.png' })
  const [run, toasts, queue] = [createRunStore(), createToastStore(), createQueueStore()]
  run.setState({ engine: { kind: 'ready', info: READY } })
  const running = createRunning({ run, toasts, restart: () => undefined })
  const kept: { recipe: Recipe; documentId: string; shown: boolean }[] = []
  const recipes: Recipe[] = []
  /** Seeds of the documents whose prompts were listed. */
  const asked: string[] = []
  let make: (how: 'done' | ErrorCode) => void = () => undefined
  const fuses = createFuses({
    ...{ document, run, toasts, queue, running },
    models: createModelsStore(),
    fusing: {
      ready: () => Promise.resolve(),
      async runRecipe(_jobId: string, recipe: Recipe, { documentId }: { documentId: string }) {
        recipes.push(recipe)
        const how = await new Promise<'done' | ErrorCode>((resolve) => (make = resolve))
        if (how === 'done') return { recipe, documentId, asset } as FinishedRun
        running.failed({ code: how, message: 'It failed.', hint: '' }, () => undefined)
        return null
      },
    },
    results: {
      onResult({ recipe, documentId }: FinishedRun, isWanted: () => boolean) {
        kept.push({ recipe, documentId, shown: isWanted() })
        return Promise.resolve(`result ${kept.length}`)
      },
    },
    onAsked: (doc: FusionDocument) => void asked.push(doc.settings.seed),
    appModeOf: () => ({ targetsOf: () => [ball], ...mode }),
    onSeveral: (ids: readonly string[]) => ({ label: `Look at ${ids.join()}`, run: () => undefined }),
  } as unknown as Parameters<typeof createFuses>[0])
  const made = async (how: 'done' | ErrorCode = 'done') => {
    make(how)
    await turn()
  }
  const press = async (seed?: string) => {
    if (seed !== undefined) setSetting(document, 'seed', seed)
    void fuses.fuse()
    await turn()
  }
  const notes = () => toasts.getState().toasts.map(({ message }) => message)
  const stop = () =>
    run.setState(({ run: now }) => (now.kind === 'running' ? { run: { ...now, stopping: true } } : {}))
  return { document, ball, run, queue, toasts, fuses, kept, recipes, asked, made, press, notes, stop }
}

/** What Place itself says of what its picture was made of. */
const PLACE: Partial<AppMode> = {
  shows: (recipe, doc) => recipe.mode === 'place' && shows(recipe, doc),
  leaves: (recipe, now, before) => recipe.mode === 'place' && leaves(recipe, now, before),
}

function boxOf({ layers: [layer] }: FusionDocument) {
  if (layer.kind !== 'foreground') throw new Error('no foreground')
  return layer.box
}

const seedsOf = (recipes: readonly Recipe[]) =>
  recipes.map((recipe) => (recipe.mode === 'place' ? recipe.seed : '')).join(' ')

describe('Fuse', () => {
  it('makes what the document said when it was pressed, and shows the last alone', async () => {
    const { press, made, recipes, asked, kept, queue, run } = studio()
    for (const seed of ['1', '2', '3']) await press(seed)
    expect(queue.getState().waiting).toHaveLength(2)
    expect(asked.join(' ')).toBe('1 2 3')
    for (let one = 0; one < 3; one++) await made()
    expect(seedsOf(recipes)).toBe('1 2 3')
    expect(kept.map(({ shown }) => shown)).toEqual([false, false, true])
    expect(run.getState().run.kind).toBe('idle')
  })

  it('is pressed twice for two pictures only where they differ', async () => {
    const { press, queue, notes } = studio()
    await press('1')
    await press('1')
    expect(queue.getState().waiting).toHaveLength(0)
    expect(notes()).toEqual([
      'This very picture is being made, or waits in the queue: change something first.',
    ])
  })

  it('shows what it made before the queue pauses', async () => {
    const { press, made, kept, fuses } = studio()
    await press('1')
    await press('2')
    fuses.queue.pause()
    await made()
    expect(kept.map(({ shown }) => shown)).toEqual([true])
  })

  it('keeps its picture in its own document where another has been opened, and shows it nowhere', async () => {
    const { document, press, made, kept, notes, run } = studio()
    const own = document.getState().document
    await press('1')
    await press('2')
    replaceDocument(document, { ...emptyDocument('other'), background: asset })
    expect(run.getState().run).toMatchObject({ kind: 'running', here: false })
    await made()
    await made()
    expect(kept.map(({ documentId, shown }) => [documentId, shown])).toEqual([
      [own.id, false],
      [own.id, false],
    ])
    expect(notes()).toEqual(['A picture of another document is done. It is among the results.'])
  })

  it('is shown over its own document that was left and opened again meanwhile, light set by hand and all', async () => {
    const { document, press, made, kept, run } = studio(PLACE)
    document.actions.apply('Light', ({ scene }) => {
      scene.source = 'hand'
      scene.masks = { front: asset, ground: null }
    })
    await press('1')
    const left = document.getState().document
    replaceDocument(document, emptyDocument('other'))
    replaceDocument(document, structuredClone(left))
    expect(run.getState().run).toMatchObject({ kind: 'running', here: true })
    await made()
    expect(kept.map(({ shown }) => shown)).toEqual([true])
  })

  it.each<[string, (store: DocumentStore, ball: string) => void]>([
    ['was moved', (store, ball) => moveLayer(store, ball, { ...boxOf(store.getState().document), x: 5 })],
    ['shines through', (store, ball) => setOpacity(store, ball, 0.5)],
    ['is blended', (store, ball) => setBlend(store, ball, 'multiply')],
    ['is masked', (store, ball) => setMask(store, 'Paint', `layer:${ball}`, asset)],
    ['hangs', (store, ball) => setStands(store, ball, false)],
    [
      'has less of a shadow',
      (store) => store.actions.apply('Less', (draft) => void (draft.scene.amounts.shadow = 0.2)),
    ],
  ])('does not cover what by now %s, until that is undone', async (_, change) => {
    const { document, ball, press, made, kept, notes, run } = studio(PLACE)
    await press('1')
    change(document, ball)
    document.actions.undo()
    expect(run.getState().run).toMatchObject({ here: true })
    document.actions.redo()
    expect(run.getState().run).toMatchObject({ here: false })
    await made()
    expect(kept.map(({ shown }) => shown)).toEqual([false])
    expect(notes()[0]).toMatch(/what is open is not as it was/)
  })

  it('goes on after a failure, and pauses after one that all would have', async () => {
    const { press, made, recipes, queue, notes } = studio()
    for (const seed of ['1', '2', '3']) await press(seed)
    await made('bad-image')
    expect(seedsOf(recipes)).toBe('1 2')
    await made('out-of-memory')
    expect(seedsOf(recipes)).toBe('1 2')
    expect(queue.getState().paused).toBe(true)
    expect(notes()).toContain('The queue pauses: what waits may fail, too.')
  })

  it('makes one picture of each variant, and offers them side by side', async () => {
    const { document, fuses, made, recipes, kept, toasts } = studio()
    const { document: doc } = document.getState()
    const variants = ['5', '6'].map((seed) => ({
      doc: { ...doc, settings: { ...doc.settings, seed } },
      title: `Seed ${seed}`,
      thumbnail: null,
    }))
    const all = fuses.fuseAll(variants)
    await turn()
    await made()
    await made()
    await all
    expect(seedsOf(recipes)).toBe('5 6')
    expect(kept.map(({ shown }) => shown)).toEqual([false, false])
    expect(document.getState().document).toBe(doc)
    expect(toasts.getState().toasts.at(-1)).toMatchObject({
      message: '2 of 2 pictures are done.',
      action: { label: 'Look at result 1,result 2' },
    })
  })

  it.each([
    [undefined, 'ends at once', 'Stopped. Nothing was changed.'],
    ['Drafts stay.', 'ends once what stays of it is written', 'Drafts stay.'],
  ])('stopped before it has begun (%s) %s', async (stopped, _, note) => {
    let written: () => void = () => undefined
    const prepare = (doc: FusionDocument) =>
      new Promise<FusionDocument>((resolve) => (written = () => resolve(doc)))
    const { press, stop, notes, run } = studio({
      prepare,
      ...(stopped === undefined ? {} : { stopped: () => stopped }),
    })
    await press()
    stop()
    await turn()
    expect(notes()).toEqual(stopped === undefined ? [note] : [])
    expect(run.getState().run.kind).toBe(stopped === undefined ? 'idle' : 'running')
    written()
    await turn()
    expect(notes()).toEqual([note])
    expect(run.getState().run.kind).toBe('idle')
  })
})
