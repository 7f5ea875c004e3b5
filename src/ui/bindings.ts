/** Keys as somebody has bound them, and how keyboards print them. */
import { isFixed, isShortcutId, KEYMAP, type ShortcutId } from '@/ui/keymap'
import { ON_MAC } from '@/ui/platform'
import { say, type PlainMessage } from '@/words/say'

/** What differs from the keymap; presses as ui/keys names them. */
export type Bindings = { readonly [id in ShortcutId]?: readonly string[] }

const IDS = Object.keys(KEYMAP).filter(isShortcutId)

export const keysOf = (id: ShortcutId, bound: Bindings): readonly string[] => bound[id] ?? KEYMAP[id]

/** Who hears a press already, by any of its readings; null where nobody does. */
export const ownerOf = (readings: readonly string[], bound: Bindings): ShortcutId | null =>
  IDS.find((id) => keysOf(id, bound).some((press) => readings.includes(press))) ?? null

/** With one press, or none, for a shortcut; whoever else had one of the press's readings goes without it. */
export function rebound(
  bound: Bindings,
  id: ShortcutId,
  press: string | null,
  readings: readonly string[] = [],
): Bindings {
  const next: { [id in ShortcutId]?: readonly string[] } = { ...bound }
  for (const other of IDS) {
    const keys = keysOf(other, bound)
    if (keys.some((key) => readings.includes(key)))
      next[other] = keys.filter((key) => !readings.includes(key))
  }
  next[id] = press === null ? [] : [press]
  return next
}

/**
 * With a shortcut's own keys again. Where another has one of them meanwhile, that one goes without it.
 */
export function restored(bound: Bindings, id: ShortcutId): Bindings {
  const { [id]: _, ...rest } = rebound(bound, id, null, KEYMAP[id])
  return rest
}

/** Letters that every field and every browser has a use for with Ctrl or ⌘. */
const KEPT = new Map<string, PlainMessage>([
  ...['w', 't', 'n', 'q', 'shift+w', 'shift+t', 'shift+n', 'Tab', 'shift+Tab'].map(
    (key) => [`mod+${key}`, 'The browser keeps it for itself.'] as const,
  ),
  ...['c', 'v', 'x', 'a'].map((key) => [`mod+${key}`, 'It copies, pastes and selects.'] as const),
  ...['Tab', 'shift+Tab', 'Enter', 'Space'].map((key) => [key, 'Buttons and fields need it.'] as const),
  ...IDS.filter(isFixed).flatMap((id) => KEYMAP[id].map((key) => [key, 'What it does is fixed.'] as const)),
])

/** Whether a press writes or deletes where somebody types. */
export const typesText = (press: string): boolean =>
  /^(?:shift\+)?(?:.|@.+|Space|Enter|Backspace|Delete)$/u.test(press)

/** Why a press cannot be bound to a shortcut, which may be one that works while somebody types; null where it can. */
export function refusal(readings: readonly string[], whileTyping: boolean): string | null {
  const kept = readings.map((press) => KEPT.get(press)).find((why) => why !== undefined)
  if (kept) return say(kept)
  return whileTyping && typesText(readings[0])
    ? say('It works while you type, so it needs {key} or Alt beside the key.', { key: keyName('mod') })
    : null
}

/** What is on keys everywhere. */
const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  alt: ON_MAC ? '⌥' : 'Alt',
  ...(ON_MAC ? { mod: '⌘' } : { other: 'Win' }),
}
/** What keyboards of each language have on them. */
const NAMES: Readonly<Record<string, PlainMessage>> = {
  Delete: 'Del',
  PageUp: 'Page up',
  PageDown: 'Page down',
  Enter: 'Enter',
  Space: 'Space',
  Backspace: 'Backspace',
  Home: 'Home|key',
  End: 'End|key',
  [ON_MAC ? 'other' : 'mod']: 'Ctrl',
  shift: 'Shift',
}

/** A key's name on the user's keyboard; `mod` is what holds shortcuts together, Ctrl or ⌘. */
export function keyName(key: string): string {
  if (Object.hasOwn(NAMES, key)) return say(NAMES[key])
  return SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key)
}

/** A press as keyboards print it, key by key: "mod+shift+z" is Ctrl, Shift, Z. */
export function printed(press: string): string[] {
  const [, held, key] = /^((?:(?:mod|other|alt|shift)\+)*)(.+)$/.exec(press) ?? ['', '', press]
  const place = /^@(?:Key|Digit)?(.+)$/.exec(key)?.[1]
  const last = place ? say('place of {key}', { key: place }) : keyName(key)
  return [...held.split('+').filter(Boolean).map(keyName), last]
}

/** For tooltips: "Ctrl+Shift+Z"; empty where nothing is bound. */
export function printedKeys(id: ShortcutId, bound: Bindings): string {
  const [first] = keysOf(id, bound)
  return first === undefined ? '' : printed(first).join('+')
}
