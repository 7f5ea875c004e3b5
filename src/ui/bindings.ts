/** Keys as somebody has bound them, and how keyboards print them. */
import { isFixed, isShortcutId, KEYMAP, type ShortcutId } from '@/ui/keymap'
import { MOD, ON_MAC } from '@/ui/platform'

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
const KEPT = new Map([
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
  if (kept) return kept
  return whileTyping && typesText(readings[0])
    ? `It works while you type, so it needs ${MOD} or Alt beside the key.`
    : null
}

const NAMES: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Escape: 'Esc',
  PageUp: 'Page up',
  PageDown: 'Page down',
  mod: MOD,
  other: ON_MAC ? 'Ctrl' : 'Win',
  alt: ON_MAC ? '⌥' : 'Alt',
  shift: 'Shift',
}

/** A press as keyboards print it, key by key: "mod+shift+z" is Ctrl, Shift, Z. */
export function printed(press: string): string[] {
  const [, held, key] = /^((?:(?:mod|other|alt|shift)\+)*)(.+)$/.exec(press) ?? ['', '', press]
  const place = /^@(?:Key|Digit)?(.+)$/.exec(key)?.[1]
  const last = place ? `place of ${place}` : (NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key))
  return [
    ...held
      .split('+')
      .filter(Boolean)
      .map((name) => NAMES[name]),
    last,
  ]
}

/** For tooltips: "Ctrl+Shift+Z"; empty where nothing is bound. */
export function printedKeys(id: ShortcutId, bound: Bindings): string {
  const [first] = keysOf(id, bound)
  return first === undefined ? '' : printed(first).join('+')
}
