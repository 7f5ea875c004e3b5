import { describe, expect, it } from 'vitest'

import * as commands from '@/document/commands'
import { setOpacity } from '@/document/layerCommands'
import { lacksLayers, litCutouts } from '@/document/place/files'
import { setPlaceModel } from '@/document/place/commands'
import { MAX_FUSED, placeReasons, placeRecipeOf } from '@/document/place/queries'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import { MINI_2, type PlaceRecipe } from '@/schema/modes/place'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: `${digit}.png`, width: 200, height: 100 })
const now = (store: DocumentStore): FusionDocument => store.getState().document

function opened() {
  const store = createDocumentStore(emptyDocument('d'))
  commands.setBackground(store, asset('b'))
  const [cup, dog] = ['c', 'd'].map((name) => commands.addForeground(store, asset(name)))
  return { store, cup, dog }
}

function accepted(change: (recipe: PlaceRecipe) => PlaceRecipe = (recipe) => recipe) {
  const { store, ...ids } = opened()
  const recipe = change(placeRecipeOf(now(store), MINI_2))
  const foregroundIds = [ids.cup, ids.dog]
  const result = commands.acceptResult(store, { asset: asset('f'), recipe, foregroundIds }, String)
  return { store, recipe, result, ...ids }
}

const lacks = (store: DocumentStore, staged: PlaceRecipe | null = null) => lacksLayers(now(store), staged)

describe('the cut-outs in the light', () => {
  it('are all that are seen, more than are fused at once, and those that lie beside the picture', () => {
    const { store } = opened()
    for (let n = 0; n < MAX_FUSED; n++)
      commands.addForeground(store, asset('e'), { x: 900 + n, y: 0, width: 10, height: 10 })
    expect(placeReasons(now(store)).length).toBeGreaterThan(1)
    expect(litCutouts(now(store))).toHaveLength(MAX_FUSED + 2)
  })

  it('are none where a model draws them, or where a result is mixed among them', () => {
    const { store, result, cup } = accepted()
    commands.setVisible(store, cup, true)
    expect(litCutouts(now(store))).toHaveLength(0)
    setOpacity(store, result, 0.5)
    expect(litCutouts(now(store))).toHaveLength(0)
    commands.removeLayer(store, result)
    expect(litCutouts(now(store))).toHaveLength(1)
    setPlaceModel(store, 'klein')
    expect(litCutouts(now(store))).toHaveLength(0)
  })
})

describe('a file with layers', () => {
  it('lacks what is hidden', () => {
    const { store, cup } = opened()
    expect(lacks(store)).toBe(false)
    commands.setVisible(store, cup, false)
    expect(lacks(store)).toBe(true)
  })

  it('lacks what lies beside the picture', () => {
    const { store, cup } = opened()
    commands.moveLayer(store, cup, { x: 900, y: 0, width: 10, height: 10 })
    expect(lacks(store)).toBe(true)
  })

  it('lacks what a result covers, once something lies over that', () => {
    const { store } = accepted()
    expect(lacks(store)).toBe(false)
    commands.addForeground(store, asset('e'))
    expect(lacks(store)).toBe(true)
  })

  it('of a result that was drawn in layers has what it was made of, and nothing else', () => {
    const { store, cup, recipe } = accepted()
    expect(lacks(store, recipe)).toBe(true)
    commands.moveLayer(store, cup, { x: 3, y: 3, width: 20, height: 10 })
    expect(lacks(store)).toBe(true)
    const other = opened()
    const staged = placeRecipeOf(now(other.store), MINI_2)
    expect(lacks(other.store, staged)).toBe(false)
    commands.addForeground(other.store, asset('e'))
    expect(lacks(other.store, staged)).toBe(true)
  })

  it('of a result that a model made lacks the cut-outs', () => {
    const { store } = accepted(({ scene: _scene, ...recipe }) => recipe)
    expect(lacks(store)).toBe(true)
  })
})
