import * as v from 'valibot'
import { expect, it } from 'vitest'

import * as commands from '@/document/commands'
import * as compose from '@/document/compose/commands'
import { readiness, recipeOf } from '@/document/queries'
import { applyRecipe } from '@/document/restore'
import { createDocumentStore } from '@/document/store'
import { emptyDocument } from '@/schema/document'
import { ComposeRecipe } from '@/schema/modes/compose'

const asset = (n: number) => ({ hash: String(n).repeat(64), name: `${n}.png`, width: 160, height: 120 })
const builtIn = { name: 'Painter', hash: 'p', parts: [] }

it('Compose on the built-in model takes three references without roles, and comes back from its recipe', () => {
  const store = createDocumentStore(emptyDocument('doc'))
  commands.setMode(store, 'compose')
  compose.setComposeModel(store, 'painter')
  commands.setPrompt(store, 'a red owl')
  for (const n of [1, 2, 3, 4]) compose.addReference(store, asset(n), 'identity')
  const reasons = () => readiness(store.getState().document, []).reasons
  expect(reasons()).toEqual(['The built-in model takes up to 3 references: remove 1.'])
  compose.removeReference(store, store.getState().document.references[3].id)
  expect(reasons()).toEqual([])
  expect(readiness(store.getState().document, [], ['painter2'])).toMatchObject({
    ready: false,
    reasons: ['Inlay Painter 2 does not come with this studio: choose another model.'],
    needsModels: false,
  })
  expect(readiness(store.getState().document, [], ['painter']).ready).toBe(true)
  compose.setPainterCompose(store, { steps: 12, guidance: 3 })
  // More than it was taught is refused.
  compose.setPainterCompose(store, { guidance: 7 })
  expect(store.getState().document.painterCompose).toEqual({ steps: 12, guidance: 3 })
  // What DreamO is set to does not reach it.
  compose.setCompose(store, { noise: 'torch', trueCfg: 3 })

  const recipe = recipeOf(store.getState().document, builtIn, [])
  if (recipe.mode !== 'compose') throw new Error(recipe.mode)
  expect(v.is(ComposeRecipe, recipe)).toBe(true)
  expect(recipe.compose).toMatchObject({ width: 128, height: 128, steps: 12, guidance: 3, trueCfg: 1 })
  expect(recipe.references.map(({ role }) => role)).toEqual(['subject', 'subject', 'subject'])

  const other = createDocumentStore(emptyDocument('other'))
  applyRecipe(other, recipe)
  expect(recipeOf(other.getState().document, builtIn, [])).toEqual(recipe)
  const { composeModel, painterCompose, compose: others } = other.getState().document
  expect({ composeModel, painterCompose }).toEqual({
    composeModel: 'painter',
    painterCompose: { steps: 12, guidance: 3 },
  })
  // What DreamO was set to is as it was.
  expect(others.width).toBe(1024)
})
