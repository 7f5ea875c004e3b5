import { describe, expect, it } from 'vitest'

import * as commands from '@/document/commands'
import * as compose from '@/document/compose/commands'
import { composeInstruction } from '@/document/compose/instruction'
import type { KnownPack } from '@/document/packs'
import { readiness, recipeOf } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore } from '@/document/store'
import type { AssetRef } from '@/schema/common'
import { emptyDocument, type FusionDocument } from '@/schema/document'
import type { ReferenceRole } from '@/schema/modes/compose'
import { kleinReferenceSize } from '@/schema/modes/kleinSizes'

const asset = (n: number, width = 1600, height = 1200): AssetRef => ({
  hash: String(n).repeat(64),
  name: `${n}.png`,
  width,
  height,
})
const model = { name: 'klein', hash: 'k', parts: [] }

function composing(...roles: ReferenceRole[]) {
  const store = createDocumentStore(emptyDocument('doc'))
  commands.setMode(store, 'compose')
  compose.setComposeModel(store, 'klein')
  roles.forEach((role, i) => compose.addReference(store, asset(i + 1), role))
  const doc = (): FusionDocument => store.getState().document
  return { store, doc, instruction: () => composeInstruction(doc()) }
}

describe('what klein reads', () => {
  it('calls references by their numbers and says what the prompt does not', () => {
    const { store, instruction } = composing('subject', 'style', 'subject')
    commands.setPrompt(store, 'A cup like [ref#1] on a table')
    expect(instruction()).toBe(
      'A cup like image 1 on a table. Take the style of image 2, not what it shows. Show what image 3 shows.',
    )
    compose.setKleinCompose(store, { instruction: 'Image 3 beside image 1' })
    compose.moveReference(store, store.getState().document.references[2].id, 0)
    expect(instruction()).toBe('Image 1 beside image 2')
    compose.moveReference(store, store.getState().document.references[0].id, 2)
    expect(instruction()).toBe('Image 3 beside image 1')
    compose.removeReference(store, store.getState().document.references[0].id)
    expect(instruction()).toBe('Image 2 beside image ?')
    store.actions.undo()
    compose.setKleinCompose(store, { instruction: 'my own words' })
    compose.removeReference(store, store.getState().document.references[2].id)
    expect(instruction()).toBe('my own words')
    compose.setKleinCompose(store, { instruction: null })
    expect(instruction()).toBe('A cup like image 1 on a table. Take the style of image 2, not what it shows.')
  })

  it('is frozen in the recipe, with sizes and steps of its own, and comes back with it', () => {
    const { store, doc, instruction } = composing('tryOn', 'identity')
    commands.setPrompt(store, 'A portrait!')
    compose.setKleinCompose(store, { steps: 6 })
    compose.setCompose(store, { width: 512, height: 768, referenceSize: 384 })
    const recipe = recipeOf(doc(), model)
    expect(recipe).toMatchObject({
      klein: { instruction: instruction() },
      compose: { width: 512, height: 768, steps: 6, referenceSize: 384, trueCfg: 1 },
    })
    for (const own of [null, 'other words']) {
      compose.setKleinCompose(store, { instruction: own })
      const frozen = recipeOf(doc(), model)
      const fresh = createDocumentStore(emptyDocument('other'))
      applyRecipe(fresh, frozen, [])
      const restored = fresh.getState().document
      expect(restored).toMatchObject({ composeModel: 'klein', kleinCompose: { steps: 6, instruction: own } })
      expect(recipeOf(restored, { ...model })).toEqual(frozen)
    }
  })

  it('is read by the newest encoder that fits the transformer', () => {
    const { store, doc } = composing('subject')
    commands.setPrompt(store, 'a cup')
    const pack = (family: KnownPack['family'], importedAt: number, textWidth?: number): KnownPack => ({
      ...{ family, importedAt, textWidth, name: family, hash: `${family} ${importedAt}` },
      ...{ role: null, tokenizerOf: null, base: 'flux2', problem: null },
    })
    const packs = [pack('flux2Dit', 0, 7680), pack('qwen3', 1, 7680), pack('qwen3', 2, 12288)]
    const encoders = (installed: KnownPack[]) => {
      const { parts } = recipeOf(doc(), model, installed).model
      return parts.flatMap(({ family, hash }) => (family === 'qwen3' ? [hash] : []))
    }
    expect(encoders(packs)).toEqual(['qwen3 1'])
    expect(encoders([packs[0], packs[2]])).toEqual([])
  })

  it('is not asked of more than four references', () => {
    const { store, doc } = composing('subject', 'subject', 'subject', 'subject', 'subject')
    commands.setPrompt(store, 'all of them')
    expect(readiness(doc(), []).reasons.join(' ')).toContain('up to 4 references: remove 1')
    compose.removeReference(store, doc().references[0].id)
    expect(readiness(doc(), []).reasons.join(' ')).not.toContain('references')
  })
})

describe('how large references go in', () => {
  it.each([
    [0, 1600, 1200, { width: 1168, height: 880 }],
    [1, 1600, 1200, { width: 576, height: 432 }],
    [1, 400, 300, { width: 400, height: 288 }],
  ])('reference %i of %i x %i', (index, width, height, expected) => {
    const reference = { asset: asset(1, width, height), role: 'subject' as const, face: null }
    expect(kleinReferenceSize(reference, index, { referenceSize: 512 })).toEqual(expected)
  })
})
