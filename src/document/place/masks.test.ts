import { describe, expect, it } from 'vitest'

import { setBackground } from '@/document/commands'
import { setMask, setPlaceModel } from '@/document/place/commands'
import { placeRecipeOf } from '@/document/place/queries'
import { assetsOf, carriedAssets, recipeAssets } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import { emptyDocument, readDocument } from '@/schema/document'
import { MINI_2, masksOf } from '@/schema/modes/place'

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
