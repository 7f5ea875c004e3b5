import { describe, expect, it } from 'vitest'

import { replaceAsset, setBackground } from '@/document/commands'
import {
  addLight,
  chooseLight,
  removeLight,
  setLightSource,
  setPlaceModel,
  showPhotoScene,
} from '@/document/place/commands'
import { setLocked } from '@/document/layerCommands'
import { maskAt, setMask, setMaskUsed } from '@/document/place/masks'
import { placeRecipeOf } from '@/document/place/queries'
import { assetsOf, carriedAssets, recipeAssets } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import { emptyDocument, readDocument } from '@/schema/document'
import { readRecipe } from '@/schema/recipe'
import { MINI_2, masksInUse, masksOf } from '@/schema/modes/place'

const asset = (digit: string): AssetRef => ({ hash: digit.repeat(64), name: digit, width: 40, height: 30 })
const FRONT = asset('f')
const GROUND = asset('e')

function painted() {
  const store = createDocumentStore({
    ...emptyDocument('d'),
    background: asset('a'),
    layers: [
      {
        ...{ kind: 'foreground', id: 'ball', name: 'ball', visible: true, asset: asset('b') },
        ...{ box: { x: 1, y: 2, width: 10, height: 10 }, stretch: false, rotationDegrees: 0, flipX: false },
      },
    ],
  })
  setPlaceModel(store, 'mini2')
  setMask(store, 'Paint in front', 'front', FRONT)
  setMask(store, 'Paint ground', 'ground', GROUND)
  const masks = () => masksOf(store.getState().document.scene)
  const recipe = () => placeRecipeOf(store.getState().document, MINI_2)
  return { store, masks, recipe }
}

describe('masks of a scene', () => {
  it('are a step each, and stored only where there are any', () => {
    const { store, masks } = painted()
    expect(masks()).toEqual({ front: FRONT, ground: GROUND })
    expect(readDocument(store.getState().document)).toMatchObject({ ok: true })
    store.actions.undo()
    expect(masks()).toEqual({ front: FRONT, ground: null })
    store.actions.redo()
    setMask(store, 'Clear in front', 'front', null)
    setMask(store, 'Clear ground', 'ground', null)
    expect(store.getState().document.scene).not.toHaveProperty('masks')
  })

  it('are named by document, history and recipe, last, and go along in the PNG', () => {
    const { store, recipe } = painted()
    expect(assetsOf(store.getState().document)).toEqual([asset('a'), asset('b'), FRONT, GROUND])
    expect(recipeAssets(recipe())).toEqual([asset('a'), asset('b'), FRONT, GROUND])
    expect(carriedAssets(recipe())).toEqual([FRONT, GROUND])
    setMask(store, 'Clear in front', 'front', null)
    expect(recipeAssets(recipe())).toEqual([asset('a'), asset('b'), GROUND])
    // Undo may bring it back: a sweep must leave it.
    expect(store.liveAssets()).toContain(FRONT.hash)
  })

  it('go with the background that they were painted on', () => {
    const { store, masks } = painted()
    setBackground(store, asset('c'))
    expect(masks()).toEqual({ front: null, ground: null })
    store.actions.undo()
    expect(masks()).toEqual({ front: FRONT, ground: GROUND })
  })

  it('come back with a recipe, as far as they and their background are there', () => {
    const recipe = painted().recipe()
    const restored = (...lost: string[]) => {
      const store = createDocumentStore({ ...emptyDocument('d'), background: asset('c') })
      applyRecipe(store, recipe, [], new Set(lost.map((digit) => digit.repeat(64))))
      return masksOf(store.getState().document.scene)
    }
    expect(restored()).toEqual({ front: FRONT, ground: GROUND })
    expect(restored('f')).toEqual({ front: null, ground: GROUND })
    expect(restored('a')).toEqual({ front: null, ground: null })
  })

  it('do not stay with a recipe that knows none', () => {
    const { store, masks, recipe } = painted()
    const { scene, ...without } = recipe()
    expect(scene).toBeDefined()
    applyRecipe(store, { ...without, background: asset('c') })
    expect(masks()).toEqual({ front: null, ground: null })
  })
})

describe('masks of effects', () => {
  const only = (scene: ReturnType<typeof painted>) => masksInUse(scene.store.getState().document.scene)

  it('are stored only where they are painted, and can be put away', () => {
    const one = painted()
    const before = JSON.stringify(one.store.getState().document)
    setMask(one.store, 'Erase shadow', 'shadow', asset('d'))
    expect(only(one)).toEqual({ front: FRONT, ground: GROUND, shadow: asset('d') })
    expect(readDocument(one.store.getState().document)).toEqual({
      ok: true,
      value: one.store.getState().document,
    })
    setMaskUsed(one.store, 'Disable mask of shadow', 'shadow', false)
    expect(only(one)).toEqual({ front: FRONT, ground: GROUND })
    expect(maskAt(one.store.getState().document, 'shadow')).toEqual({ asset: asset('d'), off: true })
    // What is painted on counts again.
    setMask(one.store, 'Paint shadow', 'shadow', asset('9'))
    expect(maskAt(one.store.getState().document, 'shadow')).toEqual({ asset: asset('9'), off: false })
    setMask(one.store, 'Clear shadow', 'shadow', null)
    expect(JSON.stringify(one.store.getState().document)).toBe(before)
  })

  it('go with a recipe, also those that are put away, as far as they are there', () => {
    const one = painted()
    setMask(one.store, 'Erase tone', 'tone', asset('d'))
    setMask(one.store, 'Erase contact', 'contact', asset('9'))
    setMaskUsed(one.store, 'Disable mask of tone', 'tone', false)
    const recipe = one.recipe()
    expect(readRecipe(recipe)).toEqual({ ok: true, value: recipe })
    expect(carriedAssets(recipe)).toEqual([FRONT, GROUND, asset('9'), asset('d')])
    const store = createDocumentStore({ ...emptyDocument('d'), background: asset('c') })
    applyRecipe(store, recipe, [], new Set([asset('9').hash]))
    const back = store.getState().document
    expect([maskAt(back, 'tone'), maskAt(back, 'contact')]).toEqual([
      { asset: asset('d'), off: true },
      { asset: null, off: false },
    ])
  })

  it('stay with the shadow of their light', () => {
    const one = painted()
    addLight(one.store)
    setMask(one.store, 'Erase shadow', 'shadow', asset('d'))
    setMask(one.store, 'Erase second shadow', 'shadow2', asset('9'))
    setMaskUsed(one.store, 'Disable', 'shadow2', false)
    removeLight(one.store, 0)
    const { document } = one.store.getState()
    expect(maskAt(document, 'shadow')).toEqual({ asset: asset('9'), off: true })
    expect(maskAt(document, 'shadow2').asset).toBeNull()
    one.store.actions.undo()
    removeLight(one.store, 1)
    expect(maskAt(one.store.getState().document, 'shadow')).toEqual({ asset: asset('d'), off: false })
  })

  it.each(['showPhotoScene', 'chooseLight'])('of a second light go where one comes instead: %s', (by) => {
    const { store, masks } = painted()
    addLight(store)
    setLightSource(store, 'photo')
    setMask(store, 'Erase shadow', 'shadow', asset('d'))
    setMask(store, 'Erase second shadow', 'shadow2', asset('9'))
    setMaskUsed(store, 'Disable', 'shadow2', false)
    const { camera, lights, ground } = store.getState().document.scene
    const read = (count: number) => {
      const photo = { camera, lights: lights.slice(0, count), ground }
      if (by === 'chooseLight') chooseLight(store, '7', photo)
      else showPhotoScene(store, photo)
    }
    read(2)
    expect(masks().shadow2).toEqual(asset('9'))
    read(1)
    expect(store.getState().document.scene.lights).toHaveLength(1)
    expect(masks()).toEqual({ front: FRONT, ground: GROUND, shadow: asset('d') })
    expect(readDocument(store.getState().document)).toMatchObject({ ok: true })
  })
})

describe('masks of layers', () => {
  const layerOf = ({ store }: ReturnType<typeof painted>) => store.getState().document.layers[0]

  it('go with their layer, its recipe and its document', () => {
    const one = painted()
    setMask(one.store, 'Erase ball', 'layer:ball', asset('d'))
    expect(layerOf(one).mask).toEqual({ asset: asset('d') })
    expect(assetsOf(one.store.getState().document)).toContainEqual(asset('d'))
    expect(carriedAssets(one.recipe())).toEqual([FRONT, GROUND, asset('d')])
    expect(recipeAssets(one.recipe()).at(-1)).toEqual(asset('d'))
    const restored = createDocumentStore(emptyDocument('e'))
    applyRecipe(restored, one.recipe())
    expect(restored.getState().document.layers[0].mask).toEqual({ asset: asset('d') })
    setMaskUsed(one.store, 'Disable', 'layer:ball', false)
    expect(layerOf(one).mask).toEqual({ asset: asset('d'), off: true })
    expect(readDocument(one.store.getState().document)).toMatchObject({ ok: true })
    setMask(one.store, 'Clear ball', 'layer:ball', null)
    expect(layerOf(one)).not.toHaveProperty('mask')
  })

  it('stay through another cut of the same picture', () => {
    const one = painted()
    setMask(one.store, 'Erase ball', 'layer:ball', asset('d'))
    replaceAsset(one.store, 'ball', asset('9'))
    expect(layerOf(one).mask).toEqual({ asset: asset('d') })
  })

  it('are not painted where the layer is locked', () => {
    const one = painted()
    setLocked(one.store, 'ball', true)
    setMask(one.store, 'Erase ball', 'layer:ball', asset('d'))
    expect(layerOf(one)).not.toHaveProperty('mask')
  })

  it('are painted where a document says in so many words that the layer is not locked', () => {
    const one = painted()
    one.store.actions.apply('Read', (draft) => void (draft.layers[0].locked = false))
    setMask(one.store, 'Erase ball', 'layer:ball', asset('d'))
    setMaskUsed(one.store, 'Disable', 'layer:ball', false)
    expect(layerOf(one).mask).toEqual({ asset: asset('d'), off: true })
  })
})
