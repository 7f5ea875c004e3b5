import * as fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'

import * as commands from '@/document/commands'
import { baseLayer, defaultBox, fuseTargets } from '@/document/layers'
import { placeRecipeOf } from '@/document/place/queries'
import { assetsOf, readiness, recipeOf } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import { FusionDocument, emptyDocument } from '@/schema/document'
import type { PlaceRecipe } from '@/schema/modes/place'
import { Recipe } from '@/schema/recipe'

const asset = (digit: string, width = 200, height = 400): PlaceRecipe['background'] => ({
  hash: digit.repeat(64),
  name: `${digit}.png`,
  width,
  height,
})
const model = { name: 'Inlay Mini', hash: 'm', parts: [] }
const background = asset('b', 1000, 500)

function withBackground(): DocumentStore {
  const store = createDocumentStore(emptyDocument('doc'))
  commands.setBackground(store, background)
  return store
}
const documentOf = (store: DocumentStore): FusionDocument => store.getState().document

describe('commands', () => {
  it('place a new foreground bottom-centred, 40 % high, whole inside the picture', () => {
    const store = withBackground()
    const id = commands.addForeground(store, asset('c'))
    expect(store.getState().selection).toBe(id)
    const [layer] = fuseTargets(documentOf(store))
    expect(layer.box.height).toBeCloseTo(200)
    expect(layer.box.width).toBeCloseTo(100)
    expect(layer.box.x + layer.box.width / 2).toBeCloseTo(500)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 9000 }), (width, height) => {
        const box = defaultBox({ width, height }, { width: 640, height: 480 })
        expect(box.x).toBeGreaterThanOrEqual(0)
        expect(box.y).toBeGreaterThanOrEqual(0)
        expect(box.x + box.width).toBeLessThanOrEqual(640.001)
        expect(box.y + box.height).toBeLessThanOrEqual(480.001)
      }),
    )
  })

  it('are one undo step each, with a label', () => {
    const store = withBackground()
    const id = commands.addForeground(store, asset('c'))
    const steps: [() => unknown, string][] = [
      [() => commands.moveLayer(store, id, { x: 30, y: 40, width: -20, height: 10 }), 'Move c.png'],
      [() => commands.setRotation(store, id, 270), 'Rotate c.png'],
      [() => commands.setStretch(store, id, true), 'Stretch c.png'],
      [() => commands.flip(store, id), 'Flip c.png'],
      [() => commands.rename(store, id, ' dog '), 'Rename c.png'],
      [() => commands.duplicate(store, id), 'Duplicate dog'],
      [() => commands.reorder(store, id, 99), 'Reorder dog'],
      [() => commands.setVisible(store, id, false), 'Hide dog'],
      [() => commands.replaceAsset(store, id, asset('d')), 'Cut out dog'],
      [() => commands.removeLayer(store, id), 'Remove dog'],
      [() => commands.setSetting(store, 'steps', 8), 'Change steps'],
    ]
    for (const [command, label] of steps) {
      const before = documentOf(store)
      command()
      expect(store.getState().undoLabel).toBe(label)
      const after = documentOf(store)
      expect(after).not.toEqual(before)
      store.actions.undo()
      expect(documentOf(store)).toEqual(before)
      expect(store.getState().redoLabel).toBe(label)
      store.actions.redo()
      expect(documentOf(store)).toEqual(after)
      expect(v.is(FusionDocument, after)).toBe(true)
    }
  })

  it('normalise what they are given', () => {
    const store = withBackground()
    const id = commands.addForeground(store, asset('c'))
    commands.moveLayer(store, id, { x: 30, y: 40, width: -20, height: 0 })
    commands.setRotation(store, id, 270)
    const [layer] = fuseTargets(documentOf(store))
    expect(layer.box).toEqual({ x: 10, y: 40, width: 20, height: 1 })
    expect(layer.rotationDegrees).toBe(-90)
    const before = documentOf(store)
    commands.moveLayer(store, id, { x: Number.NaN, y: 0, width: 1, height: 1 })
    commands.setRotation(store, id, Infinity)
    commands.rename(store, id, '   ')
    commands.flip(store, 'no such layer')
    commands.removeLayer(store, 'no such layer')
    commands.reorder(store, id, 0)
    commands.setSetting(store, 'seed', '-1')
    commands.setSetting(store, 'steps', 0)
    expect(documentOf(store)).toBe(before)
  })

  it('stop at the number of layers that a document may hold', () => {
    const store = withBackground()
    for (let i = 0; i < commands.MAX_LAYERS; i++) commands.addForeground(store, asset('c'))
    expect(() => commands.addForeground(store, asset('c'))).toThrow(/at most 200/)
    expect(() => commands.duplicate(store, store.getState().selection ?? '')).toThrow(/at most 200/)
    expect(v.is(FusionDocument, documentOf(store))).toBe(true)
  })

  it('make one step of a drag', () => {
    const store = withBackground()
    const id = commands.addForeground(store, asset('c'))
    const before = documentOf(store)
    store.actions.begin('Move c.png')
    for (let x = 0; x < 50; x++) commands.moveLayer(store, id, { x, y: 1, width: 50, height: 60 })
    expect(store.getState().inGesture).toBe(true)
    store.actions.commit()
    store.actions.undo()
    expect(documentOf(store)).toEqual(before)
  })

  it('coalesce typing and drop the selection of a layer that is gone', () => {
    const store = withBackground()
    for (const prompt of ['a', 'a ', 'a r']) commands.setPrompt(store, prompt)
    store.actions.undo()
    expect([documentOf(store).prompt, store.getState().undoLabel]).toEqual(['', 'Set background'])
    commands.addForeground(store, asset('c'))
    store.actions.undo()
    expect(store.getState().selection).toBeNull()
  })

  it('keep boxes in proportion when the background changes size', () => {
    const store = withBackground()
    const id = commands.addForeground(store, asset('c'))
    commands.moveLayer(store, id, { x: 450, y: 250, width: 100, height: 200 })
    commands.setBackground(store, asset('e', 4000, 1000))
    expect(fuseTargets(documentOf(store))[0].box).toEqual({ x: 1900, y: 500, width: 200, height: 400 })
  })
})

describe('results', () => {
  const accept = (store: DocumentStore): string => {
    const recipe = recipeOf(documentOf(store), model)
    const foregroundIds = fuseTargets(documentOf(store)).map(({ id }) => id)
    return commands.acceptResult(store, { asset: asset('a', 1000, 500), recipe, foregroundIds })
  }

  it('become the base of what is above them, in one undoable step', () => {
    const store = withBackground()
    commands.addForeground(store, asset('c'))
    commands.addForeground(store, asset('d'))
    const before = documentOf(store)
    expect(baseLayer(before)).toEqual(background)
    const id = accept(store)
    const doc = documentOf(store)
    expect(doc.layers.map(({ visible }) => visible)).toEqual([false, false, true])
    expect(baseLayer(doc)?.hash).toBe('a'.repeat(64))
    expect(fuseTargets(doc)).toEqual([])
    commands.addForeground(store, asset('e'))
    expect(fuseTargets(documentOf(store)).map(({ name }) => name)).toEqual(['e.png'])
    const second = placeRecipeOf(documentOf(store), model)
    expect([second.background.hash, second.foregrounds.length]).toEqual(['a'.repeat(64), 1])
    commands.setVisible(store, id, false)
    expect(baseLayer(documentOf(store))).toEqual(background)
    store.actions.undo()
    store.actions.undo()
    store.actions.undo()
    expect(documentOf(store)).toEqual(before)
  })

  it('go right above the foregrounds they were made of', () => {
    const store = withBackground()
    const first = commands.addForeground(store, asset('c'))
    const recipe = recipeOf(documentOf(store), model)
    commands.addForeground(store, asset('d')) // added while the fuse was running
    commands.acceptResult(store, { asset: asset('a', 1000, 500), recipe, foregroundIds: [first] })
    expect(documentOf(store).layers.map(({ name }) => name)).toEqual(['c.png', 'Result 1', 'd.png'])
    expect(fuseTargets(documentOf(store)).map(({ name }) => name)).toEqual(['d.png'])
    expect(
      assetsOf(documentOf(store))
        .map(({ hash }) => hash[0])
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd'])
  })

  it('restore what made them', () => {
    const store = withBackground()
    commands.addForeground(store, asset('c'))
    commands.setPrompt(store, 'a chair')
    const recipe = recipeOf(documentOf(store), model)
    expect(v.is(Recipe, recipe)).toBe(true)
    const other = createDocumentStore(emptyDocument('other'))
    commands.setPrompt(other, 'something else')
    const before = documentOf(other)
    applyRecipe(other, recipe)
    expect(recipeOf(documentOf(other), model)).toEqual(recipe)
    other.actions.undo()
    expect(documentOf(other)).toEqual(before)
  })
})

describe('readiness', () => {
  it('says what is missing', () => {
    const store = createDocumentStore(emptyDocument('doc'))
    expect(readiness(documentOf(store)).reasons).toHaveLength(2)
    commands.setBackground(store, background)
    const id = commands.addForeground(store, asset('c'))
    expect(readiness(documentOf(store))).toMatchObject({ ready: true, reasons: [] })
    commands.moveLayer(store, id, { x: 1001, y: 0, width: 10, height: 10 })
    expect(readiness(documentOf(store)).reasons).toEqual(['Move “c.png” onto the picture: it lies outside.'])
    commands.setVisible(store, id, false)
    expect(readiness(documentOf(store)).reasons[0]).toMatch(/^Show a foreground/)
    for (let i = 0; i < 17; i++) commands.addForeground(store, asset('d'))
    expect(readiness(documentOf(store)).reasons[0]).toMatch(/^Hide some/)
  })

  it('of a replaced document starts a new history', () => {
    const store = withBackground()
    commands.replaceDocument(store, emptyDocument('new'))
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: false, document: { id: 'new' } })
  })
})
