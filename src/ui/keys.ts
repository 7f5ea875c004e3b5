/**
 * The one rule by which key presses are read, for shortcuts and for every control's own keys:
 *
 * 1. While an input method composes, keys are its own: Enter accepts a word, Escape takes one back.
 * 2. Letters, digits and signs are what the layout types, wherever the key lies (KeyA is Q in France).
 * 3. Where the layout types letters of another script, the key's place decides (Ctrl+я is Ctrl+Z), and where digits
 *    need Shift, the digits' keys are digits all the same.
 * 4. Shift belongs to what is typed, except with letters and named keys; so do AltGr and the Mac's Option.
 * 5. Last of all a press is its key's place, whatever that types, for who has bound it so: "mod+@KeyZ".
 */
import type { KeyboardEvent as ReactKeyboardEvent } from 'react'

import { ON_MAC } from '@/ui/platform'

/** What of an event decides. */
export type KeyPress = Pick<
  KeyboardEvent,
  | 'key'
  | 'code'
  | 'shiftKey'
  | 'ctrlKey'
  | 'altKey'
  | 'metaKey'
  | 'isComposing'
  | 'keyCode'
  | 'getModifierState'
>

/** What the keys of a US keyboard type, for places whose letters are of another script. */
const BY_PLACE: Record<string, [plain: string, shifted: string]> = {
  Minus: ['-', '_'],
  Equal: ['=', '+'],
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Backslash: ['\\', '|'],
  Slash: ['/', '?'],
}

/** Letters and vowel signs of other scripts than ours. */
const FOREIGN = /^(?!\p{Script=Latin})[\p{L}\p{M}]+$/u

/** Whether an input method is at work; Safari says so by the code alone when Enter ends a word. */
const composes = ({ isComposing, keyCode }: KeyPress): boolean => isComposing || keyCode === 229

/**
 * A press as shortcuts name it, with every reading of it, the likeliest first: "z", "mod+shift+z", "]", "Escape",
 * "shift+ArrowLeft", "Space", "@KeyZ". `mod` is ⌘ on a Mac, else Ctrl. None while an input method composes.
 */
export function presses(event: KeyPress, onMac = ON_MAC): string[] {
  if (composes(event)) return []
  const altGr = event.getModifierState('AltGraph') || (onMac && event.altKey)
  return [...readings(event, altGr), ...(event.code ? [`@${event.code}`] : [])].map((key) => {
    const typed = key.length === 1 && !/[a-z]/.test(key)
    const held = [
      (onMac ? event.metaKey : event.ctrlKey && !altGr) && 'mod',
      (onMac ? event.ctrlKey : event.metaKey) && 'other',
      event.altKey && !(altGr && typed) && 'alt',
      event.shiftKey && !typed && 'shift',
    ]
    return [...held.filter(Boolean), key].join('+')
  })
}

function readings({ key, code, shiftKey }: KeyPress, altGr: boolean): string[] {
  if (key === ' ') return ['Space']
  const place = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase() ?? BY_PLACE[code]?.[shiftKey ? 1 : 0]
  const digit = shiftKey || altGr ? undefined : /^Digit(\d)$/.exec(code)?.[1]
  if (FOREIGN.test(key)) return [place ?? digit ?? key]
  if (key.length > 1) return [key]
  const typed = key.toLowerCase()
  return digit && digit !== typed ? [typed, digit] : [typed]
}

/**
 * A handler for an element's own keys, by their names as above. What it takes nobody else hears of; `false` lets the
 * press pass on.
 */
export const ownKeys =
  (keys: Record<string, (event: ReactKeyboardEvent) => unknown>) =>
  (event: ReactKeyboardEvent): void => {
    const run = presses(event.nativeEvent)
      .map((press) => keys[press])
      .find(Boolean)
    if (!run || run(event) === false) return
    event.preventDefault()
    event.stopPropagation()
  }
