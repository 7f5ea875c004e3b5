import { describe, expect, it } from 'vitest'

import { copyOf, coverOf, isBlank, renameDocument, titleOf } from '@/document/naming'
import { createDocumentStore } from '@/document/store'
import { emptyDocument, type FusionDocument } from '@/schema/document'

const asset = (name: string, hash = 'a') => ({ hash: hash.repeat(64), name, width: 4, height: 3 })
const blank = emptyDocument('one')
const result: FusionDocument['layers'][number] = {
  kind: 'result',
  id: 'r',
  name: 'Result',
  visible: true,
  asset: asset('result', 'b'),
  recipe: {} as never,
}

describe('a document', () => {
  it('is called as the user says, else by its picture, else by its words', () => {
    expect(titleOf(blank)).toBe('Untitled')
    expect(titleOf({ ...blank, prompt: '  a red mug ' })).toBe('a red mug')
    expect(titleOf({ ...blank, composePrompt: 'a hat' })).toBe('a hat')
    expect(titleOf({ ...blank, prompt: 'a red mug', background: asset('kitchen.JPG') })).toBe('kitchen')
    expect(titleOf({ ...blank, name: 'Mugs', background: asset('kitchen.jpg') })).toBe('Mugs')
    expect(titleOf({ ...blank, prompt: 'x'.repeat(200) })).toHaveLength(60)
    // Cut between two characters as people see them.
    expect(titleOf({ ...blank, prompt: `${'x'.repeat(58)}👩‍🚀 and so on` })).toBe(`${'x'.repeat(58)}…`)
  })

  it('is shown by its topmost visible result, else by its first picture', () => {
    expect(coverOf(blank)).toBeNull()
    const open = { ...blank, background: asset('kitchen.jpg'), layers: [result] }
    expect(coverOf(open)?.name).toBe('result')
    expect(coverOf({ ...open, layers: [{ ...result, visible: false }] })?.name).toBe('kitchen.jpg')
  })

  it('is blank until something is put into it', () => {
    expect(isBlank(blank)).toBe(true)
    expect(isBlank({ ...blank, prompt: 'words' })).toBe(false)
    expect(isBlank({ ...blank, name: 'Mine' })).toBe(false)
    expect(isBlank({ ...blank, background: asset('a.png') })).toBe(false)
    // Whatever it is called by.
    expect(isBlank({ ...blank, name: 'Untitled' })).toBe(false)
    expect(isBlank({ ...blank, composePrompt: 'Untitled' })).toBe(false)
    expect(isBlank({ ...blank, layers: [{ ...result, asset: asset('Untitled.png') }] })).toBe(false)
  })

  it('is renamed in one step that undo takes back', () => {
    const store = createDocumentStore({ ...blank, prompt: 'words' })
    renameDocument(store, `  ${'n'.repeat(200)} `)
    expect(store.getState().document.name).toBe('n'.repeat(120))
    renameDocument(store, `${'n'.repeat(119)}👩‍🚀`)
    expect(store.getState().document.name).toBe('n'.repeat(119))
    store.actions.undo()
    store.actions.undo()
    expect(titleOf(store.getState().document)).toBe('words')
  })

  it('is copied under another name and id', () => {
    const copy = copyOf({ ...blank, prompt: 'words' }, 'two')
    expect([copy.id, copy.name, copy.prompt]).toEqual(['two', 'words copy', 'words'])
    // As long as a name can be, which is longer than a list's titles.
    expect(copyOf({ ...blank, name: 'n'.repeat(120) }, 'two').name).toBe(`${'n'.repeat(115)} copy`)
    expect(copyOf({ ...blank, name: `${'n'.repeat(114)}👩‍🚀` }, 'two').name).toBe(`${'n'.repeat(114)} copy`)
  })
})
