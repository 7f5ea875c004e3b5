import { describe, expect, it } from 'vitest'

import { addCandidate } from '@/document/align/commands'
import { setMode } from '@/document/commands'
import { everyMode } from '@/document/modes'
import { applyRecipe, lostOf } from '@/document/restore'
import { createDocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import { emptyDocument } from '@/schema/document'
import { defaultAlignSettings, MAX_CANDIDATES, type AlignRecipe } from '@/schema/modes/align'
import { defaultCompose, type ComposeRecipe } from '@/schema/modes/compose'
import { defaultPlaceScene, type PlaceRecipe } from '@/schema/modes/place'

const asset = (digit: string, side = 100): AssetRef => ({
  hash: digit.repeat(64),
  name: `${digit}.png`,
  width: side,
  height: side,
})
const lost = (...digits: string[]) => new Set(digits.map((digit) => digit.repeat(64)))
const model = { name: '', hash: '', parts: [] }
const { seed } = emptyDocument('').settings
const schema = 2
const opened = (background: AssetRef | null = null) =>
  createDocumentStore({ ...emptyDocument('doc'), background })

const place = (): PlaceRecipe => ({
  schema,
  mode: 'place',
  model,
  background: asset('a', 200),
  foregrounds: ['b', 'c'].map((digit) => ({
    asset: asset(digit),
    box: { x: 50, y: 50, width: 100, height: 100 },
    stretch: false,
    rotationDegrees: 0,
    flipX: false,
  })),
  prompt: '',
  seed,
  steps: 4,
  strength: 1,
})

describe('a recipe whose pictures are partly lost', () => {
  it('of Place is restored onto the open background, boxes in proportion, in one step', () => {
    const store = opened(asset('d', 100))
    const before = store.getState().document
    applyRecipe(store, place(), [], lost('a', 'c'))
    const { background, layers } = store.getState().document
    expect(background).toEqual(asset('d', 100))
    expect(layers).toHaveLength(1)
    expect(layers[0]).toMatchObject({ asset: asset('b'), box: { x: 25, y: 25, width: 50, height: 50 } })
    store.actions.undo()
    expect(store.getState().document).toEqual(before)
  })

  it('of the model that is gone brings back its placement and seed, and says so', () => {
    const store = opened()
    const old = { ...place(), seed: '77' }
    applyRecipe(store, old)
    const { layers, placeModel, settings } = store.getState().document
    expect(layers).toHaveLength(2)
    expect([placeModel, settings.seed]).toEqual(['mini2', '77'])
    expect(lostOf(old)).toContain('Inlay Mini')
    expect(lostOf({ ...old, scene: defaultPlaceScene() })).toBeNull()
  })

  it('of Compose is restored without those references, whose words go, too', () => {
    const store = opened()
    const reference = (digit: string) => ({ asset: asset(digit), role: 'subject' as const, face: null })
    const recipe: ComposeRecipe = {
      schema,
      mode: 'compose',
      model,
      references: ['a', 'b', 'c', 'd'].map(reference),
      prompt: '[ref#1] [ref#2] on [ref#4], [ref#0] and [ref#5]',
      seed,
      compose: defaultCompose(),
    }
    applyRecipe(store, recipe, [], lost('a', 'c'))
    const { references, composePrompt } = store.getState().document
    expect(references.map((one) => one.asset)).toEqual([asset('b'), asset('d')])
    // What named no reference names none still.
    expect(composePrompt).toBe('[ref#1] on [ref#2], [ref#0] and [ref#3]')
  })

  it('of Align is restored without what started from them', () => {
    const store = opened()
    setMode(store, 'align')
    const start = { kind: 'picture' as const, asset: asset('e') }
    addCandidate(
      store,
      { id: 'own', start, asset: asset('f'), made: null, score: null, reconstruction: null },
      'job',
    )
    const recipe: AlignRecipe = {
      schema,
      mode: 'align',
      model,
      prompt: 'a ball',
      words: [],
      base: { kind: 'seed', seed },
      reference: { kind: 'picture', asset: asset('a') },
      align: defaultAlignSettings(),
    }
    applyRecipe(store, recipe, [], lost('a', 'e'))
    const { candidates, base, reference } = store.getState().document.align
    expect(candidates.map((one) => one.start)).toEqual([{ kind: 'seed', seed }])
    expect(base).toBe(candidates[0].id)
    expect(reference).toBeNull()
  })
})

describe('a recipe of Align, restored into a full gallery', () => {
  const recipeFrom = (base: AlignRecipe['base']): AlignRecipe => ({
    schema,
    mode: 'align',
    model,
    prompt: 'a ball',
    words: [],
    base,
    reference: { kind: 'seed', seed: '0' },
    align: defaultAlignSettings(),
  })
  const full = () => {
    const store = opened()
    for (let i = 0; i < MAX_CANDIDATES; i++)
      addCandidate(
        store,
        {
          id: `${i}`,
          start: { kind: 'seed', seed: `${i}` },
          asset: null,
          made: null,
          score: null,
          reconstruction: null,
        },
        'job',
      )
    return store
  }
  const seedsIn = (store: ReturnType<typeof full>) =>
    store.getState().document.align.candidates.map(({ start }) => (start.kind === 'seed' ? start.seed : null))

  it('makes room among the oldest, never among its own', () => {
    const store = full()
    applyRecipe(store, recipeFrom({ kind: 'seed', seed: '99999' }), [], new Set())
    const seeds = seedsIn(store)
    expect(seeds).toHaveLength(MAX_CANDIDATES)
    expect(['0', '1', '99999'].map((seed) => seeds.includes(seed))).toEqual([true, false, true])
  })

  it('takes nothing out for a picture that is lost', () => {
    const store = full()
    const before = seedsIn(store)
    applyRecipe(store, recipeFrom({ kind: 'picture', asset: asset('a') }), [], lost('a'))
    expect(seedsIn(store)).toEqual(before)
    expect(store.getState().document.align).toMatchObject({ base: null, reference: '0' })
  })
})

describe('every mode', () => {
  it('has a name of its own, nothing in an empty document, and reads back the prompt it was given', () => {
    const doc = emptyDocument('doc')
    expect(new Set(everyMode.map(({ name }) => name)).size).toBe(everyMode.length)
    for (const mode of everyMode) {
      expect(mode.isEmpty(doc)).toBe(true)
      expect(mode.documentAssets(doc)).toEqual([])
      expect(mode.reasons(doc)).not.toEqual([])
      const draft = structuredClone(doc)
      mode.setPrompt(draft, `for ${mode.name}`)
      expect(everyMode.filter((one) => one.promptOf(draft) !== '')).toEqual([mode])
    }
  })
})
