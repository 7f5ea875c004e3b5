import { describe, expect, it } from 'vitest'

import { createTaking } from '@/app/place/taking'
import type { DrawnPicture, LayerSource } from '@/app/pixels/layered'
import * as commands from '@/document/commands'
import { setLocked } from '@/document/layerCommands'
import { setPlaceModel } from '@/document/place/commands'
import { placeRecipeOf } from '@/document/place/queries'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { MINI_2, type PlacedForeground } from '@/schema/modes/place'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: `${digit}.png`, width: 200, height: 100 })
const ok = <T>(value: T) => Promise.resolve({ ok: true as const, value })

/** @param beside places of the layers that the pixel worker finds beside the picture */
function studio(beside: number[] = []) {
  const document = createDocumentStore(emptyDocument('d'))
  commands.setBackground(document, asset('b'))
  const [cup, dog] = ['c', 'd'].map((name) => commands.addForeground(document, asset(name)))
  setPlaceModel(document, 'mini2')
  const sources: LayerSource[] = []
  const pictures: DrawnPicture[] = []
  const notes: string[] = []
  const forgotten: string[] = []
  const merged = beside.length < 2 ? asset('a') : asset('b')
  const taking = createTaking({
    document,
    toasts: { actions: { note: (text: string) => notes.push(text) } },
    library: { add: () => undefined, forget: (hash: string) => forgotten.push(hash) },
    importing: { persist: () => Promise.resolve() },
    geometries: { settled: (all: PlacedForeground[]) => Promise.resolve(all.map(() => null)) },
    pixels: {
      encodeLayers: (source: LayerSource) => ok(sources.push(source) && new Blob()),
      merge: (picture: DrawnPicture) => ok(pictures.push(picture) && { picture: { asset: merged }, beside }),
    },
  } as unknown as Parameters<typeof createTaking>[0])
  const now = () => document.getState().document
  const called = () => {
    const source = sources.at(-1)
    if (source?.kind === 'made') return source.called
    const picture = source?.picture
    return picture?.scene ? picture.called : picture?.layers.map(({ name, locked }) => ({ name, locked }))
  }
  return { document, taking, sources, pictures, notes, forgotten, now, called, cup, dog }
}

describe('merging', () => {
  it('leaves what lies beside the picture as the layer it is', async () => {
    const { taking, now, cup, dog, notes } = studio([0])
    await taking.merge(dog)
    expect(now().background?.hash).toBe(asset('a').hash)
    expect(now().layers.map(({ id }) => id)).toEqual([cup])
    expect(notes).toEqual([])
  })

  it('of nothing that lies on it changes nothing, and says so', async () => {
    const { taking, now, dog, notes, forgotten } = studio([0, 1])
    const before = now()
    await taking.merge(dog)
    expect(now()).toBe(before)
    expect(notes).toEqual([expect.stringContaining('nothing to merge')])
    // It is the background's very picture.
    expect(forgotten).toEqual([])
  })
})

describe('a file with layers', () => {
  it.each(['mini2', 'dreamfuse'] as const)('calls them as the document does: %s', async (model) => {
    const { document, taking, called, cup } = studio()
    setPlaceModel(document, model)
    commands.rename(document, cup, 'Cup')
    setLocked(document, cup, true)
    await taking.takeLayers(null)
    expect(called()).toEqual([
      { name: 'Cup', locked: true },
      { name: 'd.png', locked: false },
    ])
  })

  it('calls copies by their own names, and what stands on a result by that one’s', async () => {
    const { document, taking, sources, called, now, cup, dog } = studio()
    const recipe = placeRecipeOf(now(), MINI_2)
    const result = commands.acceptResult(
      document,
      { asset: asset('f'), recipe, foregroundIds: [cup, dog] },
      String,
    )
    commands.rename(document, result, 'Evening')
    const other = commands.addForeground(document, asset('e'))
    commands.duplicate(document, other)
    await taking.takeLayers(null)
    expect(called()).toMatchObject([{ name: 'e.png' }, { name: 'e.png copy' }])
    expect(sources[0]).toMatchObject({ picture: { base: { hash: asset('f').hash, name: 'Evening' } } })
  })

  it('of a result calls what still stands there as its layer, and the rest as their files', async () => {
    const { document, taking, called, now, cup, dog } = studio()
    const recipe = placeRecipeOf(now(), MINI_2)
    commands.rename(document, cup, 'Cup')
    commands.rename(document, dog, 'Dog')
    commands.moveLayer(document, dog, { x: 1, y: 1, width: 20, height: 20 })
    const staged = { asset: asset('f'), recipe, foregroundIds: [], resultId: null, stats: null, report: null }
    await taking.takeLayers(staged)
    expect(called()).toMatchObject([{ name: 'Cup' }, { name: 'd.png' }])
    const { scene: _scene, ...made } = recipe
    await taking.takeLayers({ ...staged, recipe: made })
    expect(called()).toMatchObject({ name: 'Result' })
    const result = commands.acceptResult(
      document,
      { asset: asset('f'), recipe: made, foregroundIds: [cup, dog] },
      String,
    )
    commands.rename(document, result, 'Evening')
    await taking.takeLayers(null)
    expect(called()).toMatchObject({ name: 'Evening' })
  })
})
