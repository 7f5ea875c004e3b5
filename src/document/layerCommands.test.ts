import { describe, expect, it } from 'vitest'

import * as commands from '@/document/commands'
import * as layerCommands from '@/document/layerCommands'
import { baseLayer, foremost, fuseTargets, seenAbove } from '@/document/layers'
import { placeRecipeOf } from '@/document/place/queries'
import { placeWarnings } from '@/document/place/warnings'
import { readiness } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import { emptyDocument, readDocument, type FusionDocument } from '@/schema/document'
import { NO_MODEL } from '@/schema/modelRef'
import { MINI_2 } from '@/schema/modes/place'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: `${digit}.png`, width: 200, height: 100 })
const now = (store: DocumentStore): FusionDocument => store.getState().document
const layer = (store: DocumentStore, id: string) => now(store).layers.find((one) => one.id === id)
const shown = (store: DocumentStore) =>
  now(store).layers.flatMap(({ name, visible }) => (visible ? [name] : []))

function opened() {
  const store = createDocumentStore(emptyDocument('d'))
  commands.setBackground(store, asset('b'))
  const [cup, dog, cat] = ['c', 'd', 'e'].map((name) => commands.addForeground(store, asset(name)))
  return { store, cup, dog, cat }
}

describe('how a layer shows', () => {
  it('is one step each, and nothing is left of what is plain', () => {
    const { store, cup } = opened()
    layerCommands.setOpacity(store, cup, 0.5)
    layerCommands.setOpacity(store, cup, 0.4)
    expect(store.getState().undoLabel).toBe('Change opacity of c.png')
    layerCommands.setBlend(store, cup, 'screen')
    layerCommands.setOpacity(store, cup, 7)
    expect(layer(store, cup)).toMatchObject({ opacity: 0.4, blend: 'screen' })
    expect(readDocument(now(store))).toMatchObject({ ok: true, value: { layers: now(store).layers } })
    store.actions.undo()
    expect(layer(store, cup)).not.toHaveProperty('blend')
    store.actions.undo()
    expect(layer(store, cup)).not.toHaveProperty('opacity')
    layerCommands.setBlend(store, cup, 'color')
    layerCommands.setBlend(store, cup, 'normal')
    layerCommands.setOpacity(store, cup, 1)
    expect(Object.keys(layer(store, cup) ?? {})).not.toEqual(expect.arrayContaining(['opacity']))
  })

  it('is in the recipe of what is drawn, and comes back from it; models are not told, which is said', () => {
    const { store, cup } = opened()
    layerCommands.setOpacity(store, cup, 0.25)
    layerCommands.setBlend(store, cup, 'luminosity')
    const recipe = placeRecipeOf(now(store), MINI_2)
    expect(recipe.foregrounds[0]).toMatchObject({ opacity: 0.25, blend: 'luminosity' })
    expect(recipe.foregrounds[1]).not.toHaveProperty('opacity')
    const other = createDocumentStore(emptyDocument('e'))
    applyRecipe(other, recipe)
    expect(now(other).layers[0]).toMatchObject({ opacity: 0.25, blend: 'luminosity' })
    store.actions.apply('Model', (draft) => void (draft.placeModel = 'klein'))
    expect(placeRecipeOf(now(store), NO_MODEL).foregrounds[0]).not.toHaveProperty('blend')
    expect(placeWarnings(now(store)).filter((text) => text.includes('opaque and normal'))).toHaveLength(1)
  })

  it('a result that shines through is no base: it has to be merged, or made plain', () => {
    const { store, cup } = opened()
    const recipe = placeRecipeOf(now(store), MINI_2)
    const result = commands.acceptResult(store, { asset: asset('f'), recipe, foregroundIds: [] })
    expect(baseLayer(now(store))?.hash).toBe(asset('f').hash)
    layerCommands.setOpacity(store, result, 0.5)
    expect(baseLayer(now(store))?.hash).toBe(asset('b').hash)
    expect(seenAbove(now(store)).map(({ id }) => id)).toContain(result)
    expect(readiness(now(store)).reasons.join()).toContain('Merge “Result 1”')
    layerCommands.setOpacity(store, result, 1)
    commands.reorder(store, cup, 9)
    expect(readiness(now(store)).reasons).toEqual([])
  })
})

describe('a locked layer', () => {
  it('stays where and what it is, and still shows, hides and moves in the list', () => {
    const { store, cup } = opened()
    layerCommands.setLocked(store, cup, true)
    const before = now(store)
    commands.moveLayer(store, cup, { x: 1, y: 1, width: 9, height: 9 })
    commands.setRotation(store, cup, 20)
    commands.flip(store, cup)
    commands.setStretch(store, cup, true)
    commands.setStands(store, cup, false)
    commands.replaceAsset(store, cup, asset('9'))
    commands.removeLayer(store, cup)
    expect(now(store)).toBe(before)
    commands.setVisible(store, cup, false)
    commands.reorder(store, cup, 2)
    commands.rename(store, cup, 'mine')
    expect(now(store).layers[2]).toMatchObject({ name: 'mine', visible: false, locked: true })
    const copy = commands.duplicate(store, cup)
    expect(layer(store, copy ?? '')).not.toHaveProperty('locked')
    layerCommands.setLocked(store, cup, false)
    commands.removeLayer(store, cup)
    expect(layer(store, cup)).toBeUndefined()
  })
})

it('what lies beside the picture is not merged, whether it is locked or below a whole result', () => {
  const { store, cup, dog, cat } = opened()
  const recipe = placeRecipeOf(now(store), MINI_2)
  const result = commands.acceptResult(store, { asset: asset('f'), recipe, foregroundIds: [dog, cat] })
  commands.moveLayer(store, cup, { x: -500, y: 0, width: 100, height: 100 })
  layerCommands.setLocked(store, cup, true)
  expect(layerCommands.unmergeable(store, result)).toBeNull()
  expect(layerCommands.mergedWith(store, result).map(({ id }) => id)).toEqual([result])
})

it('what is made is called in the language of whoever makes it, and a copy of a copy as that is', () => {
  const { store, cup } = opened()
  const called = (name: string) => `${name} Kopie`
  const nameOf = (id: string | null) => layer(store, id ?? '')?.name
  const copy = commands.duplicate(store, cup, called)
  expect(nameOf(copy)).toBe('c.png Kopie')
  expect(nameOf(commands.duplicate(store, copy ?? '', called))).toBe('c.png Kopie')
  commands.rename(store, cup, '長'.repeat(300))
  expect(nameOf(commands.duplicate(store, cup, called))).toBe(`${'長'.repeat(294)} Kopie`)
  const recipe = placeRecipeOf(now(store), MINI_2)
  const accept = () =>
    commands.acceptResult(store, { asset: asset('f'), recipe, foregroundIds: [] }, (n) => `Ergebnis ${n}`)
  expect([nameOf(accept()), nameOf(accept())]).toEqual(['Ergebnis 1', 'Ergebnis 2'])
})

describe('a layer alone', () => {
  it('puts the others away and brings back those that were seen, also after a reload', () => {
    const { store, cup, dog, cat } = opened()
    commands.setVisible(store, cat, false)
    layerCommands.showAlone(store, cup)
    expect(shown(store)).toEqual(['c.png'])
    layerCommands.showAlone(store, dog)
    expect(shown(store)).toEqual(['d.png'])
    const read = readDocument(JSON.parse(JSON.stringify(now(store))))
    const again = createDocumentStore(read.ok ? read.value : emptyDocument('x'))
    layerCommands.showAlone(again, dog)
    expect(shown(again)).toEqual(['c.png', 'd.png'])
    expect(now(again).layers.some((one) => 'aside' in one)).toBe(false)
    store.actions.undo()
    store.actions.undo()
    expect(shown(store)).toEqual(['c.png', 'd.png'])
  })

  it('one that is shown meanwhile by its own eye is not put back', () => {
    const { store, cup, dog } = opened()
    layerCommands.showAlone(store, cup)
    commands.setVisible(store, dog, true)
    commands.setVisible(store, dog, false)
    layerCommands.showAlone(store, cup)
    expect(shown(store)).toEqual(['c.png', 'e.png'])
  })
})

describe('merging', () => {
  it('takes what is seen at and below a layer into the background, in one step', () => {
    const { store, cup, dog, cat } = opened()
    commands.setVisible(store, cup, false)
    expect(layerCommands.mergedWith(store, dog).map(({ id }) => id)).toEqual([dog])
    layerCommands.mergeLayers(store, [dog], asset('a'))
    expect(now(store).background?.hash).toBe(asset('a').hash)
    expect(now(store).layers.map(({ id }) => id)).toEqual([cup, cat])
    expect(store.getState().undoLabel).toBe('Merge d.png')
    store.actions.undo()
    expect(now(store).background?.hash).toBe(asset('b').hash)
    expect(fuseTargets(now(store)).map(({ id }) => id)).toEqual([dog, cat])
  })

  it('is refused for what is hidden, and where something in it is locked', () => {
    const { store, cup, dog, cat } = opened()
    expect(layerCommands.unmergeable(store, dog)).toBeNull()
    commands.setVisible(store, dog, false)
    expect(layerCommands.unmergeable(store, dog)).toContain('Show “d.png”')
    layerCommands.setLocked(store, cup, true)
    expect(layerCommands.unmergeable(store, cat)).toBe('“c.png” is locked.')
  })
})

describe('the pictures that matter most', () => {
  it('are the selected layer with its mask, the staged result and what all stands on', () => {
    const { store, cup } = opened()
    const [staged, mask] = [asset('f'), asset('a')]
    expect(foremost(now(store), null, null)).toEqual([asset('b').hash])
    expect(foremost(now(store), cup, staged)).toEqual(['c', 'f', 'b'].map((digit) => asset(digit).hash))
    store.actions.apply('Mask', (draft) => {
      for (const one of draft.layers) if (one.id === cup) one.mask = { asset: mask }
    })
    expect(foremost(now(store), cup, null)).toEqual(['c', 'a', 'b'].map((digit) => asset(digit).hash))
  })
})
