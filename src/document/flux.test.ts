import * as v from 'valibot'
import { describe, expect, it } from 'vitest'

import * as commands from '@/document/commands'
import * as compose from '@/document/compose/commands'
import * as models from '@/document/modelCommands'
import * as place from '@/document/place/commands'
import { unknownPlaceholders } from '@/document/compose/queries'
import { composeWarnings } from '@/document/compose/queries'
import { chooseModel } from '@/document/models'
import type { KnownPack } from '@/document/packs'
import { assetsOf, readiness, recipeOf } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore, type DocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import { FusionDocument, emptyDocument } from '@/schema/document'
import { Recipe } from '@/schema/recipe'
import { MINI_2 } from '@/schema/modes/place'
import type { LoraRole } from '@/schema/pack'

const asset = (digit: string): AssetRef => ({
  hash: digit.repeat(64),
  name: `${digit}.png`,
  width: 200,
  height: 400,
})
const flux = { ...compose, ...models, ...place, setMode: commands.setMode }
const builtIn = { name: 'Inlay Painter', hash: 'painter', parts: [] }
const documentOf = (store: DocumentStore): FusionDocument => store.getState().document

let made = 0
function pack(family: KnownPack['family'], extra: Partial<KnownPack> = {}): KnownPack {
  made += 1
  return {
    family,
    name: `${family} ${made}`,
    hash: `hash-${made}`,
    importedAt: made,
    role: null,
    tokenizerOf: null,
    base: 'flux',
    problem: null,
    ...extra,
  }
}
const lora = (role: LoraRole): KnownPack => pack('lora', { role, name: role })
const shared = [
  pack('fluxDit', { name: 'FLUX.1-dev' }),
  pack('clipText'),
  pack('t5'),
  pack('vae'),
  pack('tokenizer', { tokenizerOf: 'clip' }),
  pack('tokenizer', { tokenizerOf: 't5' }),
]

function composing(references = 2): DocumentStore {
  const store = createDocumentStore(emptyDocument('doc'))
  flux.setMode(store, 'compose')
  for (let i = 0; i < references; i++) flux.addReference(store, asset(String(i)))
  return store
}

describe('documents', () => {
  it('from before the FLUX modes open, with the defaults of the specs', () => {
    const {
      mode,
      placeModel,
      fluxPlace,
      references,
      composePrompt,
      compose,
      preset,
      loras,
      transformer,
      ...old
    } = emptyDocument('old')
    expect(v.parse(FusionDocument, old)).toEqual(emptyDocument('old'))
    expect([mode, placeModel, references, composePrompt, loras, transformer]).toEqual([
      'place',
      'mini2',
      [],
      '',
      [],
      null,
    ])
    expect(fluxPlace).toMatchObject({ size: 512, steps: 28, guidance: 3.5, textStrength: 1 })
    expect(compose).toMatchObject({ width: 1024, height: 1024, steps: 25, guidance: 4.5, trueCfg: 1 })
    expect(preset).toEqual({ version: 'v1.1', turbo: false })
  })
})

describe('commands of the FLUX modes', () => {
  it('are one undo step each, with a label, and leave a good document', () => {
    const store = composing()
    const [first] = documentOf(store).references
    const steps: [() => unknown, string][] = [
      [() => flux.addReference(store, asset('a'), 'style'), 'Add reference a.png'],
      [() => flux.setReferenceRole(store, first.id, 'tryOn'), 'Use as try-on'],
      [() => flux.setReferenceFace(store, first.id, { x: -5, y: 10, width: 50, height: 900 }), 'Set face'],
      [() => flux.replaceReferenceAsset(store, first.id, asset('b')), 'Cut out reference'],
      [() => flux.moveReference(store, first.id, 9), 'Reorder references'],
      [() => flux.removeReference(store, first.id), 'Remove reference 3'],
      [() => commands.setPrompt(store, 'a cat'), 'Edit prompt'],
      [() => flux.setCompose(store, { guidance: 5 }), 'Change guidance'],
      [() => flux.setCompose(store, { width: 768, height: 1024 }), 'Change size'],
      [() => flux.setCompose(store, { negativePrompt: 'blur' }), 'Change negative prompt'],
      [() => flux.setPreset(store, { version: 'v1' }), 'Change preset'],
      [() => flux.setPlaceModel(store, 'dreamfuse'), 'Change model'],
      [() => flux.setFluxPlace(store, { size: 768 }), 'Change size'],
      [() => flux.setPlaceTurbo(store, true), 'Use fast preset'],
      [() => flux.setLora(store, { hash: 'x', name: 'Clay' }, 0.8), 'Add Clay'],
      [() => flux.setLora(store, { hash: 'x', name: 'Clay' }, -0.5), 'Weight of Clay'],
      [() => flux.setLora(store, { hash: 'x', name: 'Clay' }, null), 'Take out Clay'],
      [() => flux.setTransformer(store, 'krea'), 'Change transformer'],
      [() => flux.useAsPlaceBackground(store, asset('c')), 'Use as background'],
      [() => flux.setMode(store, 'compose'), 'Switch to Compose'],
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

  it('refuse what a document cannot hold', () => {
    const store = composing(9)
    expect(() => flux.addReference(store, asset('a'))).toThrow(/at most 9/)
    const before = documentOf(store)
    flux.setCompose(store, { width: 1000 })
    flux.setCompose(store, { guidance: Number.NaN })
    flux.setFluxPlace(store, { textStrength: 11 })
    flux.setLora(store, { hash: 'x', name: 'Clay' }, 5)
    flux.setLora(store, { hash: 'x', name: 'Clay' }, null)
    flux.removeReference(store, 'none')
    flux.moveReference(store, before.references[0].id, 0)
    flux.setReferenceRole(store, 'none', 'style')
    expect(documentOf(store)).toBe(before)
  })

  it('keep a face inside its picture', () => {
    const store = composing(1)
    const [{ id }] = documentOf(store).references
    flux.setReferenceFace(store, id, { x: -5, y: 390, width: 900, height: 900 })
    expect(documentOf(store).references[0].face).toEqual({ x: 0, y: 390, width: 200, height: 10 })
  })

  it('keep placeholders on their pictures', () => {
    const store = composing(3)
    const ids = documentOf(store).references.map(({ id }) => id)
    commands.setPrompt(store, '[ref#1] holds [ref#2] before [ref#3], [ref#9]')
    flux.moveReference(store, ids[0], 2)
    expect(documentOf(store).composePrompt).toBe('[ref#3] holds [ref#1] before [ref#2], [ref#9]')
    flux.removeReference(store, ids[1])
    expect(documentOf(store).composePrompt).toBe('[ref#2] holds before [ref#1], [ref#8]')
    expect(unknownPlaceholders(documentOf(store))).toEqual(['[ref#8]'])
  })

  it('bring steps and guidance with a preset', () => {
    const store = composing()
    flux.setPreset(store, { turbo: true })
    flux.setPreset(store, { version: 'v1' })
    expect(documentOf(store).compose).toMatchObject({ steps: 12, guidance: 3.5 })
    flux.setPlaceTurbo(store, true)
    expect(documentOf(store).fluxPlace.steps).toBe(8)
  })

  it('leave the prompt of the other mode alone', () => {
    const store = createDocumentStore(emptyDocument('doc'))
    commands.setPrompt(store, 'a red mug')
    flux.setMode(store, 'compose')
    commands.setPrompt(store, 'a cat')
    expect(documentOf(store)).toMatchObject({ prompt: 'a red mug', composePrompt: 'a cat' })
  })
})

describe('models', () => {
  it('missing for a mode are named', () => {
    const store = composing()
    commands.setPrompt(store, 'a cat')
    const bare = readiness(documentOf(store))
    expect(bare.needsModels).toBe(true)
    expect(bare.reasons[0]).toMatch(
      /^Compose needs the FLUX transformer, the DreamO LoRA, the T5 text encoder and 4 more: open Models\.$/,
    )
    const most = readiness(documentOf(store), [...shared, lora('dreamo')])
    expect(most).toMatchObject({ ready: true, reasons: [] })
    expect(most.warnings[0]).toMatch(/CFG-distill.*SFT.*DPO/)
    const all = [
      ...shared,
      ...(['dreamo', 'dreamo-cfg-distill', 'dreamo-sft', 'dreamo-dpo'] as const).map(lora),
    ]
    expect(readiness(documentOf(store), all)).toEqual({
      ready: true,
      reasons: [],
      warnings: [],
      needsModels: false,
    })
    const broken = all.map((one) => (one.role === 'dreamo' ? { ...one, problem: {} } : one))
    expect(readiness(documentOf(store), broken).reasons).toEqual([
      'Compose needs the DreamO LoRA: open Models.',
    ])
  })

  it('are taken with the strengths of the preset, extras last', () => {
    const store = composing()
    flux.setPreset(store, { version: 'v1', turbo: true })
    const roles = [
      'dreamo',
      'dreamo-cfg-distill',
      'dreamo-quality-pos',
      'dreamo-quality-neg',
      'dreamo-sft',
      'turbo',
    ] as const
    const clay = lora('other')
    const packs = [...shared, ...roles.map(lora), clay]
    flux.setLora(store, clay, 0.5)
    flux.setLora(store, { hash: 'gone', name: 'Gone' }, 1)
    const { model } = chooseModel(documentOf(store), builtIn, packs)
    expect(model.name).toBe('FLUX.1-dev + DreamO')
    expect(model.hash).toBe(shared[0].hash)
    expect(
      model.parts.filter(({ family }) => family === 'lora').map(({ name, weight }) => [name, weight]),
    ).toEqual([
      ['dreamo', 1],
      ['dreamo-cfg-distill', 1],
      ['dreamo-quality-pos', 0.15],
      ['dreamo-quality-neg', -0.8],
      ['turbo', 1],
      ['other', 0.5],
    ])
    expect(readiness(documentOf(store), packs).warnings).toEqual(['Runs without “Gone”: not installed.'])
  })

  it('of Compose on klein are warned about above the tokens that its schedule knows', () => {
    const store = composing()
    const about = () => composeWarnings(documentOf(store)).filter((one) => one.includes('megapixels'))
    flux.setCompose(store, { width: 1280, height: 1024 })
    expect(about()).toEqual([])
    flux.setComposeModel(store, 'klein')
    expect(about()).toHaveLength(1)
    flux.setCompose(store, { width: 1024, height: 1024 })
    expect(about()).toEqual([])
  })

  it('are the newest of a kind, or the chosen transformer', () => {
    const store = composing()
    const krea = pack('fluxDit', { name: 'FLUX.1-Krea' })
    const packs = [...shared, krea, lora('dreamo')]
    expect(chooseModel(documentOf(store), builtIn, packs).model.hash).toBe(krea.hash)
    flux.setTransformer(store, shared[0].hash)
    expect(chooseModel(documentOf(store), builtIn, packs).model.hash).toBe(shared[0].hash)
  })

  it('of Mix are Krea, whenever it came, unless another is chosen', () => {
    const store = createDocumentStore(emptyDocument('doc'))
    flux.setMode(store, 'mix')
    const [old, krea, latest] = ['FLUX.1-dev', 'flux1-krea-dev', 'FLUX.1-dev again'].map((name) =>
      pack('fluxDit', { name }),
    )
    const hashOf = (packs: KnownPack[]) => chooseModel(documentOf(store), builtIn, packs).model.hash
    expect(hashOf([old, krea, latest])).toBe(krea.hash)
    expect(hashOf([old, latest])).toBe(latest.hash)
    flux.setTransformer(store, old.hash)
    expect(hashOf([old, krea, latest])).toBe(old.hash)
  })

  it('of Place are the built-in one until DreamFuse is chosen', () => {
    const store = createDocumentStore(emptyDocument('doc'))
    commands.setBackground(store, asset('b'))
    commands.addForeground(store, asset('c'))
    expect(recipeOf(documentOf(store), builtIn, shared)).toMatchObject({ model: MINI_2, steps: 4 })
    flux.setPlaceModel(store, 'dreamfuse')
    expect(readiness(documentOf(store), shared).reasons[0]).toBe(
      'DreamFuse needs the DreamFuse LoRA: open Models.',
    )
    const noText = [shared[0], shared[1], shared[3], lora('dreamfuse')]
    expect(readiness(documentOf(store), noText)).toMatchObject({ ready: true })
    expect(readiness(documentOf(store), noText).warnings[0]).toMatch(/T5.*run before/)
    const recipe = recipeOf(documentOf(store), builtIn, noText)
    expect(recipe).toMatchObject({ mode: 'place', steps: 28, flux: { size: 512, guidance: 3.5 } })
    expect(v.is(Recipe, recipe)).toBe(true)
  })
})

describe('compose recipes', () => {
  it('restore what made them, in one step', () => {
    const clay = lora('other')
    const packs = [...shared, ...(['dreamo', 'dreamo-quality-neg', 'turbo'] as const).map(lora), clay]
    const store = composing()
    const [first, second] = documentOf(store).references
    flux.setReferenceRole(store, first.id, 'identity', { x: 1, y: 2, width: 30, height: 30 })
    flux.setReferenceFace(store, second.id, { x: 1, y: 2, width: 30, height: 30 })
    flux.setPreset(store, { version: 'v1', turbo: true })
    flux.setLora(store, clay, 0.5)
    commands.setPrompt(store, '[ref#1] with [ref#2]')
    const recipe = recipeOf(documentOf(store), builtIn, packs)
    expect(v.is(Recipe, recipe)).toBe(true)
    expect(recipe.mode === 'compose' && recipe.references.map(({ face }) => face !== null)).toEqual([
      true,
      false,
    ])
    const other = createDocumentStore(emptyDocument('other'))
    const before = documentOf(other)
    applyRecipe(other, recipe, packs)
    expect(recipeOf(documentOf(other), builtIn, packs)).toEqual(recipe)
    expect(documentOf(other)).toMatchObject({ mode: 'compose', preset: { version: 'v1', turbo: true } })
    expect(assetsOf(documentOf(other)).map(({ hash }) => hash[0])).toEqual(['0', '1'])
    other.actions.undo()
    expect(documentOf(other)).toEqual(before)
  })
})
