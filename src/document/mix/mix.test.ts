import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'

import { labelOf, mixPrompt } from '@/base/mixWords'
import * as commands from '@/document/mix/commands'
import {
  areStale,
  bestTrial,
  conditionsOf,
  draftRecipeOf,
  gridPoints,
  mixReasons,
  mixRecipeOf,
  nearestTrial,
  searchOf,
} from '@/document/mix/queries'
import { setMode } from '@/document/commands'
import { modelReadiness } from '@/document/models'
import { modeOf } from '@/document/modes'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import { emptyDocument, FusionDocument } from '@/schema/document'
import { MAX_PROMPT } from '@/schema/common'
import { NO_MODEL, type ModelRef } from '@/schema/modelRef'
import {
  evenPoint,
  MixPoint,
  MixRecipe,
  type Judgement,
  type MixPlace,
  type MixTrial,
} from '@/schema/modes/mix'

const asset = (digit: string, name = `${digit}.png`) => ({
  hash: digit.repeat(64),
  name,
  width: 100,
  height: 90,
})
const mixOf = (store: DocumentStore) => store.getState().document.mix
const reasons = (store: DocumentStore) => mixReasons(store.getState().document)
const recipeIn = (store: DocumentStore) => mixRecipeOf(store.getState().document, NO_MODEL)

const judged = (score: number, apart = 0): Judgement => ({
  score,
  likeness: [],
  apart,
  range: { from: 0.15, width: 0.3, measured: false },
  crops: { objects: [], picture: 'whole' },
})
const at = (share: number, change: Partial<MixPoint> = {}): MixPoint => ({
  shares: [1 - share, share],
  strengths: [1, 1],
  round: 0,
  ...change,
})
const trial = (point: MixPoint, judgement: Judgement | null): MixTrial => ({
  point,
  asset: asset('d'),
  judgement,
})

const placeOf = (object: number): MixPlace => ({ object, box: { x: 0, y: 0, width: 0.5, height: 0.5 } })

let store: DocumentStore
beforeEach(() => {
  store = createDocumentStore(emptyDocument('doc'))
  setMode(store, 'mix')
})
const withTwo = () => {
  commands.addObject(store, asset('a', 'glass jar.png'))
  return commands.addObject(store, asset('b', 'IMG_2034.jpg'))
}

describe('objects of Mix', () => {
  it.each([
    ['Glass_Jar (1).png', 'glass jar'],
    ['2 owl-cutout.webp', 'owl'],
    ['IMG_2034.jpg', ''],
    ['Screenshot 2025-01-01.png', ''],
    ['Käfer.jpeg', 'käfer'],
    ['', ''],
  ])('“%s” suggests “%s”', (name, label) => expect(labelOf(name)).toBe(label))

  it('are missed in words until there are two, named and different', () => {
    expect(reasons(store)).toEqual(['Add two pictures, each of one object.'])
    commands.addObject(store, asset('a', 'jar.png'))
    expect(reasons(store)).toEqual(['Add the picture of a second object.'])
    const second = commands.addObject(store, asset('a', 'jar.png'))
    expect(reasons(store)[0]).toContain('there twice')
    commands.removeObject(store, second)
    const other = commands.addObject(store, asset('b', 'IMG_1.png'))
    expect(reasons(store)[0]).toContain('Say what the second object is')
    commands.setLabel(store, other, 'owl')
    expect(reasons(store)).toEqual([])
    expect(recipeIn(store).prompt).toBe('A photo of jar creatively fused with owl.')
    expect(mixPrompt([{ label: 'a' }, { label: 'b' }, { label: 'c' }])).toContain('with b and c.')
  })

  it('are at most four, and mixed evenly whenever their number changes', () => {
    withTwo()
    commands.setShare(store, 1, 0.8)
    for (const digit of ['c', 'd']) commands.addObject(store, asset(digit))
    expect(mixOf(store).point).toEqual({
      shares: [0.25, 0.25, 0.25, 0.25],
      strengths: [1, 1, 1, 1],
      round: 0,
    })
    expect(() => commands.addObject(store, asset('e'))).toThrow(/at most 4/)
    commands.setShare(store, 0, 0.4)
    expect(mixOf(store).point.shares.map((one) => one.toFixed(6))).toEqual([
      '0.400000',
      '0.200000',
      '0.200000',
      '0.200000',
    ])
    expect(v.is(FusionDocument, store.getState().document)).toBe(true)
    // No search finds the balance of more than two.
    expect(recipeIn(store).search).toBeNull()
  })

  it('swap with their shares', () => {
    withTwo()
    commands.setShare(store, 1, 0.7)
    commands.swapObjects(store)
    expect(mixOf(store).objects[1].label).toBe('glass jar')
    expect(mixOf(store).point.shares[1]).toBeCloseTo(0.3)
  })

  it('have places only while they are there', () => {
    withTwo()
    commands.addPlace(store, placeOf(1))
    commands.addPlace(store, placeOf(2))
    expect(mixOf(store).settings.places).toEqual([placeOf(1)])
    // As one of a damaged document.
    store.actions.apply('damage', ({ mix }) => void mix.settings.places.push(placeOf(3)))
    commands.swapObjects(store)
    expect(mixOf(store).settings.places).toEqual([placeOf(0)])
    expect(v.is(FusionDocument, store.getState().document)).toBe(true)
  })
})

describe('the balance', () => {
  it('chosen by hand ends the search, in one step that can be undone', () => {
    withTwo()
    expect(recipeIn(store).search).not.toBeNull()
    commands.setShare(store, 1, 0.6)
    commands.setShare(store, 1, 0.62)
    expect(recipeIn(store)).toMatchObject({
      search: null,
      point: { shares: [expect.closeTo(0.38) as number, 0.62] },
    })
    store.actions.undo()
    expect(mixOf(store)).toMatchObject({ automatic: true, point: at(0.5) })
    commands.setShare(store, 1, 1.2)
    commands.setStrength(store, 0, 9)
    expect(mixOf(store).point).toEqual(at(0.5))
  })

  it('is never one of another number of objects', () => {
    withTwo()
    commands.choosePoint(store, evenPoint(3))
    commands.choosePoint(store, { ...at(0.6), strengths: [1, 1, 1] })
    commands.endTrials(store, { point: evenPoint(3), done: true, automatic: true }, 'job')
    expect(mixOf(store)).toMatchObject({ automatic: true, point: at(0.5) })
  })

  it('reaches 0 % from wherever it was moved', () => {
    withTwo()
    for (let step = 1; step < 200; step++) {
      for (const share of [step / 200, 0.3, 0]) commands.setShare(store, 1, share)
      expect(mixOf(store).point.shares[1]).toBe(0)
    }
  })

  it('of one search is one step; the best draft is chosen, and those of other pictures go', () => {
    withTwo()
    const of = conditionsOf(draftRecipeOf(recipeIn(store), mixOf(store).search))
    commands.beginTrials(store, of, 'job')
    for (const [share, judgement] of [
      [0.52, judged(1.2)],
      [0.47, judged(1.9, 0.5)],
      [0.44, judged(1.3)],
      [0.43, null],
    ] as const)
      commands.addTrial(store, trial(at(share), judgement), 'job')
    const best = bestTrial(mixOf(store).trials.list)
    // What lies side by side counts less than its score.
    expect(best?.point.shares[1]).toBe(0.44)
    commands.endTrials(store, { point: best?.point ?? null, done: true, automatic: true }, 'job')
    expect(mixOf(store).point).toEqual(at(0.44))
    expect(nearestTrial(mixOf(store).trials.list, at(0.5))?.point.shares[1]).toBe(0.52)
    commands.beginTrials(store, of, 'next')
    expect(mixOf(store).trials).toMatchObject({ done: false, list: { length: 4 } })
    expect(areStale(store.getState().document)).toBe(false)
    commands.setLabel(store, mixOf(store).objects[0].id, 'vase')
    expect(areStale(store.getState().document)).toBe(true)
    store.actions.undo()
    store.actions.undo()
    expect(mixOf(store).trials.done).toBe(true)
    store.actions.undo()
    expect(mixOf(store).trials.list).toEqual([])
    commands.beginTrials(store, 'other', 'third')
    expect(mixOf(store).trials).toMatchObject({ of: 'other', list: [] })
  })

  it('is searched for anew with other packs', () => {
    withTwo()
    const packs = ['1', '2'].map((digit) => ({
      family: 'lora' as const,
      name: digit,
      hash: digit.repeat(64),
      weight: 0.1 + 0.2,
    }))
    const modelOf = (parts: ModelRef['parts']): ModelRef => ({ name: '', hash: 'f', parts })
    const isStale = (model?: ModelRef) => areStale(store.getState().document, model)
    const made = mixRecipeOf(store.getState().document, modelOf(packs))
    const of = conditionsOf(draftRecipeOf(made, mixOf(store).search))
    commands.beginTrials(store, of, 'job')
    commands.addTrial(store, trial(at(0.5), judged(1)), 'job')
    expect(isStale()).toBe(false)
    expect(isStale(modelOf(packs))).toBe(false)
    expect(isStale(modelOf(packs.slice(1)))).toBe(true)
    expect(isStale(modelOf(packs.map((pack) => ({ ...pack, weight: 1 }))))).toBe(true)
    // The document stays readable whatever takes part.
    const most = { ...made, prompt: 'é'.repeat(MAX_PROMPT), model: modelOf(new Array(32).fill(packs[0])) }
    expect(conditionsOf(most).length).toBeLessThan(5000)
  })

  it('all around makes nine, none twice', () => {
    const points = gridPoints(at(0.5, { round: 2 }))
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(9)
    expect(points.every((point) => v.is(MixPoint, point) && point.round === 2)).toBe(true)
  })

  it('keeps the seed where a search was cut off, and where it is chosen by hand', () => {
    withTwo()
    const seeded = () => modeOf(store.getState().document).seeded(store.getState().document)
    expect(seeded()).toBe(true)
    commands.beginTrials(store, 'of', 'job')
    commands.addTrial(store, trial(at(0.5), judged(1)), 'job')
    expect(seeded()).toBe(false)
    commands.endTrials(store, { point: at(0.5), done: true, automatic: true }, 'job')
    expect(seeded()).toBe(true)
    commands.choosePoint(store, at(0.5))
    expect(seeded()).toBe(false)
  })
})

it('needs scorers to find the balance, and goes without where it is chosen', () => {
  withTwo()
  const of = () => modelReadiness(store.getState().document, [])
  const needs = modeOf(store.getState().document).packModels(store.getState().document)[0].parts
  expect(needs.filter(({ need }) => need === 'required').map(({ kind }) => kind)).toContain('dino')
  commands.setAutomatic(store, false)
  expect(of().warnings.join()).toContain('DINOv2')
  expect(needs.some(({ kind }) => kind === 't5')).toBe(false)
})

describe('a recipe of Mix', () => {
  const found = (): MixRecipe => {
    withTwo()
    commands.setLabel(store, mixOf(store).objects[1].id, 'owl')
    return { ...recipeIn(store), point: at(0.46, { strengths: [0.5, 2.1], round: 1 }), seed: '77' }
  }

  it('comes back with the balance that was found, chosen now', () => {
    const recipe = found()
    expect(v.is(MixRecipe, recipe)).toBe(true)
    const other = createDocumentStore(emptyDocument('other'))
    applyRecipe(other, recipe)
    expect(other.getState().document.settings.seed).toBe('77')
    expect({ ...mixRecipeOf(other.getState().document, NO_MODEL), search: recipe.search }).toEqual(recipe)
    // The prompt follows the names again.
    expect(mixOf(other).prompt).toBe('')
  })

  it('of the built-in model has its size, and leaves that of FLUX', () => {
    withTwo()
    commands.setMixModel(store, 'painter')
    const doc = store.getState().document
    expect(modeOf(doc).modelOf(doc)).toEqual({ kind: 'builtIn', family: 'painter2' })
    expect(modelReadiness(doc, []).reasons).toEqual([])
    const builtIn = { name: 'Painter', hash: 'p', parts: [] }
    const recipe = mixRecipeOf(doc, builtIn)
    expect(v.is(MixRecipe, recipe)).toBe(true)
    expect([recipe.mix.size, recipe.search?.size]).toEqual([128, 128])
    const other = createDocumentStore(emptyDocument('other'))
    commands.setMix(other, { size: 768 })
    applyRecipe(other, recipe)
    expect(mixOf(other)).toMatchObject({ model: 'painter', settings: { size: 768 }, search: { size: 256 } })
    expect(mixRecipeOf(other.getState().document, builtIn).mix).toEqual(recipe.mix)
    // Drafts of another model are not of now.
    commands.beginTrials(store, conditionsOf(draftRecipeOf(recipe, searchOf(mixOf(store)))), 'job')
    commands.addTrial(store, trial(at(0.5), judged(1)), 'job')
    expect(areStale(store.getState().document, builtIn)).toBe(false)
    expect(areStale(store.getState().document, { ...builtIn, hash: 'q' })).toBe(true)
    commands.setMixModel(store, 'flux')
    expect(areStale(store.getState().document)).toBe(true)
  })

  it('that names what its objects are not is restored without that', () => {
    const recipe = found()
    const places = [placeOf(1), placeOf(2)]
    const other = createDocumentStore(emptyDocument('other'))
    applyRecipe(other, { ...recipe, point: evenPoint(3), mix: { ...recipe.mix, places } })
    expect(mixOf(other)).toMatchObject({ point: at(0.5), settings: { places: [placeOf(1)] } })
  })

  it('is restored without a lost picture', () => {
    const recipe = found()
    const other = createDocumentStore(emptyDocument('other'))
    applyRecipe(other, recipe, [], new Set([recipe.objects[0].asset.hash]))
    expect(mixOf(other)).toMatchObject({ objects: [{ label: 'owl' }], point: at(0.5) })
  })
})
