import * as v from 'valibot'
import { describe, expect, it } from 'vitest'

import * as align from '@/document/align/commands'
import { conditionsOf, isStale, nextSeeds, sampleRecipeOf } from '@/document/align/queries'
import { followWords } from '@/document/align/words'
import { setMode } from '@/document/commands'
import { builtInFamily, chooseModel } from '@/document/models'
import { modeOf } from '@/document/modes'
import type { KnownPack } from '@/document/packs'
import { assetsOf, promptOf, promptRecipeOf, readiness, recipeAssets, recipeOf } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import * as commands from '@/document/commands'
import type { AssetRef } from '@/schema/common'
import { FusionDocument, emptyDocument } from '@/schema/document'
import {
  MAX_CANDIDATES,
  SampleRecipe,
  type AlignPart,
  type AlignStart,
  type Candidate,
} from '@/schema/modes/align'
import { Recipe } from '@/schema/recipe'

const asset = (digit: string): AssetRef => ({
  hash: digit.repeat(64),
  name: `${digit}.png`,
  width: 64,
  height: 64,
})
const painter = { name: 'Inlay Painter', hash: 'painter', parts: [] }
const documentOf = (store: DocumentStore): FusionDocument => store.getState().document
const partOf = (store: DocumentStore): AlignPart => documentOf(store).align

const candidate = (seed: number, score: number | null = null): Candidate => ({
  id: `c${seed}`,
  start: { kind: 'seed', seed: String(seed) },
  asset: asset(String(seed % 10)),
  made: null,
  score,
  reconstruction: null,
})
const own = (digit: string): Candidate => ({
  id: `own-${digit}`,
  start: { kind: 'picture', asset: asset(digit) },
  asset: asset('f'),
  made: null,
  score: 0.1,
  reconstruction: 0.02,
})

function aligning(prompt = 'the ball above the house'): DocumentStore {
  const store = createDocumentStore(emptyDocument('doc'))
  setMode(store, 'align')
  if (prompt) commands.setPrompt(store, prompt)
  return store
}

function sampled(scores: number[] = [0.2, 0.5, 0.3]): DocumentStore {
  const store = aligning()
  scores.forEach((score, seed) => align.addCandidate(store, candidate(seed, score), 'job'))
  align.giveRoles(store, 'job')
  return store
}

describe('documents', () => {
  it('from before Align open, with its defaults', () => {
    const { align: part, ...old } = emptyDocument('old')
    expect(v.parse(FusionDocument, old)).toEqual(emptyDocument('old'))
    expect(part).toMatchObject({ model: 'painter', words: [], candidates: [], base: null })
  })
})

describe('commands of Align', () => {
  it('are one undo step each, with a label, and leave a good document', () => {
    const store = sampled()
    align.toggleWord(store, 1, 0.02)
    const steps: [() => unknown, string][] = [
      [() => align.toggleWord(store, 4, 0.03), 'Pick word'],
      [() => align.setThreshold(store, 1, 0.5), 'Change threshold'],
      [() => align.toggleWord(store, 1, 0), 'Drop word'],
      [() => align.setRole(store, 'base', 'c2'), 'Choose base'],
      [() => align.setRole(store, 'reference', 'c2'), 'Choose reference'],
      [() => align.removeCandidate(store, 'c2'), 'Remove picture'],
      [() => align.addCandidate(store, own('a'), 'other'), 'Sample pictures'],
      [() => align.setAlign(store, { guidance: 7 }), 'Change guidance'],
      [() => align.setAlign(store, { layers: { first: 1, last: 3 } }), 'Change fused layers'],
      [() => align.setAlignPreset(store, 'turbo'), 'Change model'],
      [() => align.setUnet(store, 'x'), 'Change U-Net'],
      [() => align.setSampleCount(store, 4), 'Change number of pictures'],
      [() => commands.setPrompt(store, 'a tree floating'), 'Edit prompt'],
      [() => align.clearCandidates(store), 'Remove all pictures'],
    ]
    for (const [command, label] of steps) {
      const before = documentOf(store)
      command()
      expect(store.getState().undoLabel).toBe(label)
      const after = documentOf(store)
      expect(after).not.toEqual(before)
      expect(v.is(FusionDocument, after), label).toBe(true)
      store.actions.undo()
      expect(documentOf(store)).toEqual(before)
      store.actions.redo()
      expect(documentOf(store)).toEqual(after)
    }
  })

  it('let a prompt be read before there are pictures to choose from', () => {
    const store = aligning()
    commands.setPrompt(store, 'a tree on a hill')
    expect(readiness(documentOf(store)).ready).toBe(false)
    expect(promptRecipeOf(documentOf(store))).toMatchObject({ mode: 'align', prompt: 'a tree on a hill' })
    align.setAlignPreset(store, 'turbo')
    expect(promptRecipeOf(documentOf(store)), 'its text encoder is not installed').toBeNull()
  })

  it('refuse what a document cannot hold', () => {
    const store = aligning()
    for (let seed = 0; seed < MAX_CANDIDATES; seed++) align.addCandidate(store, candidate(seed), 'job')
    expect(() => align.addCandidate(store, candidate(99), 'job')).toThrow(/at most 64/)
    const before = documentOf(store)
    align.toggleWord(store, 1, 2)
    align.toggleWord(store, 999, 0.1)
    align.setThreshold(store, 1, Number.NaN)
    align.setThreshold(store, 1, 0.1)
    align.setAlign(store, { eta: 2 })
    align.setAlign(store, { width: 65 })
    align.setSampleCount(store, 0)
    align.setRole(store, 'base', 'nobody')
    align.removeCandidate(store, 'nobody')
    expect(documentOf(store)).toBe(before)
  })

  it('take the pictures of one job as one step, however long it lasts', () => {
    let clock = 0
    const store = createDocumentStore(emptyDocument('doc'), { now: () => (clock += 60_000) })
    for (const seed of [1, 2, 3]) align.addCandidate(store, candidate(seed, seed / 10), 'job')
    align.giveRoles(store, 'job')
    expect(partOf(store)).toMatchObject({ reference: 'c3', base: 'c1' })
    store.actions.undo()
    expect(partOf(store)).toEqual(emptyDocument('doc').align)
  })

  it('make the best the reference and the worst the base, and leave choices alone', () => {
    const store = sampled([0.2, 0.5, 0.3])
    expect(partOf(store)).toMatchObject({ reference: 'c1', base: 'c0' })
    align.setRole(store, 'reference', 'c2')
    align.addCandidate(store, candidate(7, 0.9), 'more')
    align.giveRoles(store, 'more')
    expect(partOf(store)).toMatchObject({ reference: 'c2', base: 'c0' })
  })

  it('exchange roles when one takes the other’s', () => {
    const store = sampled([0.2, 0.5])
    align.setRole(store, 'base', 'c1')
    expect(partOf(store)).toMatchObject({ reference: 'c0', base: 'c1' })
  })

  it('bring a candidate up to date in its place', () => {
    const store = sampled()
    align.addCandidate(store, { ...candidate(1, 0.1) }, 'again')
    expect(partOf(store).candidates.map(({ score }) => score)).toEqual([0.2, 0.1, 0.3])
  })

  it('let the fused steps follow the number of steps', () => {
    const store = aligning()
    align.setAlign(store, { steps: 10 })
    expect(partOf(store).settings.fused).toEqual({ first: 2, last: 9 })
    align.setAlign(store, { steps: 30 })
    expect(partOf(store).settings.fused).toEqual({ first: 2, last: 29 })
    align.setAlign(store, { fused: { first: 4, last: 12 } })
    align.setAlign(store, { steps: 40 })
    expect(partOf(store).settings.fused).toEqual({ first: 4, last: 12 })
    align.setAlign(store, { steps: 1 })
    expect(partOf(store).settings.fused).toEqual({ first: 0, last: 0 })
  })

  it('bring a model’s settings and keep how masks are made', () => {
    const store = aligning()
    align.setAlign(store, { union: 'xor' })
    align.setAlignPreset(store, 'turbo')
    expect(partOf(store)).toMatchObject({ model: 'sd' })
    expect(partOf(store).settings).toMatchObject({ width: 512, steps: 4, guidance: 1, union: 'xor' })
    expect(builtInFamily(documentOf(store))).toBeNull()
  })

  it('leave the prompts of other modes alone', () => {
    const store = aligning('a tree floating')
    setMode(store, 'place')
    expect(promptOf(documentOf(store))).toBe('')
    expect(partOf(store).prompt).toBe('a tree floating')
  })
})

describe('picked words', () => {
  const follow = (words: number[], before: string, after: string) =>
    followWords(
      words.map((index) => ({ index, threshold: index / 100 })),
      before,
      after,
    ).map(({ index }) => index)

  it.each([
    ['a word in front', [1, 4], 'the ball above the house', 'the red ball above the house', [2, 5]],
    ['a word behind', [1, 4], 'the ball above the house', 'the ball above the house at night', [1, 4]],
    ['a word between', [1, 4], 'the ball above the house', 'the ball far above the house', [1, 5]],
    ['a word gone', [1, 4], 'the ball above the house', 'the ball above', [1]],
    ['another word in its place', [1, 4], 'the ball above the house', 'the cube above the house', [4]],
    ['two words exchanged', [1, 4], 'the ball above the house', 'the house above the ball', [4, 1]],
    ['the same words twice', [0, 2], 'cat and cat', 'cat cat', [0, 1]],
    ['another case', [1], 'a mug', 'A MUG', [1]],
    ['nothing left', [0, 1], 'a mug', '', []],
  ])('stay with their words: %s', (_, words, before, after, expected) => {
    expect(follow(words, before, after)).toEqual(expected)
  })

  it('move when the prompt is edited, in the same undo step', () => {
    const store = aligning('a mug')
    align.toggleWord(store, 1, 0.25)
    commands.setPrompt(store, 'a red mug')
    expect(partOf(store).words).toEqual([{ index: 2, threshold: 0.25 }])
    store.actions.undo()
    expect(partOf(store)).toMatchObject({ prompt: 'a mug', words: [{ index: 1, threshold: 0.25 }] })
  })
})

describe('readiness', () => {
  it('names what is missing, one after the other', () => {
    const store = aligning('')
    const reasons = () => readiness(documentOf(store)).reasons
    expect(reasons()).toEqual([
      'Describe the picture in the prompt.',
      'Sample some pictures to choose from.',
      'Pick at least one word under the prompt: its region is taken over.',
    ])
    commands.setPrompt(store, 'a tree floating')
    align.addCandidate(store, candidate(1), 'job')
    expect(reasons()[0]).toMatch(/takes two/)
    align.addCandidate(store, candidate(2), 'job')
    expect(reasons()[0]).toBe('Choose a reference and a base among the pictures.')
    align.setRole(store, 'reference', 'c1')
    expect(reasons()[0]).toBe('Choose a base among the pictures.')
    align.setRole(store, 'base', 'c2')
    expect(reasons()).toHaveLength(1)
    align.setAlign(store, { fusion: 'whole' })
    expect(readiness(documentOf(store))).toEqual({
      ready: true,
      reasons: [],
      warnings: [],
      needsModels: false,
    })
  })

  it('warns of pictures that another prompt made, and of ranges that hold nothing', () => {
    const store = aligning()
    const recipe = sampleRecipeOf(partOf(store), painter, [{ kind: 'seed', seed: '1' }])
    const made = conditionsOf(recipe)
    align.addCandidate(store, { ...candidate(1), made }, 'job')
    align.addCandidate(store, { ...candidate(2), made }, 'job')
    align.giveRoles(store, 'job')
    expect(readiness(documentOf(store)).warnings).toEqual([])
    align.setAlign(store, { guidance: 9, fused: { first: 9, last: 3 } })
    expect(partOf(store).candidates.every((one) => isStale(partOf(store), one))).toBe(true)
    expect(readiness(documentOf(store)).warnings).toHaveLength(2)
  })

  const packs: KnownPack[] = (
    [
      ['unet', 'SD 2.1', {}],
      ['vae', 'vae', { base: 'sd2' }],
      ['vae', 'flux vae', { base: 'flux' }],
      ['clipText', 'OpenCLIP-H', { base: 'sd2' }],
      ['clipText', 'CLIP-L', { base: 'flux' }],
      ['tokenizer', 'tokens', { tokenizerOf: 'clip' }],
      ['lora', 'Style', { base: 'sd2', role: 'other' }],
      ['lora', 'Clay', { base: 'flux', role: 'other' }],
    ] as [KnownPack['family'], string, Partial<KnownPack>][]
  ).map(([family, name, extra], index) => ({
    family,
    name,
    hash: name,
    importedAt: index,
    role: null,
    tokenizerOf: null,
    problem: null,
    ...extra,
  }))

  it('of Stable Diffusion asks for its own parts, and for a scorer only as advice', () => {
    const store = sampled()
    align.toggleWord(store, 1, 0.02)
    align.setAlignPreset(store, 'sd')
    const bare = readiness(
      documentOf(store),
      packs.filter(({ base }) => base !== 'sd2'),
    )
    expect(bare.needsModels).toBe(true)
    expect(bare.reasons[0]).toBe(
      'Align needs its OpenCLIP-H text encoder and its autoencoder (VAE): open Models.',
    )
    for (const lora of packs.slice(-2))
      store.actions.apply('add', (draft) => {
        draft.loras.push({ hash: lora.hash, name: lora.name, weight: 0.5 })
      })
    const ready = readiness(documentOf(store), packs)
    expect(ready.ready).toBe(true)
    expect(ready.warnings).toEqual(['Runs without a CLIP model that scores pictures: not installed.'])
    const { model } = chooseModel(documentOf(store), painter, packs)
    expect(model).toMatchObject({ name: 'SD 2.1', hash: 'SD 2.1' })
    expect(model.parts.map(({ name }) => name)).toEqual(['SD 2.1', 'OpenCLIP-H', 'tokens', 'vae', 'Style'])
  })
})

describe('recipes', () => {
  it('hold all that determines a run, and restore it in one step', () => {
    const store = sampled()
    align.addCandidate(store, own('a'), 'own')
    align.setRole(store, 'base', 'own-a')
    align.toggleWord(store, 1, 0.25)
    align.setAlign(store, { union: 'xor', steps: 12 })
    const recipe = recipeOf(documentOf(store), painter)
    expect(v.is(Recipe, recipe)).toBe(true)
    expect(recipe).toMatchObject({
      mode: 'align',
      model: painter,
      prompt: 'the ball above the house',
      base: { kind: 'picture' },
      reference: { kind: 'seed', seed: '1' },
    })
    expect(recipeAssets(recipe).map(({ name }) => name)).toEqual(['a.png'])

    const other = createDocumentStore(emptyDocument('other'))
    const before = documentOf(other)
    applyRecipe(other, recipe)
    expect(recipeOf(documentOf(other), painter)).toEqual(recipe)
    expect(partOf(other).candidates.map(({ asset: made }) => made)).toEqual([null, null])
    other.actions.undo()
    expect(documentOf(other)).toEqual(before)
  })

  it('restored into a gallery find their pictures, and make room where it is full', () => {
    const store = sampled()
    align.toggleWord(store, 1, 0.25)
    const recipe = recipeOf(documentOf(store), painter)
    const full = aligning()
    for (let seed = 0; seed < MAX_CANDIDATES; seed++) align.addCandidate(full, candidate(seed + 1), 'job')
    applyRecipe(full, recipe)
    const part = partOf(full)
    expect(v.is(FusionDocument, documentOf(full))).toBe(true)
    expect(part.candidates).toHaveLength(MAX_CANDIDATES)
    expect(part.reference).toBe('c1')
    expect(part.candidates.find(({ id }) => id === part.base)?.start).toEqual({ kind: 'seed', seed: '0' })
  })

  it('cost other time where a start becomes a picture, and the same with another seed', () => {
    const store = sampled()
    align.addCandidate(store, own('a'), 'own')
    const cost = (base: string) => {
      align.setRole(store, 'base', base)
      const recipe = recipeOf(documentOf(store), painter)
      return JSON.stringify(modeOf(recipe).sizesOf(recipe))
    }
    expect(cost('c2')).toBe(cost('c0'))
    expect(cost('own-a')).not.toBe(cost('c0'))
  })

  it('of samples name seeds that the gallery does not have', () => {
    const store = sampled()
    const starts = nextSeeds(partOf(store), '1', 3)
    expect(starts).toEqual(['3', '4', '5'].map((seed): AlignStart => ({ kind: 'seed', seed })))
    expect(nextSeeds(partOf(store), '18446744073709551615', 2)).toEqual([
      { kind: 'seed', seed: '18446744073709551615' },
      { kind: 'seed', seed: '3' },
    ])
    expect(v.is(SampleRecipe, sampleRecipeOf(partOf(store), painter, starts))).toBe(true)
  })

  it('keep every picture of the gallery', () => {
    const store = sampled()
    align.addCandidate(store, own('a'), 'own')
    expect(assetsOf(documentOf(store)).map(({ hash }) => hash[0])).toEqual(['0', '1', '2', 'f', 'a'])
  })
})
