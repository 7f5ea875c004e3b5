import { describe, expect, it } from 'vitest'

import { KEYMAP } from '@/ui/keymap'
import { keysOf } from '@/ui/bindings'
import { presses, type KeyPress } from '@/ui/keys'
import { SHORTCUTS } from '@/ui/shortcuts'

type Held = 'shift' | 'ctrl' | 'alt' | 'meta' | 'AltGraph'

const press = (key: string, code: string, ...held: Held[]): KeyPress => ({
  key,
  code,
  shiftKey: held.includes('shift'),
  ctrlKey: held.includes('ctrl'),
  altKey: held.includes('alt'),
  metaKey: held.includes('meta'),
  isComposing: false,
  keyCode: 0,
  getModifierState: (name) => name === 'AltGraph' && held.includes('AltGraph'),
})

/** The shortcut that a press reaches, by its label. */
const reached = (event: KeyPress, onMac = false): string | null => {
  for (const name of presses(event, onMac)) {
    const found = SHORTCUTS.find(({ id }) => keysOf(id, {}).includes(name))
    if (found) return found.label
  }
  return null
}

const UP = 'Move up in the list, or a larger brush'
const DOWN = 'Move down in the list, or a smaller brush'
const PEEK = 'Hold to see before'
const LIST = 'Settings, with this list'

/** What each layout sends for what its user means. */
const LAYOUTS: Record<string, [means: string | null, event: KeyPress][]> = {
  us: [
    ['Undo', press('z', 'KeyZ', 'ctrl')],
    ['Redo', press('Z', 'KeyZ', 'ctrl', 'shift')],
    ['Redo', press('y', 'KeyY', 'ctrl')],
    ['Open a background', press('o', 'KeyO')],
    // With Caps Lock, and Shift under it.
    ['Open a background', press('O', 'KeyO')],
    ['Add a foreground, a reference or own pictures', press('O', 'KeyO', 'shift')],
    [UP, press(']', 'BracketRight')],
    [DOWN, press('[', 'BracketLeft')],
    [null, press('{', 'BracketLeft', 'shift')],
    [PEEK, press('\\', 'Backslash')],
    [LIST, press('?', 'Slash', 'shift')],
    ['Zoom in', press('+', 'Equal', 'shift')],
    ['Zoom in', press('=', 'Equal')],
    ['Zoom in', press('+', 'NumpadAdd')],
    ['Zoom out', press('-', 'Minus')],
    ['Fit the picture', press('0', 'Digit0')],
    ['Zoom to 100 %', press('1', 'Numpad1')],
    [null, press('!', 'Digit1', 'shift')],
    ['Move by 1 px', press('ArrowLeft', 'ArrowLeft')],
    ['Move by 10 px', press('ArrowLeft', 'ArrowLeft', 'shift')],
    ['Fuse, also while typing', press('Enter', 'NumpadEnter', 'ctrl')],
    ['Stop, discard, or step back', press('Escape', 'Escape')],
    [null, press('z', 'KeyZ', 'alt')],
    [null, press('z', 'KeyZ', 'ctrl', 'alt')],
    [null, press('s', 'KeyS', 'meta')],
    [null, press('f', 'KeyF', 'ctrl')],
  ],
  'de, with AltGr as Linux and as Windows send it': [
    ['Undo', press('z', 'KeyY', 'ctrl')],
    ['Redo', press('y', 'KeyZ', 'ctrl')],
    [UP, press(']', 'Digit9', 'AltGraph')],
    [UP, press(']', 'Digit9', 'ctrl', 'alt', 'AltGraph')],
    [DOWN, press('[', 'Digit8', 'ctrl', 'alt', 'AltGraph')],
    [PEEK, press('\\', 'Minus', 'AltGraph')],
    ['Zoom in', press('+', 'BracketRight')],
    ['Zoom out', press('-', 'Slash')],
    [LIST, press('?', 'Minus', 'shift')],
    // Umlauts are letters of their own, whatever lies there elsewhere.
    [null, press('ü', 'BracketLeft')],
    [null, press('@', 'KeyQ', 'ctrl', 'alt', 'AltGraph')],
  ],
  'fr azerty': [
    ['Undo', press('z', 'KeyW', 'ctrl')],
    ['Accept the result', press('a', 'KeyQ')],
    ['Models', press('m', 'Semicolon')],
    [null, press('w', 'KeyZ', 'ctrl')],
    ['Fit the picture', press('à', 'Digit0')],
    ['Zoom to 100 %', press('&', 'Digit1')],
    ['Zoom to 100 %', press('1', 'Digit1', 'shift')],
    ['Zoom out', press('-', 'Digit6')],
    [UP, press(']', 'Minus', 'AltGraph')],
    [LIST, press('?', 'KeyM', 'shift')],
  ],
  ru: [
    ['Undo', press('я', 'KeyZ', 'ctrl')],
    ['Redo', press('Я', 'KeyZ', 'ctrl', 'shift')],
    ['Download PNG', press('ы', 'KeyS', 'ctrl')],
    ['Open a background', press('щ', 'KeyO')],
    ['Fuse', press('а', 'KeyF')],
    [UP, press('ъ', 'BracketRight')],
    [DOWN, press('х', 'BracketLeft')],
    [PEEK, press('\\', 'Backslash')],
    [LIST, press('?', 'Digit7', 'shift')],
    ['Fit the picture', press('0', 'Digit0')],
  ],
  gr: [
    ['Undo', press('ζ', 'KeyZ', 'ctrl')],
    ['Accept the result', press('α', 'KeyA')],
    ['Redo', press('Ζ', 'KeyZ', 'ctrl', 'shift')],
    [UP, press(']', 'BracketRight')],
    [null, press(';', 'KeyQ')],
  ],
  dvorak: [
    ['Undo', press('z', 'Slash', 'ctrl')],
    ['Download PNG', press('s', 'Semicolon', 'ctrl')],
    ['Duplicate', press('d', 'KeyH', 'ctrl')],
    [null, press(';', 'KeyZ', 'ctrl')],
    // Not Duplicate, by its place.
    ['Merge into the background, with what is seen below', press('e', 'KeyD', 'ctrl')],
    [DOWN, press('[', 'Minus')],
    [null, press('/', 'BracketLeft')],
  ],
  'jp with an input method': [
    ['Undo', press('z', 'KeyZ', 'ctrl')],
    // Kana input, nothing being composed.
    ['Open a background', press('ら', 'KeyO')],
    [null, { ...press('Enter', 'Enter'), isComposing: true }],
    [null, { ...press('Escape', 'Escape'), isComposing: true }],
    [null, { ...press('Escape', 'Escape'), keyCode: 229 }],
    [null, { ...press('Process', 'KeyF'), keyCode: 229 }],
    [null, { ...press('z', 'KeyZ', 'ctrl'), isComposing: true }],
    ['Stop, discard, or step back', press('Escape', 'Escape')],
  ],
  'ar and th, whose digits and signs are letters too': [
    ['Undo', press('ئ', 'KeyZ', 'ctrl')],
    ['Zoom to 100 %', press('ๅ', 'Digit1')],
    [DOWN, press('บ', 'BracketLeft')],
  ],
}

describe.each(Object.entries(LAYOUTS))('on %s', (_, table) => {
  it.each(table.map(([means, event]) => ({ means, event, key: event.key })))(
    '$key means $means',
    ({ means, event }) => expect(reached(event)).toBe(means),
  )
})

describe('on a Mac', () => {
  it.each([
    ['Undo', press('z', 'KeyZ', 'meta')],
    ['Undo', press('я', 'KeyZ', 'meta')],
    [null, press('z', 'KeyZ', 'ctrl')],
    // Option types signs on German keyboards.
    [UP, press(']', 'Digit6', 'alt')],
    [DOWN, press('[', 'Digit5', 'alt')],
    [null, press('ø', 'KeyO', 'alt')],
  ])('%s', (means, event) => expect(reached(event, true)).toBe(means))
})

it('no two shortcuts have the same keys', () => {
  const all = Object.values(KEYMAP).flat()
  expect(new Set(all).size).toBe(all.length)
})
