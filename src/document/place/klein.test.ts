import { describe, expect, it } from 'vitest'

import { chooseModel } from '@/document/models'
import { setKleinPlace, setPlaceModel } from '@/document/place/commands'
import { placeRecipeOf } from '@/document/place/queries'
import { carriedAssets, recipeAssets, seedOf } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore } from '@/document/store'
import { emptyDocument, readDocument } from '@/schema/document'
import { NO_MODEL } from '@/schema/modelRef'
import { defaultKleinPlace } from '@/schema/modes/placeKlein'
import { readRecipe } from '@/schema/recipe'

const asset = (digit: string) => ({ hash: digit.repeat(64), name: digit, width: 40, height: 30 })

const opened = () =>
  createDocumentStore({
    ...emptyDocument('d'),
    background: asset('b'),
    layers: [
      {
        ...{ kind: 'foreground', id: 'cup', name: 'cup', visible: true, asset: asset('c') },
        ...{ box: { x: 1, y: 2, width: 10, height: 10 }, stretch: false, rotationDegrees: 0, flipX: false },
      },
    ],
    placeModel: 'klein',
    settings: { ...emptyDocument('d').settings, seed: '7' },
  })

describe('Place on klein', () => {
  it('freezes its settings and the seeds of the pictures that are made together', () => {
    const store = opened()
    const recipe = () => placeRecipeOf(store.getState().document, NO_MODEL)
    expect(recipe()).toMatchObject({ seed: '7', steps: 4, strength: 1 })
    expect(recipe().klein).toMatchObject({ others: ['8', '9'], away: null, cutout: true, clean: true })
    expect([recipe().flux, recipe().scene]).toEqual([undefined, undefined])
    setKleinPlace(store, { variations: 1, strength: 0.5, clean: false })
    expect(recipe()).toMatchObject({ strength: 0.5, klein: { others: [], clean: false } })
    expect(readRecipe(recipe()).ok && seedOf(recipe())).toBe('7')
    const away = asset('a')
    const brushed = { ...recipe(), klein: { ...defaultKleinPlace(), others: [], away } }
    expect(recipeAssets(brushed).map(({ name }) => name)).toEqual(['b', 'c', 'a'])
    expect(carriedAssets(brushed)).toEqual([away])
  })

  it('is one undoable step per setting, and takes nothing that cannot be', () => {
    const store = opened()
    setKleinPlace(store, { size: 512 })
    setKleinPlace(store, { variations: 7 })
    expect(store.getState().document.kleinPlace).toMatchObject({ size: 512, variations: 3 })
    store.actions.undo()
    expect(store.getState().document.kleinPlace).toEqual(defaultKleinPlace())
  })

  it('comes back from a recipe, but for how many are made at once', () => {
    const store = opened()
    setKleinPlace(store, { size: 768, blend: false, scene: 'noon', strength: 0.75, detail: 0.2 })
    const recipe = placeRecipeOf(store.getState().document, { ...NO_MODEL, hash: 'h' })
    const other = createDocumentStore(emptyDocument('e'))
    setKleinPlace(other, { variations: 2 })
    applyRecipe(other, recipe)
    const { placeModel, kleinPlace } = other.getState().document
    expect(placeModel).toBe('klein')
    const { size, blend, scene, strength, detail } = store.getState().document.kleinPlace
    expect(kleinPlace).toEqual({
      ...defaultKleinPlace(),
      ...{ size, blend, scene, strength, detail, variations: 2, transformer: 'h' },
    })
  })

  it('takes klein, its autoencoder and its text encoder, of which the last may be gone', () => {
    const store = opened()
    const missing = () =>
      chooseModel(store.getState().document, NO_MODEL, []).missing.map(({ kind, need }) => `${kind} ${need}`)
    expect(missing()).toEqual([
      'klein required',
      'kleinVae required',
      'qwen3 perPrompt',
      'qwenTokenizer perPrompt',
    ])
    setPlaceModel(store, 'mini2')
    expect(missing()).toEqual([])
  })

  it('a document from before it opens with its defaults', () => {
    const { kleinPlace: _, ...before } = opened().getState().document
    const read = readDocument({ ...before, fluxPlace: { ...before.fluxPlace, detail: undefined } })
    expect(read.ok && read.value.kleinPlace).toEqual(defaultKleinPlace())
  })
})
