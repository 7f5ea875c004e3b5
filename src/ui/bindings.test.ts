import { describe, expect, it } from 'vitest'

import { keyName, keysOf, ownerOf, printed, printedKeys, rebound, refusal, restored } from '@/ui/bindings'
import { KEYMAP, type ShortcutId } from '@/ui/keymap'

describe('a shortcut with other keys', () => {
  it('has them instead of its own, and nobody else has them', () => {
    const bound = rebound({}, 'flip', 'v', ['v', '@KeyV'])
    expect(keysOf('flip', bound)).toEqual(['v'])
    expect(keysOf('select', bound)).toEqual([])
    expect(keysOf('box', bound)).toBe(KEYMAP.box)
    expect(ownerOf(['x'], bound)).toBeNull()
    expect(ownerOf(['v', '@KeyV'], bound)).toBe('flip')
  })

  it('keeps what is left of several', () =>
    expect(keysOf('redo', rebound({}, 'flip', 'mod+y', ['mod+y', 'mod+@KeyY']))).toEqual(['mod+shift+z']))

  it('is heard by the place of a key, where it is bound so', () => {
    const bound = rebound({}, 'flip', '@KeyQ', ['a', '@KeyQ'])
    // What a French keyboard types there.
    expect(ownerOf(['a', '@KeyQ'], bound)).toBe('flip')
    expect(keysOf('accept', bound)).toEqual([])
  })

  it('may have none', () => expect(keysOf('flip', rebound({}, 'flip', null))).toEqual([]))

  it('gets its own back, from whoever has them meanwhile', () => {
    const bound = rebound(rebound({}, 'flip', 'q', ['q']), 'box', 'x', ['x'])
    const back = restored(bound, 'flip')
    expect(keysOf('flip', back)).toBe(KEYMAP.flip)
    expect(keysOf('box', back)).toEqual([])
    expect(back).not.toHaveProperty('flip')
  })

  it('leaves what it came from as it was', () => {
    const bound = rebound({}, 'flip', 'q', ['q'])
    rebound(bound, 'box', 'q', ['q'])
    expect(bound).toEqual({ flip: ['q'] })
  })
})

const MOD = keyName('mod')

it.each([
  [['mod+w', 'mod+@KeyW'], true],
  [['mod+c', 'mod+@KeyC'], true],
  [['Enter', '@Enter'], true],
  [['ArrowUp', '@ArrowUp'], true],
  [['shift+q', 'shift+@KeyQ'], false],
  [['F3', '@F3'], false],
  [['F2', '@F2'], true],
])('%s is refused: %s', (readings, refused) => expect(refusal(readings, false) !== null).toBe(refused))

it.each([
  [['s', '@KeyS'], true],
  [['shift+s', 'shift+@KeyS'], true],
  [['+', '@Equal'], true],
  [['Backspace', '@Backspace'], true],
  [['mod+s', 'mod+@KeyS'], false],
  [['alt+s', 'alt+@KeyS'], false],
  [['F8', '@F8'], false],
])('%s is refused where it would be typed: %s', (readings, refused) =>
  expect(refusal(readings, true) !== null).toBe(refused),
)

it.each([
  ['mod+shift+z', [MOD, 'Shift', 'Z']],
  ['+', ['+']],
  ['mod++', [MOD, '+']],
  ['shift+ArrowLeft', ['Shift', '←']],
  ['alt+@KeyZ', ['Alt', 'place of Z']],
  ['@Digit8', ['place of 8']],
  ['@BracketLeft', ['place of BracketLeft']],
  ['F2', ['F2']],
])('%s is printed as %s', (press, keys) => expect(printed(press)).toEqual(keys))

it('a tooltip names the first keys, or none', () => {
  expect(printedKeys('redo', {})).toBe(`${MOD}+Shift+Z`)
  expect(printedKeys('redo', { redo: [] })).toBe('')
})

it('what is refused is nobody’s but by the keymap', () => {
  const ids = Object.keys(KEYMAP) as ShortcutId[]
  const refused = ids.filter((id) => KEYMAP[id].some((press) => refusal([press], false) !== null))
  expect(refused.sort()).toEqual(['escape', 'nudge', 'nudge-far', 'rename'])
})
