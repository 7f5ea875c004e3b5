import { isShortcutId } from '@/ui/keymap'
import { CONTRASTS, THEMES, type Settings, type SettingsStore } from '@/ui/stores/settings'
import * as v from 'valibot'

const KEY = 'inlay-settings'
/** Where what scrolling does was kept before there were other settings. */
const OLD_WHEEL = 'inlay-wheel'

const Wheel = v.picklist(['auto', 'zoom', 'pan'])
/** What is not understood, say of a later version, is left out; the rest holds. */
const Remembered = v.object({
  theme: v.fallback(v.picklist(THEMES), 'system'),
  contrast: v.fallback(v.picklist(CONTRASTS), 'system'),
  wheel: v.fallback(Wheel, 'auto'),
  resultsLimit: v.fallback(v.nullable(v.pipe(v.number(), v.minValue(1e8))), null),
  keys: v.fallback(v.record(v.string(), v.array(v.string())), {}),
})

/** The settings of this browser. */
export function recallSettings(): Partial<Settings> {
  try {
    const kept = localStorage.getItem(KEY)
    if (kept === null) return { wheel: v.parse(v.fallback(Wheel, 'auto'), localStorage.getItem(OLD_WHEEL)) }
    const { keys, ...rest } = v.parse(Remembered, JSON.parse(kept))
    return { ...rest, keys: Object.fromEntries(Object.entries(keys).filter(([id]) => isShortcutId(id))) }
  } catch {
    return {}
  }
}

/** Remembers them whenever they change. */
export function rememberSettings(settings: SettingsStore): void {
  settings.subscribe((state) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(state))
      localStorage.removeItem(OLD_WHEEL)
    } catch {
      // Private windows may forbid it; they then last as long as the page.
    }
  })
}
