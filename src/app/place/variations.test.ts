import { describe, expect, it, vi } from 'vitest'

import { createVariations } from '@/app/place/variations'
import { setLightSource, setScene } from '@/document/place/commands'
import { placeRecipeOf } from '@/document/place/queries'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { NO_MODEL } from '@/schema/modelRef'
import { defaultPlaceScene, type PhotoScene } from '@/schema/modes/place'
import { createRunStore, type StagedResult } from '@/ui/stores/run'
import type { Outcome } from '@/worker/protocol'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: digit, width: 40, height: 30 })

/** A reading that names the seed it was made with. */
function readingAt(seed: string): PhotoScene {
  const { camera, lights, ground } = defaultPlaceScene()
  return { camera, ground, lights: [{ ...lights[0], azimuthDegrees: Number(seed) }] }
}

const settle = () => new Promise((done) => setTimeout(done, 5))

/** A document that follows its photo at seed 7, and a Fuse that stages the document's recipe at once. */
function studio({ reads = true, works = true } = {}) {
  URL.createObjectURL = () => 'blob:picture'
  URL.revokeObjectURL = vi.fn()
  const empty = emptyDocument('d')
  const document = createDocumentStore({
    ...empty,
    background: asset('b'),
    layers: [
      {
        ...{ kind: 'foreground', id: 'ball', name: 'ball', visible: true, asset: asset('f') },
        ...{ box: { x: 1, y: 2, width: 10, height: 10 }, stretch: false, rotationDegrees: 0, flipX: false },
      },
    ],
    settings: { ...empty.settings, seed: '7', randomSeed: true },
  })
  setScene(document, 'Read', (scene) => void Object.assign(scene, readingAt('7')))
  setLightSource(document, 'photo')
  const run = createRunStore()
  const history: StagedResult[] = []
  const fuses = {
    fuse: () => {
      if (works || history.length === 0) {
        const resultId = `result ${history.length}`
        const recipe = placeRecipeOf(document.getState().document, NO_MODEL)
        const stats = { steps: 0 } as StagedResult['stats']
        const staged = { asset: asset('r'), recipe, foregroundIds: [], resultId, stats, report: null }
        history.push(staged)
        run.setState({ staged })
      }
      return Promise.resolve()
    },
  }
  const results = {
    discard: () => run.setState({ staged: null }),
    stage: (id: string) => {
      const found = history.find(({ resultId }) => resultId === id)
      run.setState({ staged: found ? { ...found, stats: null } : null })
      return Promise.resolve()
    },
  }
  const readAll = (_: unknown, seeds: readonly string[]): Promise<Outcome<PhotoScene[]>> =>
    Promise.resolve(
      reads
        ? { ok: true, value: seeds.map(readingAt) }
        : { ok: false, problem: { code: 'network', message: 'No.', hint: 'Again.' } },
    )
  const drawn: string[] = []
  const { variations, choose } = createVariations({
    ...{ document, run, fuses, results, photo: { readAll } },
    geometries: { settled: () => Promise.resolve([null]) },
    pixels: {
      previewLit: ({ seed, scene }: { seed: string; scene: PhotoScene }) => {
        drawn.push(`${seed}: ${scene.lights[0].azimuthDegrees}`)
        return Promise.resolve({ ok: true, value: new Blob() })
      },
    },
  } as unknown as Parameters<typeof createVariations>[0])
  const azimuth = () => document.getState().document.scene.lights[0].azimuthDegrees
  const seeds = () => variations.getState().variations.map(({ seed }) => seed)
  return { document, run, fuses, results, variations, choose, history, drawn, azimuth, seeds }
}

describe('three lights after Fuse', () => {
  it('are those of the seed and of the next two, each with its picture', async () => {
    const { fuses, variations, seeds, drawn } = studio()
    await fuses.fuse()
    expect(seeds()).toEqual(['7', '8', '9'])
    await settle()
    expect(drawn).toEqual(['7: 7', '8: 8', '9: 9'])
    expect(variations.getState().variations.every(({ picture }) => picture === 'blob:picture')).toBe(true)
    expect(variations.getState().chosen).toBe('7')
  })

  it('one that is chosen is drawn as the result, one that was drawn is shown again', async () => {
    const { document, run, fuses, choose, history, variations, azimuth, seeds } = studio()
    await fuses.fuse()
    await settle()
    await choose(2)
    expect(run.getState().staged?.recipe).toMatchObject({
      seed: '9',
      scene: { lights: [{ azimuthDegrees: 9 }] },
    })
    // Seeds are not drawn by lot any longer: this one was chosen.
    expect(document.getState().document.settings).toMatchObject({ seed: '9', randomSeed: false })
    await choose(0)
    expect([azimuth(), history.length, run.getState().staged?.resultId]).toEqual([7, 2, 'result 0'])
    await choose(2)
    expect([azimuth(), history.length, run.getState().staged?.resultId]).toEqual([9, 2, 'result 1'])
    expect([variations.getState().chosen, seeds().length]).toEqual(['9', 3])
    document.actions.undo()
    expect([azimuth(), document.getState().document.settings.seed]).toEqual([7, '7'])
  })

  it('the last of several that are chosen quickly is shown', async () => {
    const { run, fuses, choose, variations } = studio()
    await fuses.fuse()
    await settle()
    await Promise.all([choose(1), choose(0), choose(2)])
    expect(run.getState().staged?.recipe).toMatchObject({ seed: '9' })
    expect(variations.getState().chosen).toBe('9')
  })

  it('are gone with the result, also with one that was stopped', async () => {
    const { fuses, results, seeds } = studio()
    await fuses.fuse()
    await settle()
    results.discard()
    expect(seeds()).toEqual([])
    const stopped = studio({ works: false })
    await stopped.fuses.fuse()
    await settle()
    await stopped.choose(1)
    expect(stopped.seeds()).toEqual([])
  })

  it('are not offered where the light is set by hand or cannot be read', async () => {
    const byHand = studio()
    setLightSource(byHand.document, 'hand')
    await byHand.fuses.fuse()
    expect(byHand.seeds()).toEqual([])
    const unread = studio({ reads: false })
    await unread.fuses.fuse()
    await settle()
    expect(unread.seeds()).toEqual([])
  })
})
