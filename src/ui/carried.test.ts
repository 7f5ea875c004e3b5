import { describe, expect, it } from 'vitest'

import { fateOfDrop, fateOfPaste, type Carried, type Fate } from '@/ui/carried'

const carried = (files: number, text: boolean, link: boolean): Carried => ({ files, text, link })

/** What programs put into the clipboard or drag. */
const OFFICE = carried(1, true, true)
const SCREENSHOT = carried(1, false, false)
const PICTURE_OF_A_PAGE = carried(1, true, true)
const ADDRESS = carried(0, true, true)
const WORDS = carried(0, true, false)
const EMPTY = carried(0, false, false)

describe('a paste', () => {
  it.each<[what: string, Carried, field: Fate, studio: Fate, dialog: Fate]>([
    ['of an office program', OFFICE, 'browser', 'import', 'browser'],
    ['of a screenshot', SCREENSHOT, 'import', 'import', 'browser'],
    ['of an address', ADDRESS, 'browser', 'tell-link', 'browser'],
    ['of words', WORDS, 'browser', 'tell-text', 'browser'],
    ['of nothing', EMPTY, 'browser', 'browser', 'browser'],
  ])('%s', (_, what, field, studio, dialog) => {
    expect(fateOfPaste(what, 'field')).toBe(field)
    expect(fateOfPaste(what, 'studio')).toBe(studio)
    expect(fateOfPaste(what, 'dialog')).toBe(dialog)
  })
})

describe('a drop', () => {
  it.each<[what: string, Carried, field: Fate, studio: Fate, dialog: Fate, own: Fate]>([
    ['of files', SCREENSHOT, 'import', 'import', 'nothing', 'nothing'],
    ['of a picture of a page', PICTURE_OF_A_PAGE, 'import', 'import', 'nothing', 'nothing'],
    ['of a link', ADDRESS, 'browser', 'tell-link', 'nothing', 'nothing'],
    ['of words', WORDS, 'browser', 'tell-text', 'nothing', 'nothing'],
    ['of nothing', EMPTY, 'nothing', 'nothing', 'nothing', 'nothing'],
  ])('%s', (_, what, field, studio, dialog, own) => {
    expect(fateOfDrop(what, 'field', false)).toBe(field)
    expect(fateOfDrop(what, 'studio', false)).toBe(studio)
    expect(fateOfDrop(what, 'dialog', false)).toBe(dialog)
    expect(fateOfDrop(what, 'studio', true)).toBe(own)
  })
})
