import { describe, expect, it, vi } from 'vitest'

import type { AppMode } from '@/app/mode'
import type { FinishedRun } from '@/app/finishedRun'
import type { Importing } from '@/app/importing'
import type { Library } from '@/app/library'
import type { Pixels } from '@/app/pixels/client'
import { createResults } from '@/app/results'
import { acceptResult, setMode } from '@/document/commands'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import type { PlaceRecipe } from '@/schema/modes/place'
import { createRunStore } from '@/ui/stores/run'
import { createShelfStore } from '@/ui/stores/shelf'
import { createToastStore } from '@/ui/stores/toasts'
import { createViewStore } from '@/ui/stores/view'

const recipe = { mode: 'place', seed: 7, foregrounds: [] } as unknown as PlaceRecipe
const assetOf = (hash: string) => ({ hash: hash.padEnd(64, '0'), name: hash, width: 4, height: 3 })

/** A studio whose worker counts who has claimed which pixels, and what can be drawn. */
function studio() {
  const document = createDocumentStore(emptyDocument('test'))
  const [run, toasts, shelf, view] = [
    createRunStore(),
    createToastStore(),
    createShelfStore(),
    createViewStore(),
  ]
  const claims = new Map<string, number>()
  const drawn = new Set<string>()
  const claim = (hash: string, by: number) => void claims.set(hash, (claims.get(hash) ?? 0) + by)
  let stored = 0
  const pixels = {
    addResult: () =>
      Promise.resolve({
        ok: true,
        value: { id: `result ${++stored}`, time: 0, recipe, thumbnail: new Blob() },
      }),
    listResults: () =>
      Promise.resolve({
        ok: true,
        value: {
          results: [{ id: 'result 1', time: 0, recipe, thumbnail: new Blob() }],
          ...{ next: null, broken: 0 },
        },
      }),
    // The file of a result is the picture that was made first.
    resultFile: () => Promise.resolve({ ok: true, value: new Blob() }),
    importFile() {
      claim(assetOf('a').hash, 1)
      return Promise.resolve({ ok: true, value: { picture: { asset: assetOf('a') } } })
    },
    forget(hash: string) {
      claim(hash, -1)
      return Promise.resolve({ ok: true, value: null })
    },
  } as unknown as Pixels
  const library = {
    add: ({ asset }: { asset: { hash: string } }) => drawn.add(asset.hash),
    forget: (hash: string) => drawn.delete(hash),
  } as unknown as Library
  const left: string[] = []
  const onMade = vi.fn()
  const mode = {
    dividerFor: () => 0.5,
    madeOf: () => [],
    makeRoom: () => Promise.resolve(true),
    settle: () => Promise.resolve(left.push(`settle ${run.getState().staged?.asset.name}`)),
    accept: () => left.push('accept'),
  }
  const results = createResults({
    ...{ document, run, toasts, shelf, view, pixels, library },
    importing: {} as Importing,
    appModeOf: () => mode as unknown as AppMode,
    onMade,
  })
  /** What a fuse hands over. */
  const made = (hash: string): FinishedRun => {
    const asset = assetOf(hash)
    claim(asset.hash, 1)
    drawn.add(asset.hash)
    return {
      asset,
      recipe,
      documentId: 'test',
      foregroundIds: [],
      stats: {} as never,
      report: null as never,
      pixels: null,
    }
  }
  const held = () => [...claims.values()].reduce((sum, one) => sum + one, 0)
  return { document, run, shelf, results, made, held, drawn, left, onMade }
}

describe('the pixels of a result', () => {
  it('are given back when it leaves the canvas, however often it was clicked', async () => {
    const { run, results, made, held, drawn } = studio()
    await results.onResult(made('a'), () => true)
    for (let click = 0; click < 3; click++) await results.stage('result 1')
    expect(run.getState().staged?.asset.hash).toBe(assetOf('a').hash)
    expect([held(), drawn.size]).toEqual([1, 1])
    results.discard()
    expect([held(), drawn.size]).toEqual([0, 0])
  })

  it('are given back at once where it is only kept, or somebody has turned to another mode', async () => {
    const { document, run, shelf, results, made, held, drawn } = studio()
    await results.keep(made('a'))
    expect([held(), drawn.size]).toEqual([0, 0])
    setMode(document, 'align')
    await results.onResult(made('b'), () => true)
    await results.stage('result 1')
    expect(run.getState().staged).toBeNull()
    expect([held(), drawn.size]).toEqual([0, 0])
    expect(shelf.getState().results).toHaveLength(2)
  })

  it('of one that is a layer are the document’s, whether it is shown again or not', async () => {
    const { document, results, made, held, drawn } = studio()
    await results.onResult(made('a'), () => true)
    acceptResult(document, { asset: assetOf('a'), recipe, foregroundIds: [] })
    results.discard()
    expect([held(), drawn.size]).toEqual([1, 1])
    await results.stage('result 1')
    results.discard()
    await results.keep(made('a'))
    expect([held(), drawn.size]).toEqual([1, 1])
  })
})

describe('the list', () => {
  it('says what was made here; what was taken in was not', async () => {
    const { results, made, onMade } = studio()
    await results.onResult(made('a'), () => true)
    await results.keep(made('b'))
    expect(onMade).toHaveBeenCalledTimes(2)
    results.list([{ id: 'taken', time: 1, recipe, thumbnail: new Blob(), bytes: 1, starred: false }])
    expect(onMade).toHaveBeenCalledTimes(2)
  })

  it('lets one that is deleted be shown as long as it can come back, and never lists it twice', async () => {
    const { run, shelf, results, made } = studio()
    await results.onResult(made('a'), () => true)
    shelf.setState(({ results: listed }) => ({ results: [], deleted: listed }))
    expect(run.getState().staged?.resultId).toBe('result 1')
    results.discard()
    await results.stage('result 1')
    expect(run.getState().staged?.resultId).toBe('result 1')
    // It is still on its way out of storage.
    await results.load()
    expect(shelf.getState().results).toEqual([])
    results.drop(['result 1'])
    expect([shelf.getState().deleted, run.getState().staged?.resultId]).toEqual([[], null])
  })

  it('has one again that came back with a project, and Undo no longer', async () => {
    const { shelf, results, made } = studio()
    await results.onResult(made('a'), () => true)
    shelf.setState(({ results: listed }) => ({ results: [], deleted: listed }))
    results.list([{ id: 'result 1', time: 1, recipe, thumbnail: new Blob(), bytes: 1, starred: false }])
    expect(shelf.getState()).toMatchObject({ results: [{ id: 'result 1' }], deleted: [] })
  })
})

describe('what is being done to a staged result', () => {
  it('ends before another takes its place, and before it is accepted', async () => {
    const { results, made, left } = studio()
    await results.onResult(made('b'), () => true)
    await results.stage('result 1')
    await results.accept()
    expect(left).toEqual(['settle b', 'settle a', 'accept'])
  })
})
