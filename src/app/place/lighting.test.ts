import { describe, expect, it } from 'vitest'

import type { Geometries, Shapes } from '@/app/place/geometries'
import { keepLighting } from '@/app/place/lighting'
import type { Pixels } from '@/app/pixels/client'
import type { GroundPreview } from '@/app/pixels/ground'
import { setScene, setPlaceModel } from '@/document/place/commands'
import { createDocumentStore } from '@/document/store'
import { billboardGeometry } from '@/layers/testBodies'
import type { CutoutGeometry } from '@/layers/volume'
import { emptyDocument } from '@/schema/document'
import type { PlaceRecipe } from '@/schema/modes/place'
import { createViewStore } from '@/ui/stores/view'

const asset = (name: string) => ({ hash: name[0].repeat(64), name, width: 40, height: 30 })

const SHAPE: CutoutGeometry = {
  ...billboardGeometry(),
  normals: new Float32Array(3),
  sight: 0,
  focal: 2,
}

/** A document that is lit by hand, and previews that are answered when the test says so. */
function studio() {
  const document = createDocumentStore({
    ...emptyDocument('d'),
    placeModel: 'dreamfuse',
    background: asset('background'),
    layers: [
      {
        kind: 'foreground',
        id: 'ball',
        name: 'ball',
        visible: true,
        asset: asset('ball'),
        box: { x: 1, y: 2, width: 10, height: 10 },
        stretch: false,
        rotationDegrees: 0,
        flipX: false,
      },
    ],
  })
  const asked: PlaceRecipe[] = []
  const shown: Shapes[] = []
  const drafts: boolean[] = []
  const waiting: (() => void)[] = []
  const answers: { preview: GroundPreview | null } = { preview: null }
  const previewGround: Pixels['previewGround'] = (recipe, shapes, draft) => {
    asked.push(recipe)
    drafts.push(draft)
    shown.push([...shapes])
    return new Promise((resolve) => waiting.push(() => resolve({ ok: true, value: answers.preview })))
  }
  const view = createViewStore()
  const listeners: (() => void)[] = []
  const known = new Set<string>()
  const geometries: Geometries = {
    known: (foregrounds) => foregrounds.map(({ asset: { hash } }) => (known.has(hash) ? SHAPE : null)),
    settled: () => Promise.resolve([]),
    onKnown: (listener) => void listeners.push(listener),
  }
  const see = (name: string) => {
    known.add(asset(name).hash)
    for (const listener of listeners) listener()
  }
  keepLighting({ document, view, pixels: { previewGround } as Pixels, geometries })
  const answer = async () => {
    waiting.shift()?.()
    await new Promise((done) => setTimeout(done))
  }
  const turn = (azimuthDegrees: number) =>
    setScene(document, 'Move light', (scene) => {
      scene.lights[0].azimuthDegrees = azimuthDegrees
    })
  /** The same ball again and again, each a little further to the right. */
  const addBalls = (count: number) =>
    document.actions.apply('Add', (draft) => {
      const [ball] = draft.layers
      for (let n = 1; n <= count; n++)
        if (ball.kind === 'foreground')
          draft.layers.push({ ...ball, id: `${n}`, box: { ...ball.box, x: 10 * n } })
    })
  return { document, view, answers, asked, shown, drafts, answer, turn, see, addBalls }
}

describe('the preview of light that is set by hand', () => {
  it('is asked for one at a time, and always for what is newest', async () => {
    const { document, asked, answer, turn } = studio()
    expect(asked).toHaveLength(0)
    setPlaceModel(document, 'mini2')
    for (const azimuth of [10, 20, 30]) turn(azimuth)
    expect(asked).toHaveLength(1)
    await answer()
    expect(asked.map(({ scene }) => scene?.lights[0].azimuthDegrees)).toEqual([145, 30])
    await answer()
    turn(40)
    await answer()
    expect(asked).toHaveLength(3)
  })

  it('is a draft while something is dragged, and drawn well once it is let go', async () => {
    const { document, asked, drafts, answer, turn } = studio()
    setPlaceModel(document, 'mini2')
    await answer()
    document.actions.begin('Move light')
    for (const azimuth of [10, 20]) {
      turn(azimuth)
      await answer()
    }
    document.actions.commit()
    await answer()
    expect(asked.map(({ scene }) => scene?.lights[0].azimuthDegrees)).toEqual([145, 10, 20, 20])
    expect(drafts).toEqual([false, true, true, false])
  })

  it('is drawn again when the shape of an object is known', async () => {
    const { document, shown, answer, see } = studio()
    setPlaceModel(document, 'mini2')
    await answer()
    see('ball')
    await answer()
    see('another')
    await answer()
    expect(shown).toEqual([[null], [SHAPE]])
  })

  it('is asked for however many there are, and wherever they lie; what comes back is each one’s own', async () => {
    const { document, view, answers, asked, answer, addBalls } = studio()
    addBalls(20)
    setPlaceModel(document, 'mini2')
    expect(asked[0].foregrounds).toHaveLength(21)
    const bitmap = { width: 1, height: 1 } as ImageBitmap
    // The fourth and all after it lie beside the picture.
    const objects = [1, 2, 0].map((index) => ({ index, bitmap, rect: { x: 0, y: 0, width: 1, height: 1 } }))
    answers.preview = { darkening: bitmap, reflection: bitmap, objects }
    await answer()
    const { ground } = view.getState()
    expect(ground?.objects.map(({ id, placement }) => [id, placement.box.x])).toEqual([
      ['1', 10],
      ['2', 20],
      ['ball', 1],
    ])
  })

  it('of many is no draft: it is drawn once they are let go', async () => {
    const { document, drafts, answer, turn, addBalls } = studio()
    addBalls(16)
    setPlaceModel(document, 'mini2')
    await answer()
    document.actions.begin('Move light')
    turn(10)
    await answer()
    document.actions.commit()
    await answer()
    expect(drafts).toEqual([false, false])
  })

  it('is not asked for again by what it does not depend on, nor on another model', async () => {
    const { document, asked, answer, turn } = studio()
    setPlaceModel(document, 'mini2')
    await answer()
    document.actions.apply('Rename', (draft) => {
      draft.name = 'other'
    })
    expect(asked).toHaveLength(1)
    setPlaceModel(document, 'dreamfuse')
    turn(50)
    expect(asked).toHaveLength(1)
  })
})
