import { describe, expect, it } from 'vitest'

import { addLight, removeLight, setLayerShown, setTogether } from '@/document/place/commands'
import { createDocumentStore } from '@/document/store'
import { emptyDocument, readDocument } from '@/schema/document'
import { defaultPlaceScene, type PlaceScene } from '@/schema/modes/place'
import { isShown, shownAmounts, storedAmounts } from '@/schema/modes/placeLayers'

const [light] = defaultPlaceScene().lights
const scene = (change: Partial<PlaceScene> = {}): PlaceScene => ({
  ...defaultPlaceScene(),
  lights: [light, light],
  ...change,
})

describe('layers of a scene', () => {
  it('show as strongly as they are where nothing is put away', () => {
    expect(shownAmounts(scene())).toEqual(storedAmounts(scene()))
    expect(storedAmounts(scene())).toEqual({ ...scene().amounts, shadow: [1, 1] })
  })

  it('keep their strength while they are put away, each light its own shadow', () => {
    const hidden = scene({ visible: { shadow: [true, false], tone: false } })
    expect(storedAmounts(hidden)).toEqual(storedAmounts(scene()))
    expect(shownAmounts(hidden)).toEqual({ ...scene().amounts, shadow: [1, 0], tone: 0 })
  })

  it('are put away and shown again by steps that leave nothing behind', () => {
    const store = createDocumentStore({ ...emptyDocument('d'), scene: scene() })
    const now = () => store.getState().document.scene
    setLayerShown(store, 'contact', false)
    setLayerShown(store, 'shadow', false, 1)
    expect(now().visible).toEqual({ contact: false, shadow: [true, false] })
    expect([isShown(now(), 'shadow'), isShown(now(), 'shadow', 1)]).toEqual([true, false])
    expect(readDocument(store.getState().document)).toMatchObject({
      ok: true,
      value: { scene: { visible: now().visible } },
    })
    store.actions.undo()
    expect(now().visible).toEqual({ contact: false })
    store.actions.redo()
    setLayerShown(store, 'shadow', true, 1)
    setLayerShown(store, 'contact', true)
    expect(now()).toEqual(scene())
  })

  it('stay with their light when another is added or taken away, each a step', () => {
    const store = createDocumentStore({ ...emptyDocument('d'), scene: defaultPlaceScene() })
    const now = () => store.getState().document.scene
    setLayerShown(store, 'shadow', false)
    addLight(store)
    expect(now().lights).toHaveLength(2)
    expect(now().lights[1].azimuthDegrees).toBe((light.azimuthDegrees + 180) % 360)
    expect(now().lights[0].share[0] + now().lights[1].share[0]).toBeLessThan(1)
    expect([isShown(now(), 'shadow'), isShown(now(), 'shadow', 1)]).toEqual([false, true])
    addLight(store)
    expect(now().lights, 'there are two at most').toHaveLength(2)
    const [first, second] = now().lights
    removeLight(store, 0)
    expect(now().lights).toEqual([second])
    expect(now().visible).toBeUndefined()
    store.actions.undo()
    removeLight(store, 1)
    expect(now().lights).toEqual([first])
    expect(isShown(now(), 'shadow')).toBe(false)
  })

  it('are weaker or put away together, each as strong as it was of its own', () => {
    const store = createDocumentStore({ ...emptyDocument('d'), scene: scene({ visible: { tone: false } }) })
    const now = () => store.getState().document.scene
    const before = now()
    setTogether(store, { strength: 0.5 })
    expect(store.getState().undoLabel).toBe('Change light and shadow')
    expect(shownAmounts(now())).toMatchObject({ shadow: [0.5, 0.5], contact: 0.5, grain: 0.35, tone: 0 })
    setTogether(store, { shown: false })
    expect(
      Object.values(shownAmounts(now()))
        .flat()
        .every((amount) => amount === 0),
    ).toBe(true)
    expect(storedAmounts(now())).toMatchObject({ shadow: [0.5, 0.5], tone: 0.15 })
    expect(readDocument(store.getState().document)).toMatchObject({
      ok: true,
      value: { scene: { together: { strength: 0.5, shown: false } } },
    })
    setTogether(store, { strength: 2 })
    expect(now().together?.strength).toBe(0.5)
    setTogether(store, { shown: true, strength: 1 })
    expect(now()).toEqual(before)
    store.actions.undo()
    expect(now().together).toEqual({ strength: 0.5, shown: false })
  })

  it('leave some light from all sides, however strong the first light is', () => {
    const strong = { ...light, share: [0.93, 0.9, 1] as [number, number, number] }
    const store = createDocumentStore({ ...emptyDocument('d'), scene: scene({ lights: [strong] }) })
    addLight(store)
    const { lights } = store.getState().document.scene
    expect(lights[1].share[0]).toBeCloseTo(0.02)
    expect(lights[1].share[2]).toBe(0)
  })

  it('of what was stored before there was anything to put away all show', () => {
    const read = readDocument({ ...emptyDocument('d'), scene: scene() })
    if (!read.ok) throw new Error(read.reason)
    expect(read.value.scene).toEqual(scene())
  })
})
