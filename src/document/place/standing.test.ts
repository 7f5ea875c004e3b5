import { expect, it } from 'vitest'

import { setLift, setStands } from '@/document/commands'
import { placeRecipeOf } from '@/document/place/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore } from '@/document/store'
import { emptyDocument, readDocument, type ForegroundLayer } from '@/schema/document'
import { MINI_2 } from '@/schema/modes/place'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: digit, width: 40, height: 30 })
const KITE: ForegroundLayer = {
  ...{ kind: 'foreground', id: 'kite', name: 'kite', visible: true, asset: asset('b') },
  ...{ box: { x: 1, y: 2, width: 10, height: 10 }, stretch: false, rotationDegrees: 0, flipX: false },
}
const opened = () => createDocumentStore({ ...emptyDocument('d'), background: asset('a'), layers: [KITE] })

it('what stands says nothing of it, in document and recipe', () => {
  const store = opened()
  expect(readDocument(store.getState().document)).toEqual({ ok: true, value: store.getState().document })
  const [told] = placeRecipeOf(store.getState().document, MINI_2).foregrounds
  expect(Object.keys(told)).toEqual(['asset', 'box', 'stretch', 'rotationDegrees', 'flipX'])
})

it('what hangs keeps its height while it stands, goes into the recipe and comes back with it', () => {
  const store = opened()
  const layer = () => store.getState().document.layers[0]
  setStands(store, 'kite', false)
  expect(layer()).toMatchObject({ stands: false, lift: 0.5 })
  setLift(store, 'kite', 1.5)
  setLift(store, 'kite', -1)
  expect(layer()).toMatchObject({ stands: false, lift: 1.5 })
  const recipe = placeRecipeOf(store.getState().document, MINI_2)
  expect(recipe.foregrounds[0]).toMatchObject({ stands: false, lift: 1.5 })
  setStands(store, 'kite', true)
  expect(placeRecipeOf(store.getState().document, MINI_2).foregrounds[0]).not.toHaveProperty('lift')
  store.actions.undo()
  setStands(store, 'kite', true)
  setStands(store, 'kite', false)
  expect(layer()).toMatchObject({ stands: false, lift: 1.5 })
  expect(readDocument(store.getState().document)).toMatchObject({ ok: true })

  const other = createDocumentStore({ ...emptyDocument('e'), background: asset('a') })
  applyRecipe(other, recipe)
  expect(other.getState().document.layers[0]).toMatchObject({ stands: false, lift: 1.5 })
})
